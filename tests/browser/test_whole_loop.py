"""The page with a real bot and a real worker behind it: a wish is taken back, painted, filmed, and waits for a bot."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO

import httpx
import pytest
from PIL import Image
from selenium.webdriver import Chrome
from selenium.webdriver.support.ui import WebDriverWait

from bot.queue.redis_server import redis_server
from bot.queue.rq import RqQueue, connect
from bot.styles.catalogue import HOUSE
from tests import ROOT
from tests.browser.page import Page, Shoot
from tests.faults.processes import ManagedProcess
from tests.sandboxes import Sandbox, running

pytest.importorskip("torch", reason="a painting needs stylesmith[worker]")

_LIMIT_S = 400
"""For a small painting beside whatever else the machine does."""
_ANIMATION = "document.querySelector('.thread').querySelectorAll('.post.bot .after')[1]"
_STYLESMITH = [sys.executable, "-P", "-c", "from bot.cli import main; main()"]


@dataclass(frozen=True)
class Studio:
    """Sandbox, bot, worker and queue; bot and worker are not started."""

    sandbox: Sandbox
    bot: ManagedProcess
    worker: ManagedProcess
    queue: RqQueue

    def knows(self, mention: str) -> bool:
        """Whether a job of this mention waits or is painted."""
        return bool(self.queue.waiting(f"mastodon-{mention}-0").known)

    def answers(self) -> int:
        """Posts of the bot's."""
        bot = self.sandbox.client(self.sandbox.access.bot_token)
        return len(bot.account_statuses(bot.me().id))


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    folder = tmp_path_factory.mktemp("studio")
    (folder / "sandbox").mkdir()
    with redis_server(folder / "redis") as url, running(folder / "sandbox", url, styles=HOUSE) as sandbox:
        settings = {
            "STYLESMITH_REDIS_URL": url,
            "STYLESMITH_DATA_DIR": str(folder / "data"),
            "STYLESMITH_MASTODON_URL": sandbox.url,
            "STYLESMITH_MASTODON_TOKEN": sandbox.access.bot_token,
            "STYLESMITH_MASTODON_POLL_S": "1",
            "STYLESMITH_ALLOW_PRIVATE_HOSTS": "true",
            "STYLESMITH_LOG_LEVEL": "info",
            "STYLESMITH_QUOTA_10_MIN": "100",
            "STYLESMITH_BACKBONE": "lite",
            "STYLESMITH_DEVICE": "cpu",
            "PYTHONPATH": str(ROOT),
        }
        bot = ManagedProcess("bot", [*_STYLESMITH, "bot"], settings, folder / "bot.log")
        worker = ManagedProcess("worker", [*_STYLESMITH, "worker"], settings, folder / "worker.log")
        try:
            yield Studio(sandbox, bot, worker, RqQueue(connect(url)))
        finally:
            bot.kill()
            worker.kill()


@pytest.mark.timeout(1500)
def test_wishes_are_taken_back_painted_filmed_and_kept_for_a_bot_that_is_away(
    studio: Studio, chromium: Chrome, shoot: Shoot
) -> None:
    studio.bot.start()
    # What was said before a bot's first look is not for it.
    WebDriverWait(chromium, _LIMIT_S).until(lambda _: b"first look" in studio.bot.log.read_bytes())
    page = Page(chromium, studio.sandbox.url, (1366, 657))

    # Taken back while it waits for a worker.
    waiting = ask(page, studio, "mosaic", "size=256")
    patiently(page, lambda: studio.knows(waiting))
    page.sees(".state", "next in the queue")
    page.sees("#trouble", "no worker runs")
    shoot("loop-waiting")
    page.click(".cancel")
    page.until(lambda: page.all(".thread") == [])
    patiently(page, lambda: not studio.knows(waiting))

    # Taken back while it is painted; the worker stops at once and goes on with the next.
    studio.worker.start()
    painted = ask(page, studio, "starry-night", "size=1024")
    patiently(page, lambda: any("px" in line for line in page.all(".state .line")))
    page.until(lambda: page.all("#trouble") == [""])
    shoot("loop-painting")
    page.click(".cancel")
    page.until(lambda: page.all(".thread") == [])
    patiently(page, lambda: b"ended as cancelled" in studio.worker.log.read_bytes())
    patiently(page, lambda: not studio.knows(painted))
    assert studio.answers() == 0

    # Painted, and the painting filmed.
    ask(page, studio, "great-wave", "size=256")
    patiently(page, lambda: page.value("document.querySelector('.compare .after')?.naturalWidth === 256"))
    assert "The Great Wave off Kanagawa by Katsushika Hokusai" in page.all(".post.bot .said")[0]
    shoot("loop-painted")
    page.click("[data-says=how]")
    patiently(page, lambda: page.value("document.querySelector('video')?.readyState >= 1"))
    chromium.execute_script("document.querySelector('video').play()")
    page.until(lambda: page.value("document.querySelector('video').currentTime > 0.5"))
    assert 6 <= float(str(page.value("document.querySelector('video').duration"))) <= 8
    chromium.execute_script("document.querySelector('video').scrollIntoView({ block: 'center' })")
    shoot("loop-film")

    # A bot that is away is said; what is asked meanwhile is answered when it is back.
    studio.bot.kill()
    studio.sandbox.misbehave(videos=False)
    ask(page, studio, "mosaic", "size=256")
    page.sees(".state", "waiting for the bot")
    patiently(page, lambda: "The bot is not here just now" in page.all("#trouble")[0])
    shoot("loop-bot-away")
    studio.bot.start()
    patiently(page, lambda: page.all("#trouble") == [""])
    patiently(page, lambda: len(page.all(".post.bot .compare")) == 2)

    # A server that takes no films gets the same as an animation.
    page.click(".thread [data-says=how]")
    patiently(page, lambda: page.value(f"{_ANIMATION}?.naturalWidth"))
    shoot("loop-animation")
    address = page.value(f"{_ANIMATION}.src")
    with Image.open(BytesIO(httpx.get(str(address), trust_env=False).content)) as animation:
        assert (animation.format, animation.is_animated) == ("GIF", True)  # type: ignore[attr-defined]  # Pillow's GIF
    assert page.console_errors() == []


def ask(page: Page, studio: Studio, style: str, words: str) -> str:
    """A wish for the coffee cup in a style; its mention."""
    page.click(".pick[data-name=coffee]")
    page.until(lambda: page.all("#photos .full"))
    page.click(f"input[name=house][value={style}]")
    page.type("#words", words)
    page.click("#send")
    page.until(lambda: page.all("#photos .full") == [])
    you = studio.sandbox.you
    return str(you.account_statuses(you.me().id, limit=1)[0].id)


def patiently(page: Page, truth: Callable[[], object]) -> None:
    WebDriverWait(page.browser, _LIMIT_S, poll_frequency=0.2).until(lambda _: truth())
