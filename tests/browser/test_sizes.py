"""The page in every size, by day and by night."""

from functools import partial
from pathlib import Path

import pytest
from selenium.webdriver import Chrome

from tests.browser.page import DAY, NIGHT, PAINTED, Page, Shoot, answer, asked
from tests.sandboxes import Sandbox, picture

SIZES = [(1440, 900), (1366, 657), (1280, 720), (768, 1024), (390, 844)]
NAMES = [f"{width}x{height}" for width, height in SIZES]
BUTTON_IN_SIGHT = """(() => {
  const box = document.querySelector("#send").getBoundingClientRect();
  const [x, y] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
  return box.top >= 0 && box.bottom <= innerHeight && document.elementFromPoint(x, y)?.id === "send";
})()"""
CROPPED = """[...document.querySelectorAll("main img")].filter((image) => {
  if (!image.naturalWidth || image.src.includes("avatar")) return false;
  const [shown, real] = [image.clientWidth / image.clientHeight, image.naturalWidth / image.naturalHeight];
  const whole = ["contain", "scale-down"].includes(getComputedStyle(image).objectFit);
  return Math.abs(shown / real - 1) > 0.05 && !whole;
}).map((image) => image.className)"""
ASKEW = """[".top", "main"].filter((name) => {
  const { left, right, width } = document.querySelector(name).getBoundingClientRect();
  return Math.abs(left + right - innerWidth) > 2 || (name === ".top" && width !== innerWidth);
})"""
SMALL = """[...document.querySelectorAll("a, button, input, select, textarea, summary")].filter((target) => {
  const box = target.getBoundingClientRect();
  const shown = target.checkVisibility({ visibilityProperty: true }) && box.width > 1 && box.height > 1;
  return shown && !target.matches(".skip, [type=file]") && (box.height < 43.5 || box.width < 43.5);
}).map((target) => `${target.outerHTML.slice(0, 90)} ${target.getBoundingClientRect().height}`)"""


def by(chromium: Chrome, scheme: str) -> None:
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    chromium.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})


@pytest.mark.parametrize("size", SIZES, ids=NAMES)
@pytest.mark.parametrize("scrolled", [False, True], ids=["at the top", "far down"])
def test_the_button_to_ask_is_always_in_sight(
    sandbox: Sandbox, chromium: Chrome, pictures: tuple[Path, Path], size: tuple[int, int], scrolled: bool
) -> None:
    for _ in range(4):
        asked(sandbox, *[picture(size=(400, 300))] * 2)
    page = Page(chromium, sandbox.url, size)
    page.until(lambda: len(page.all(".thread")) >= 4)
    page.attach("photo", pictures[0])
    page.attach("painting", pictures[1], pictures[1])
    page.value(f"(scrollTo(0, {10000 if scrolled else 0}), 1)")
    page.until(lambda: page.value(BUTTON_IN_SIGHT))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES, ids=NAMES)
def test_the_page_fits_every_window_by_day_and_by_night(
    sandbox: Sandbox, chromium: Chrome, shoot: Shoot, size: tuple[int, int], scheme: str
) -> None:
    asked(sandbox, DAY, text=f"@stylesmith {'averyveryverylongword' * 12}")
    answer(sandbox, asked(sandbox, DAY, NIGHT), PAINTED)
    by(chromium, scheme)
    page = Page(chromium, sandbox.url, size)
    page.painted()
    shoot(f"page-{size[0]}x{size[1]}-{scheme}")
    assert page.value("document.documentElement.scrollWidth") == size[0]
    page.value("(document.querySelector('.painting').scrollIntoView(), 1)")
    shoot(f"thread-{size[0]}x{size[1]}-{scheme}")
    assert page.console_errors() == []


@pytest.mark.parametrize("size", SIZES, ids=NAMES)
def test_every_view_has_its_header_across_the_window_and_its_content_in_the_middle(
    sandbox: Sandbox, chromium: Chrome, shoot: Shoot, size: tuple[int, int]
) -> None:
    reply = answer(sandbox, asked(sandbox, DAY, NIGHT), PAINTED)
    for address in ("", "/gallery", f"/@stylesmith/{reply}"):
        page = Page(chromium, sandbox.url + address, size)
        page.until(partial(page.value, "document.querySelector('main img')?.naturalWidth"))
        shoot(f"view{address.split('/')[-1][:8]}-{size[0]}x{size[1]}")
        assert page.value(ASKEW) == []
        assert page.value("document.documentElement.scrollWidth") == size[0]


@pytest.mark.parametrize("size", SIZES, ids=NAMES)
def test_pictures_are_shown_whole(
    sandbox: Sandbox, chromium: Chrome, pictures: tuple[Path, Path], size: tuple[int, int]
) -> None:
    tall, wide = picture(size=(300, 700)), picture((20, 90, 160), (700, 300))
    answer(sandbox, asked(sandbox, tall, wide), picture((9, 9, 9), (220, 512)))
    page = Page(chromium, sandbox.url, size)
    page.painted()
    page.attach("photo", pictures[0])
    page.click("input[name=house][value=harvest]")
    assert page.value(CROPPED) == []
    Page(chromium, f"{sandbox.url}/gallery", size)
    page.until(lambda: page.value("document.querySelector('.work .large')?.naturalWidth"))
    assert page.value(CROPPED) == []
    page.click(".work")
    page.painted()
    assert page.value(CROPPED) == []


def test_every_target_is_large_enough_for_a_finger(
    sandbox: Sandbox, chromium: Chrome, pictures: tuple[Path, Path], shoot: Shoot
) -> None:
    asked(sandbox, DAY)
    answer(sandbox, asked(sandbox, DAY, NIGHT), PAINTED)
    page = Page(chromium, sandbox.url, (390, 844))
    page.painted()
    page.attach("photo", pictures[0])
    page.attach("painting", pictures[1])
    page.click("input[name=kind][value=dream]")
    shoot("page-390-filled")
    assert page.value(SMALL) == []
    page.click(".act[data-says=delete]")
    assert page.value(SMALL) == []
    Page(chromium, f"{sandbox.url}/gallery", (390, 844))
    page.click(".work")
    page.painted()
    shoot("gallery-viewer-390")
    assert page.value(SMALL) == []
