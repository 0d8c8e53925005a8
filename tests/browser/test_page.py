"""The sandbox page as a person uses it: ask, watch, compare, answer."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
import redis
from PIL import Image, ImageDraw
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from bot.platforms.mastodon.adapter import MastodonPlatform
from bot.posts import Painting, Reply
from bot.queue.rq import RqRenders
from tests.sandboxes import Sandbox, picture
from worker.contract import Progress, RenderJob, lease_key, progress_key
from worker.contract.blobs import RedisBlobs

WAIT_S = 20
Shoot = Callable[[str], None]


def landscape(edge: tuple[int, int, int], hill: tuple[int, int, int], kind: str = "PNG") -> bytes:
    """A picture that can be told from others."""
    image = Image.new("RGB", (640, 480), edge)
    draw = ImageDraw.Draw(image)
    draw.ellipse((420, 60, 520, 160), fill=(250, 230, 160))
    draw.polygon([(0, 480), (180, 220), (330, 380), (480, 260), (640, 480)], fill=hill)
    file = io.BytesIO()
    image.save(file, kind)
    return file.getvalue()


@pytest.fixture
def pictures(tmp_path: Path) -> tuple[Path, Path]:
    photo, style = tmp_path / "photo.png", tmp_path / "style.png"
    photo.write_bytes(landscape((150, 190, 230), (70, 120, 80)))
    style.write_bytes(landscape((30, 40, 110), (210, 150, 50)))
    return photo, style


class Page:
    """The page in a window of a given size."""

    def __init__(self, browser: Chrome, url: str, width: int = 1280, height: int = 1000) -> None:
        self.browser = browser
        browser.get("about:blank")
        self.console_errors()
        browser.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500},
        )
        browser.get(url)
        self.until(lambda: self.all("#slots li"))

    def until(self, truth: Callable[[], object]) -> None:
        WebDriverWait(self.browser, WAIT_S, poll_frequency=0.1).until(lambda _: truth())

    def all(self, selector: str) -> list[str]:
        """The texts of what a selector finds, read in one step: the page changes all the time."""
        script = "return [...document.querySelectorAll(arguments[0])].map((e) => e.innerText)"
        texts: list[str] = self.browser.execute_script(script, selector)
        return texts

    def sees(self, selector: str, text: str) -> None:
        self.until(lambda: any(text.lower() in found.lower() for found in self.all(selector)))

    def attach(self, index: int, path: Path) -> None:
        self.browser.find_element(By.ID, f"file-{index}").send_keys(str(path))
        self.until(
            lambda: "full" in str(self.browser.find_elements(By.CSS_SELECTOR, ".slot")[index].get_attribute("class"))
        )

    def click(self, selector: str) -> None:
        self.browser.execute_script("document.querySelector(arguments[0]).click()", selector)

    def type(self, selector: str, text: str) -> None:
        self.browser.find_element(By.CSS_SELECTOR, selector).send_keys(text)

    def value(self, script: str) -> object:
        found: object = self.browser.execute_script(f"return {script}")
        return found

    def console_errors(self) -> list[str]:
        logs = self.browser.get_log("browser")  # type: ignore[no-untyped-call]  # selenium
        return [entry["message"] for entry in logs if entry["level"] == "SEVERE"]


def answer(sandbox: Sandbox, bot: MastodonPlatform, mention: str, *paintings: bytes, text: str = "Here it is.") -> str:
    made = tuple(Painting(data, "image/png", "A painted landscape with a sun.") for data in paintings)
    return bot.post(Reply(mention, "you", text, f"reply-{mention}", made))


def the_bot(sandbox: Sandbox) -> MastodonPlatform:
    return MastodonPlatform(sandbox.url, sandbox.access.bot_token)


def asked(sandbox: Sandbox, *media: bytes, text: str = "@stylesmith subtle, please", alt: str = "a hill") -> str:
    files = [sandbox.you.media_post(data, "image/png", description=alt) for data in media]
    return str(sandbox.you.status_post(text, media_ids=files or None).id)


def test_two_pictures_are_swapped_described_and_posted_with_words(
    sandbox: Sandbox, chromium: Chrome, pictures: tuple[Path, Path], shoot: Shoot
) -> None:
    page = Page(chromium, sandbox.url)
    page.attach(0, pictures[1])
    page.attach(1, pictures[0])
    page.type(".slot:nth-child(1) .alt", "gold and blue")
    page.click("#swap")
    page.type(".slot:nth-child(1) .alt", "a green hill")
    page.click("#chips button:nth-child(1)")
    page.click("#chips button:nth-child(3)")
    shoot("page-composing")
    page.click("#send")
    page.sees(".thread .said", "subtle, keep my colours")
    page.sees(".state", "waiting for the bot")

    [status] = sandbox.client(sandbox.access.bot_token).notifications(types=["mention"])
    assert [m.description for m in status.status.media_attachments] == ["a green hill", "gold and blue"]
    assert page.all(".slot.full") == []


def test_a_request_is_watched_from_the_queue_to_the_painting(
    sandbox: Sandbox, chromium: Chrome, queue_url: str, shoot: Shoot
) -> None:
    photo, style = landscape((150, 190, 230), (70, 120, 80)), landscape((30, 40, 110), (210, 150, 50))
    mention = asked(sandbox, photo, style)
    bot, page = the_bot(sandbox), Page(chromium, sandbox.url)
    with redis.Redis.from_url(queue_url) as connection:
        blobs, renders = RedisBlobs(connection), RqRenders(connection)
        for job in ("mastodon-other-0", f"mastodon-{mention}-0"):
            renders.submit(RenderJob(id=job, photo=blobs.put(photo), styles=(blobs.put(style),)), [])
        page.sees(".state", "number 2 in the queue")

        renders.discard("mastodon-other-0")
        page.sees(".state", "next in the queue")

        preview = blobs.put(landscape((60, 80, 150), (180, 140, 60), "JPEG"))
        progress = Progress(id=f"mastodon-{mention}-0", fraction=0.42, stage="256 px", remaining_s=8, preview=preview)
        connection.set(progress_key(progress.id), progress.model_dump_json())
        connection.set(lease_key(progress.id), "worker")
        page.sees(".state", "painting at 256 px")
        page.until(lambda: page.value("document.querySelector('.emerging')?.naturalWidth"))
        assert page.value("document.querySelector('.bar').getAttribute('aria-valuenow')") == "42"
        shoot("page-painting")

    answer(sandbox, bot, mention, landscape((40, 50, 120), (200, 150, 60)))
    page.until(lambda: page.value("document.querySelector('.compare .after')?.naturalWidth"))
    assert page.all(".state") == []
    assert page.console_errors() == []


def test_the_painting_is_compared_with_its_photo_by_keyboard(sandbox: Sandbox, chromium: Chrome, shoot: Shoot) -> None:
    photo, style = landscape((150, 190, 230), (70, 120, 80)), landscape((30, 40, 110), (210, 150, 50))
    answer(sandbox, the_bot(sandbox), asked(sandbox, photo, style), landscape((40, 50, 120), (200, 150, 60)))
    page = Page(chromium, sandbox.url)
    page.until(lambda: page.value("document.querySelector('.compare .before')?.naturalWidth"))
    slider = chromium.find_element(By.CSS_SELECTOR, ".compare input")
    for _ in range(30):
        slider.send_keys(Keys.ARROW_RIGHT)
    shoot("page-answered")

    assert page.value("document.querySelector('.compare').style.getPropertyValue('--at')") == "30%"
    assert page.value("document.querySelector('.compare .after').alt") == "A painted landscape with a sun."


@pytest.mark.parametrize("button", ["again", "delete", "help"])
def test_a_button_in_the_thread_answers_the_bot(sandbox: Sandbox, chromium: Chrome, button: str) -> None:
    reply = answer(sandbox, the_bot(sandbox), asked(sandbox, picture(), picture()), picture((1, 2, 3)))
    page = Page(chromium, sandbox.url)
    page.sees(".act", button)
    page.click(f".act[data-says={button}]")
    page.sees(".said", f"@stylesmith {button}")

    newest = sandbox.client(sandbox.access.bot_token).notifications(types=["mention"], limit=1)[0].status
    assert newest.in_reply_to_id == reply


def test_a_reply_that_is_deleted_leaves_the_page(sandbox: Sandbox, chromium: Chrome) -> None:
    bot = the_bot(sandbox)
    reply = answer(sandbox, bot, asked(sandbox, picture(), picture()), picture((1, 2, 3)))
    page = Page(chromium, sandbox.url)
    page.until(lambda: len(page.all(".post")) == 2)
    bot.delete(reply)
    page.until(lambda: len(page.all(".post")) == 1)
    assert page.all(".state") == []


def test_the_gallery_shows_photo_style_and_painting_and_opens_them_large(
    sandbox: Sandbox, chromium: Chrome, shoot: Shoot
) -> None:
    bot = the_bot(sandbox)
    for hill in ((70, 120, 80), (120, 80, 70), (90, 90, 140)):
        photo, style = landscape((150, 190, 230), hill), landscape((30, 40, 110), (210, 150, 50))
        answer(sandbox, bot, asked(sandbox, photo, style), landscape((40, 50, 120), hill))
    page = Page(chromium, sandbox.url)
    page.click("#show-gallery")
    page.until(lambda: page.value("[...document.querySelectorAll('.work .large')].every((i) => i.naturalWidth)"))
    shoot("gallery")
    assert len(page.all(".work")) == 3
    assert page.value("document.querySelectorAll('.work .parts img').length") == 6

    page.click(".work")
    page.until(lambda: page.value("document.querySelector('dialog').open"))


NASTY = "@stylesmith <script>window.hacked=1</script><img src=x onerror=window.hacked=1> \"'&lt; {{7*7}}"


def test_what_people_write_is_shown_and_never_run(sandbox: Sandbox, chromium: Chrome) -> None:
    person = sandbox.person("eve")
    file = person.media_post(
        b"<svg onload='window.hacked=1'/>", "image/svg+xml", description='"><script>window.hacked=1</script>'
    )
    person.account_update_credentials(display_name="<img src=x onerror=window.hacked=1>")
    person.status_post(NASTY, media_ids=[file], spoiler_text="<b onclick=1>")
    page = Page(chromium, sandbox.url)
    page.sees(".said", "<script>window.hacked=1</script>")
    page.sees(".warning", "<b onclick=1>")

    assert page.value("window.hacked === undefined")
    assert page.value("document.querySelectorAll('.thread script, .thread [onerror], .thread [onclick]').length") == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_fits_a_phone_and_a_desk_by_day_and_by_night(
    sandbox: Sandbox, chromium: Chrome, shoot: Shoot, width: int, scheme: str
) -> None:
    photo, style = landscape((150, 190, 230), (70, 120, 80)), landscape((30, 40, 110), (210, 150, 50))
    answer(sandbox, the_bot(sandbox), asked(sandbox, photo, style), landscape((40, 50, 120), (200, 150, 60)))
    asked(sandbox, photo, text=f"@stylesmith {'averyveryverylongword' * 12}")
    media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    chromium.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
    page = Page(chromium, sandbox.url, width, 1800 if width < 500 else 1000)
    page.until(lambda: page.value("document.querySelector('.compare .after')?.naturalWidth"))
    shoot(f"page-{width}-{scheme}")

    assert page.value("document.documentElement.scrollWidth") == width
    assert page.console_errors() == []


SIZES = [(1440, 900), (1366, 657), (1280, 720), (768, 1024), (390, 844)]


@pytest.mark.parametrize("size", SIZES, ids=[f"{w}x{h}" for w, h in SIZES])
@pytest.mark.parametrize("scrolled", [False, True], ids=["at the top", "far down"])
def test_the_button_to_ask_is_always_in_sight(
    sandbox: Sandbox, chromium: Chrome, pictures: tuple[Path, Path], size: tuple[int, int], scrolled: bool
) -> None:
    for _ in range(4):
        asked(sandbox, *[picture(size=(400, 300))] * 2)
    page = Page(chromium, sandbox.url, *size)
    page.until(lambda: len(page.all(".thread")) >= 4)
    page.attach(0, pictures[0])
    page.attach(1, pictures[1])
    page.click("#more")
    page.value(f"(scrollTo(0, {10000 if scrolled else 0}), 1)")
    visible = """(() => {
      const box = document.querySelector("#send").getBoundingClientRect();
      const [x, y] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
      return box.top >= 0 && box.bottom <= innerHeight && document.elementFromPoint(x, y)?.id === "send";
    })()"""
    page.until(lambda: page.value(visible))


def test_pictures_are_shown_whole(sandbox: Sandbox, chromium: Chrome, shoot: Shoot) -> None:
    tall, wide = picture(size=(300, 700)), picture((20, 90, 160), (700, 300))
    answer(sandbox, the_bot(sandbox), asked(sandbox, tall, wide), picture((9, 9, 9), (220, 512)))
    page = Page(chromium, sandbox.url, 1366, 657)
    page.until(lambda: page.value("document.querySelector('.compare .after')?.naturalWidth"))
    shoot("page-tall-and-wide")
    cropped = """[...document.querySelectorAll("main img:not(.rail img)")].filter((image) => {
      if (!image.naturalWidth) return false;
      const [shown, real] = [image.clientWidth / image.clientHeight, image.naturalWidth / image.naturalHeight];
      return Math.abs(shown - real) > 0.05 && !["contain", "scale-down"].includes(getComputedStyle(image).objectFit);
    }).map((image) => image.className)"""
    assert page.value(cropped) == []
