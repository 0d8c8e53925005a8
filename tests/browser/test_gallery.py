"""The gallery: a page of its own, with every painting and what it came from."""

from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.browser.page import DAY, NIGHT, Page, Shoot, answer, asked, landscape, the_bot
from tests.sandboxes import Sandbox

HILLS = ((70, 120, 80), (120, 80, 70), (90, 90, 140))


def filled(sandbox: Sandbox) -> list[str]:
    return [answer(sandbox, asked(sandbox, DAY, NIGHT), landscape((40, 50, 120), hill)) for hill in HILLS]


def test_the_gallery_has_an_address_a_heading_and_every_painting_with_its_photo_and_style(
    sandbox: Sandbox, chromium: Chrome, shoot: Shoot
) -> None:
    filled(sandbox)
    page = Page(chromium, f"{sandbox.url}/gallery")
    page.until(lambda: len(page.all(".work")) == 3)
    page.until(lambda: page.value("[...document.querySelectorAll('.work img')].every((i) => i.naturalWidth)"))
    shoot("gallery")
    assert page.all("main h1") == ["Gallery"]
    assert page.value("document.querySelectorAll('.work .parts img').length") == 6
    assert page.value("document.title") == "Gallery · Stylesmith"
    assert page.console_errors() == []


def test_a_painting_opens_large_and_back_closes_it(sandbox: Sandbox, chromium: Chrome, shoot: Shoot) -> None:
    filled(sandbox)
    page = Page(chromium, f"{sandbox.url}/gallery")
    page.click(".work")
    page.until(lambda: page.value("document.querySelector('#viewer').open"))
    page.painted()
    page.sees("#viewer .caption", "Here it is.")
    assert page.value("document.querySelectorAll('#viewer .tool').length") == 4
    address = str(page.value("location.href"))
    shoot("gallery-viewer")

    chromium.back()
    page.until(lambda: not page.value("document.querySelector('#viewer').open"))
    assert page.value("location.pathname") == "/gallery"

    Page(chromium, address)
    page.until(lambda: page.value("document.querySelector('#viewer').open"))
    chromium.find_element(By.CSS_SELECTOR, "body").send_keys(Keys.ESCAPE)
    page.until(lambda: not page.value("document.querySelector('#viewer').open"))
    assert page.value("location.hash") == ""


def test_what_is_deleted_leaves_the_gallery(sandbox: Sandbox, chromium: Chrome) -> None:
    replies = filled(sandbox)
    page = Page(chromium, f"{sandbox.url}/gallery")
    page.until(lambda: len(page.all(".work")) == 3)
    the_bot(sandbox).delete(replies[1])
    page.until(lambda: len(page.all(".work")) == 2)


def test_an_empty_gallery_says_so(sandbox: Sandbox, chromium: Chrome) -> None:
    page = Page(chromium, f"{sandbox.url}/gallery")
    page.sees("#empty", "No painting yet")
