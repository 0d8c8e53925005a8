"""The form of the page: pictures, a style, how it shall look, and what is said before anything is sent."""

import io
from functools import partial
from pathlib import Path

import httpx
import pytest
from PIL import Image
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from bot.pictures import heic
from tests.browser.page import DAY, Page, Shoot, asked, mentions
from tests.fakes.mastodon.faults import Fault, Rule
from tests.sandboxes import Sandbox, picture, running

Pictures = tuple[Path, Path]


def last_mention(sandbox: Sandbox) -> object:
    return sandbox.client(sandbox.access.bot_token).notifications(types=["mention"], limit=1)[0].status


def test_two_pictures_are_swapped_described_and_posted_with_what_was_chosen(
    sandbox: Sandbox, chromium: Chrome, pictures: Pictures, shoot: Shoot
) -> None:
    page = Page(chromium, sandbox.url)
    page.attach("photo", pictures[1])
    page.attach("painting", pictures[0])
    page.type("#photos .alt", "gold and blue")
    page.click("#swap")
    page.type("#photos .alt", "a green hill")
    page.slide("#strength", 80)
    page.slide("#strokes", 4)
    page.click("#wishes input[value=keep_colours]")
    page.type("#words", "in large")
    page.sees("#saying", "@stylesmith strength 80, strokes=2, keep my colours, in large")
    shoot("page-composing")
    page.click("#send")
    page.sees(".thread .said", "strength 80, strokes=2, keep my colours, in large")
    page.sees(".state", "waiting for the bot")

    status = last_mention(sandbox)
    assert [m.description for m in status.media_attachments] == ["a green hill", "gold and blue"]  # type: ignore[attr-defined]  # Mastodon.py
    assert page.all(".tile.full") == []
    assert page.console_errors() == []


def test_one_photo_and_a_style_by_its_thumbnail_are_enough(sandbox: Sandbox, chromium: Chrome, shoot: Shoot) -> None:
    page = Page(chromium, sandbox.url)
    page.click(".pick[data-name=coffee]")
    page.until(lambda: page.all("#photos .full"))
    page.click("input[name=house][value=great-wave]")
    page.until(lambda: page.value("document.querySelector('#paintings .picked img')?.naturalWidth"))
    shoot("page-style-picked")
    page.click("#send")
    page.until(lambda: mentions(sandbox))

    status = last_mention(sandbox)
    assert mentions(sandbox)[0].endswith("great wave")
    assert [m.description for m in status.media_attachments] == ["A cup of coffee"]  # type: ignore[attr-defined]  # Mastodon.py


def test_a_painting_of_ones_own_takes_the_place_of_a_style_that_was_picked(
    sandbox: Sandbox, chromium: Chrome, pictures: Pictures
) -> None:
    page = Page(chromium, sandbox.url)
    page.attach("photo", pictures[0])
    page.click("input[name=house][value=harvest]")
    page.sees("#saying", "harvest")
    page.attach("painting", pictures[1])
    page.until(lambda: page.all("#saying") == ["@stylesmith"])
    page.click("input[name=house][value=harvest]")
    page.until(lambda: page.all("#paintings .full") == [])
    page.sees("#saying", "harvest")


SEVERAL = {
    "a blend": (1, 2, "", "@stylesmith"),
    "a series in one painting": (3, 1, "", "@stylesmith all of these in the last one"),
    "a series in a style": (2, 0, "harvest", "@stylesmith harvest, each of these"),
    "a series by surprise": (2, 0, "", "@stylesmith surprise me, each of these"),
}


@pytest.mark.parametrize("case", SEVERAL)
def test_several_pictures_say_what_they_are_for(
    sandbox: Sandbox, chromium: Chrome, pictures: Pictures, case: str
) -> None:
    photos, paintings, house, says = SEVERAL[case]
    page = Page(chromium, sandbox.url)
    page.attach("photo", *[pictures[0]] * photos)
    if paintings:
        page.attach("painting", *[pictures[1]] * paintings)
    if house:
        page.click(f"input[name=house][value={house}]")
    page.until(lambda: page.all("#saying") == [says])


def test_a_dream_is_asked_for_with_its_layer(
    sandbox: Sandbox, chromium: Chrome, pictures: Pictures, shoot: Shoot
) -> None:
    page = Page(chromium, sandbox.url)
    assert page.value("document.querySelector('#layers').hidden")
    page.attach("photo", pictures[0])
    page.click("input[name=kind][value=dream]")
    page.click("input[name=layer][value=eyes]")
    shoot("page-dream")
    page.click("#send")
    page.until(lambda: mentions(sandbox))
    assert mentions(sandbox)[0].endswith("dream of eyes")


