"""A headless Chromium, a sandbox with a page, and a Redis that says how far paintings are."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

from bot.queue.redis_server import redis_server
from bot.styles.listing import LISTING
from tests import ROOT
from tests.browser.page import DAY, NIGHT
from tests.sandboxes import Sandbox, running

ARTEFACTS = ROOT / "artefacts"
_FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
    "--force-prefers-reduced-motion",
)  # fmt: skip


@pytest.fixture(scope="session")
def queue_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of a real Redis."""
    with redis_server(tmp_path_factory.mktemp("redis")) as url:
        yield url


@pytest.fixture(scope="session")
def styles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of house styles."""
    folder = tmp_path_factory.mktemp("styles")
    for slug, title, picture in (("great-wave", "The Great Wave", NIGHT), ("harvest", "Harvest", DAY)):
        (folder / f"{slug}.png").write_bytes(picture)
        with (folder / LISTING).open("a", encoding="utf-8") as listing:
            listing.write(f'[[style]]\nslug = "{slug}"\ntitle = "{title}"\nfile = "{slug}.png"\nnames = ["巨浪"]\n')
    return folder


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory, queue_url: str, styles: Path) -> Iterator[Sandbox]:
    """One sandbox for all tests."""
    with running(tmp_path_factory.mktemp("sandbox"), queue_url, styles=styles) as started:
        yield started


@pytest.fixture
def sandbox(shared: Sandbox) -> Iterator[Sandbox]:
    """The sandbox without a post."""
    yield shared
    for token in shared.tokens:
        person = shared.client(token)
        for status in person.account_statuses(person.me().id, limit=40):
            person.status_delete(status)
    shared.misbehave()


@pytest.fixture
def pictures(tmp_path: Path) -> tuple[Path, Path]:
    """A photo and a painting."""
    photo, style = tmp_path / "photo.png", tmp_path / "style.png"
    photo.write_bytes(DAY)
    style.write_bytes(NIGHT)
    return photo, style


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    """One browser for all tests."""
    browser, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not browser or not driver:
        pytest.skip("chromium and chromedriver are not installed: the page is not tried in a browser")
    options = Options()
    options.binary_location = browser
    for flag in (*_FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(flag)
    started = webdriver.Chrome(options=options, service=Service(driver))
    yield started
    started.quit()


@pytest.fixture(autouse=True)
def _as_a_new_window(request: pytest.FixtureRequest) -> Iterator[None]:
    """By day, in English, and with nothing kept from the test before."""
    yield
    if "chromium" in request.fixturenames:
        browser: webdriver.Chrome = request.getfixturevalue("chromium")
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
        browser.execute_script("try { sessionStorage.clear(); } catch { /* about:blank has none */ }")


@pytest.fixture
def shoot(chromium: webdriver.Chrome) -> Callable[[str], None]:
    """Keeps a screenshot under a name."""

    def shot(name: str) -> None:
        ARTEFACTS.mkdir(exist_ok=True)
        chromium.save_screenshot(str(ARTEFACTS / f"{name}.png"))

    return shot
