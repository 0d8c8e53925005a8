"""A time-lapse in a thread of the page: it plays, without sound, and says what it shows."""

import pytest
from selenium.webdriver import Chrome

from bot.posts import Painting, Reply
from tests.browser.page import DAY, NIGHT, PAINTED, Page, Shoot, answer, asked, mentions, the_bot
from tests.films import short_film
from tests.sandboxes import Sandbox
from worker.contract import Film

pytest.importorskip("av", reason="films need stylesmith[worker]: pip install av")


def test_how_it_grew_is_asked_for_by_a_button_and_plays(sandbox: Sandbox, chromium: Chrome, shoot: Shoot) -> None:
    answer(sandbox, asked(sandbox, DAY, NIGHT), PAINTED)
    page = Page(chromium, sandbox.url)
    page.painted()
    page.click("[data-says=how]")
    page.until(lambda: mentions(sandbox)[0].endswith("show me how"))

    told = sandbox.client(sandbox.access.bot_token).notifications(types=["mention"])[0]
    film = Painting(short_film(Film.MP4), "video/mp4", "A short silent film of a painting growing.")
    the_bot(sandbox).post(Reply(str(told.status.id), "you", "This is how it grew.", "reply-film", (film,)))
    page.until(lambda: page.value("document.querySelector('video')?.readyState >= 1"))
    chromium.execute_script("document.querySelector('video').play()")
    page.until(lambda: page.value("document.querySelector('video').currentTime > 0.5"))
    assert page.value("document.querySelector('video').videoWidth") == 64
    assert 6 <= float(str(page.value("document.querySelector('video').duration"))) <= 8
    assert page.value("document.querySelector('video').getAttribute('aria-label')") == film.description
    assert page.console_errors() == []
    shoot("page-film")