def test_a_picture_is_dragged_from_the_desk_onto_its_side(
    sandbox: Sandbox, chromium: Chrome, pictures: Pictures, shoot: Shoot
) -> None:
    page = Page(chromium, sandbox.url)
    for side, path in (("painting", pictures[1]), ("photo", pictures[0])):
        page.drag(path, f"#{side}s .tile", lambda: shoot("page-dragging"))
        page.until(partial(page.value, f"document.querySelectorAll('#{side}s .full').length === 1"))
    assert page.value("location.pathname") == "/"


def test_a_file_dropped_beside_the_form_is_taken_and_does_not_replace_the_page(
    sandbox: Sandbox, chromium: Chrome, pictures: Pictures
) -> None:
    page = Page(chromium, sandbox.url)
    page.drag(pictures[0], "#threads")
    page.until(lambda: len(page.all("#photos .full")) == 1)


# What is wrong is said before it is sent.


def test_nothing_is_sent_when_nothing_is_chosen(sandbox: Sandbox, chromium: Chrome, pictures: Pictures) -> None:
    page = Page(chromium, sandbox.url)
    page.click("#send")
    page.sees("#message.bad", "Choose a photo first.")
    assert page.value("document.activeElement.id") == "file-photo"
    page.attach("painting", pictures[1])
    page.until(lambda: page.all("#message") == [""])
    page.click("#send")
    page.sees("#message.bad", "Choose a photo, too.")
    assert mentions(sandbox) == []


def _wide() -> bytes:
    return picture(size=(700, 20))


