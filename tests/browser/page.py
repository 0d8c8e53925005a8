"""The page in a browser, and the pictures and answers that its tests show it."""

import io
from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageDraw
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from bot.platforms.mastodon.adapter import MastodonPlatform
from bot.platforms.mastodon.html import plain
from bot.posts import Painting, Reply
from tests.sandboxes import Sandbox

WAIT_S = 20
Shoot = Callable[[str], None]


def landscape(sky: tuple[int, int, int], hill: tuple[int, int, int], kind: str = "PNG") -> bytes:
    """A picture that can be told from others."""
    image = Image.new("RGB", (640, 480), sky)
    draw = ImageDraw.Draw(image)
    draw.ellipse((420, 60, 520, 160), fill=(250, 230, 160))
    draw.polygon([(0, 480), (180, 220), (330, 380), (480, 260), (640, 480)], fill=hill)
    file = io.BytesIO()
    image.save(file, kind)
    return file.getvalue()


DAY = landscape((150, 190, 230), (70, 120, 80))
NIGHT = landscape((30, 40, 110), (210, 150, 50))
PAINTED = landscape((40, 50, 120), (200, 150, 60))


class Page:
    """The page in a window of a given size."""

    def __init__(
        self, browser: Chrome, url: str, size: tuple[int, int] = (1280, 1000), *, language: str = "en"
    ) -> None:
        self.browser = browser
        browser.get("about:blank")
        self.console_errors()
        width, height = size
        self.cdp(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 500
        )
        self.cdp("Emulation.setUserAgentOverride", userAgent="Chromium in a test", acceptLanguage=language)
        browser.get(url)
        self.until(lambda: self.value("document.readyState") == "complete")

    def cdp(self, command: str, **values: object) -> None:
        """One command of the Chrome DevTools Protocol."""
        self.browser.execute_cdp_cmd(command, values)

    def until(self, truth: Callable[[], object]) -> None:
        WebDriverWait(self.browser, WAIT_S, poll_frequency=0.1).until(lambda _: truth())

    def all(self, selector: str) -> list[str]:
        """The texts of what a selector finds, read in one step: the page changes all the time."""
        script = "return [...document.querySelectorAll(arguments[0])].map((e) => e.innerText)"
        texts: list[str] = self.browser.execute_script(script, selector)
        return texts

    def sees(self, selector: str, text: str) -> None:
        self.until(lambda: any(text.lower() in found.lower() for found in self.all(selector)))

    def attach(self, side: str, *paths: Path) -> None:
        """Files for one side of the form: `photo` or `painting`."""
        before = len(self.all(f"#{side}s .full"))
        self.browser.find_element(By.ID, f"file-{side}").send_keys("\n".join(map(str, paths)))
        self.until(lambda: len(self.all(f"#{side}s .full")) == before + len(paths))

    def offer(self, side: str, path: Path) -> str:
        """A file that is complained of; what the page says."""
        self.browser.find_element(By.ID, f"file-{side}").send_keys(str(path))
        self.until(lambda: self.all("#message.bad") != [] and self.all("#message.bad") != [""])
        return self.all("#message.bad")[0]

    def click(self, selector: str) -> None:
        self.until(lambda: self.value(f"document.querySelector({selector!r})"))
        self.browser.execute_script("document.querySelector(arguments[0]).click()", selector)

    def type(self, selector: str, text: str) -> None:
        self.browser.find_element(By.CSS_SELECTOR, selector).send_keys(text)

    def slide(self, selector: str, value: int) -> None:
        script = """const input = document.querySelector(arguments[0]); input.value = arguments[1];
        input.dispatchEvent(new Event("input", { bubbles: true }));"""
        self.browser.execute_script(script, selector, value)

    def drag(self, path: Path, selector: str, over: Callable[[], None] = lambda: None) -> None:
        """A file dragged by the mouse from outside the window onto an element; `over` is called above it."""
        script = "const b = document.querySelector(arguments[0]).getBoundingClientRect(); return [b.x + 9, b.y + 9]"
        x, y = self.browser.execute_script(script, selector)
        data = {"items": [], "files": [str(path)], "dragOperationsMask": 1}
        for event in ("dragEnter", "dragOver"):
            self.cdp("Input.dispatchDragEvent", type=event, x=x, y=y, data=data)
        over()
        self.cdp("Input.dispatchDragEvent", type="drop", x=x, y=y, data=data)

    def value(self, script: str) -> object:
        found: object = self.browser.execute_script(f"return {script}")
        return found

    def painted(self) -> None:
        """Waits until a painting is there, whole."""
        self.until(lambda: self.value("document.querySelector('.compare .after')?.naturalWidth"))

    def console_errors(self) -> list[str]:
        logs = self.browser.get_log("browser")  # type: ignore[no-untyped-call]  # selenium
        return [entry["message"] for entry in logs if entry["level"] == "SEVERE"]


def the_bot(sandbox: Sandbox) -> MastodonPlatform:
    return MastodonPlatform(sandbox.url, sandbox.access.bot_token)


def answer(sandbox: Sandbox, mention: str, *paintings: bytes, text: str = "Here it is.") -> str:
    """The bot's answer; its id."""
    made = tuple(Painting(data, "image/png", "A painted landscape with a sun.") for data in paintings)
    return the_bot(sandbox).post(Reply(mention, "you", text, f"reply-{mention}", made))


def asked(sandbox: Sandbox, *media: bytes, text: str = "@stylesmith subtle, please", alt: str = "a hill") -> str:
    """A mention by the page's person; its id."""
    files = [sandbox.you.media_post(data, "image/png", description=alt) for data in media]
    return str(sandbox.you.status_post(text, media_ids=files or None).id)


def mentions(sandbox: Sandbox) -> list[str]:
    """What the bot was told, in plain words, newest first."""
    found = sandbox.client(sandbox.access.bot_token).notifications(types=["mention"])
    return [plain(one.status.content) for one in found]