ODD = [
    ("words.png", b"these are only words", "words.png is not a picture"),
    ("cut.jpg", DAY[:40].replace(b"\x89PNG", b"\xff\xd8\xff\xe0"), "cut.jpg is not a picture"),
    ("logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "logo.svg is SVG, which the bot cannot read"),
    ("scan.pdf", b"%PDF-1.7" + bytes(100), "scan.pdf is PDF, which the bot cannot read"),
    ("film.mp4", b"\0\0\0\x18ftypisom" + bytes(100), "film.mp4 is MP4"),
    ("strip.png", _wide(), "too long and thin"),
    ("dot.png", picture(size=(9, 9)), "smaller than 16 pixels"),
    ("huge.png", DAY + bytes(17 << 20), "larger than 16 MB"),
]


@pytest.mark.parametrize("odd", ODD, ids=[name for name, _, _ in ODD])
def test_a_file_that_cannot_be_painted_is_refused_by_name(
    sandbox: Sandbox, chromium: Chrome, pictures: Pictures, tmp_path: Path, odd: tuple[str, bytes, str]
) -> None:
    name, data, words = odd
    (tmp_path / name).write_bytes(data)
    page = Page(chromium, sandbox.url)
    assert words in page.offer("photo", tmp_path / name)
    assert page.all("#photos .full") == []
    page.attach("photo", pictures[0])
    assert page.all("#message") == [""], "the complaint went with the next good choice"


@pytest.mark.parametrize("brand", [b"heic", b"mif1"])
def test_a_picture_from_a_phone_is_sent_and_shown(
    sandbox: Sandbox, chromium: Chrome, pictures: Pictures, tmp_path: Path, brand: bytes
) -> None:
    data = heic.SAMPLE.read_bytes()
    (tmp_path / "phone.heic").write_bytes(data[:8] + brand + data[12:])
    page = Page(chromium, sandbox.url)
    if not heic.is_installed():
        assert "phone.heic is HEIC" in page.offer("photo", tmp_path / "phone.heic")
        return
    page.attach("photo", tmp_path / "phone.heic")
    page.attach("painting", pictures[0])
    page.click("#send")
    page.until(lambda: mentions(sandbox))
    photo, _ = last_mention(sandbox).media_attachments  # type: ignore[attr-defined]  # Mastodon.py
    assert photo.type == "image"
    shown = httpx.get(photo.preview_url, trust_env=False, follow_redirects=True)
    assert shown.headers["content-type"] == "image/jpeg"


def test_more_pixels_than_the_bot_reads_are_said_before_they_are_sent(
    sandbox: Sandbox, chromium: Chrome, tmp_path: Path
) -> None:
    file = io.BytesIO()
    Image.new("1", (8000, 5200)).save(file, "PNG")
    (tmp_path / "map.png").write_bytes(file.getvalue())
    page = Page(chromium, sandbox.url)
    assert "more than 40 megapixels" in page.offer("photo", tmp_path / "map.png")


def test_a_fifth_picture_and_a_second_painting_of_a_series_are_refused(
    sandbox: Sandbox, chromium: Chrome, pictures: Pictures
) -> None:
    page = Page(chromium, sandbox.url)
    page.attach("photo", pictures[0], pictures[0])
    page.attach("painting", pictures[1])
    assert "one painting" in page.offer("painting", pictures[1])
    page.attach("photo", pictures[0])
    assert "At most 4" in page.offer("photo", pictures[0])


# One wish is one wish, and nothing typed is lost.


def test_asking_twice_at_once_is_one_wish(sandbox: Sandbox, chromium: Chrome, pictures: Pictures) -> None:
    page = Page(chromium, sandbox.url)
    page.attach("photo", pictures[0])
    page.value(
        "((send) => { send.click(); send.click(); send.form.requestSubmit(); })(document.querySelector('#send'))"
    )
    page.sees("#message", "Asked")
    page.until(lambda: len(page.all(".thread")) == 1)
    assert len(mentions(sandbox)) == 1


def test_a_wish_whose_answer_was_lost_is_not_made_twice(sandbox: Sandbox, chromium: Chrome, pictures: Pictures) -> None:
    sandbox.misbehave(Rule(do=Fault.ERROR_AFTER, times=1))
    page = Page(chromium, sandbox.url)
    page.attach("photo", pictures[0])
    page.click("#send")
    page.sees("#message.bad", "answered 503")
    page.click("#send")
    page.sees("#message", "Asked")
    assert len(mentions(sandbox)) == 1


def test_what_was_typed_and_picked_survives_a_reload(sandbox: Sandbox, chromium: Chrome) -> None:
    mention = asked(sandbox, DAY)
    page = Page(chromium, sandbox.url)
    page.type("#words", "like a dream of mine")
    page.slide("#strength", 20)
    page.click("#wishes input[value=protect_faces]")
    page.click("input[name=house][value=harvest]")
    page.until(lambda: page.all(".reply input[type=text]"))
    page.type(".reply input[type=text]", "and one more thing")
    before = page.all("#saying")
    page.browser.refresh()
    page.until(lambda: page.all("#saying") == before)
    page.until(lambda: page.value("document.querySelector('.reply input')?.value") == "and one more thing")
    assert page.value("document.querySelector('#words').value") == "like a dream of mine"
    assert mention


def test_a_server_that_is_gone_is_said_and_what_was_asked_can_be_sent_later(
    chromium: Chrome, pictures: Pictures, tmp_path: Path, shoot: Shoot
) -> None:
    with running(tmp_path) as first:
        port = int(first.url.rsplit(":", 1)[1])
        page = Page(chromium, first.url)
        page.attach("photo", pictures[0])
        page.type("#words", "subtle")
    page.sees("#trouble", "The sandbox does not answer")
    page.click("#send")
    page.sees("#message.bad", "Not sent")
    shoot("page-server-gone")
    with running(tmp_path, port=port) as second:
        page.until(lambda: page.all("#trouble") == [""])
        page.click("#send")
        page.sees("#message", "Asked")
        page.sees(".thread .said", "subtle")
        assert len(mentions(second)) == 1


def test_an_empty_page_says_that_one_photo_is_enough(sandbox: Sandbox, chromium: Chrome) -> None:
    page = Page(chromium, sandbox.url)
    page.sees("#empty", "one photo away")
    assert chromium.find_element(By.ID, "empty").is_displayed()


def test_a_chinese_browser_reads_and_speaks_chinese(sandbox: Sandbox, chromium: Chrome, pictures: Pictures) -> None:
    page = Page(chromium, sandbox.url, language="zh-CN,zh;q=0.9,en;q=0.5")
    page.sees("#send", "请它画")
    page.attach("photo", pictures[0])
    page.click("input[name=house][value=harvest]")
    page.click("#wishes input[value=keep_colours]")
    page.slide("#strength", 80)
    page.until(lambda: page.all("#saying") == ["@stylesmith 巨浪、强度80、保留颜色"])
    page.click("#send")
    page.sees(".state", "等待机器人")
    assert last_mention(sandbox).language == "zh"  # type: ignore[attr-defined]  # Mastodon.py
    assert page.value("document.documentElement.lang") == "zh-CN"
    assert page.value(
        "document.body.innerText.match(/[a-z]{3,}/gi).filter((w) => !/style|smith|you|now/i.test(w)).length < 12"
    )
