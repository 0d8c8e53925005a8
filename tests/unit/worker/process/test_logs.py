"""Logs: nothing secret, nothing a user wrote, whoever logs it."""

import io
import json
import logging
import subprocess
import sys
import threading
import warnings
from collections.abc import Iterator

import pytest

from bot.errors import PictureError, PictureReason
from tests import ROOT
from worker.process import logs

SECRET = "canary-5f2d/+=x"
WORDS = "please paint my grandmother"


@pytest.fixture
def page(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """What was logged; logging is as it was afterwards."""
    root, level = logging.getLogger(), logging.getLogger().level
    handlers, hooks = root.handlers[:], (sys.excepthook, threading.excepthook)
    page = io.StringIO()
    logs.configure(level="debug", secrets=[SECRET, ""], stream=page, as_json=getattr(request, "param", True))
    yield page
    root.handlers[:], (sys.excepthook, threading.excepthook) = handlers, hooks
    root.setLevel(level)
    logging.captureWarnings(False)


def _raise(error: Exception) -> None:
    raise error


def test_a_line_is_one_json_object_with_what_was_passed_along(page: io.StringIO) -> None:
    logging.getLogger("bot.loop").info("answered %s", "m-1", extra={"platform": "mastodon", "seconds": 3.5})
    line = json.loads(page.getvalue())
    assert (line["level"], line["logger"], line["event"]) == ("INFO", "bot.loop", "answered m-1")
    assert (line["platform"], line["seconds"]) == ("mastodon", 3.5)


@pytest.mark.parametrize("page", [True, False], indirect=True, ids=["JSON", "plain"])
@pytest.mark.parametrize(
    "text",
    [
        SECRET,
        f"Authorization: Bearer {SECRET}",
        f"redis://bot:{SECRET}@redis/0",
        "https://x/?access_token=canary-5f2d%2F%2B%3Dx",
        "Bearer canary-unknown.token",
        "redis://:canary-unknown@redis:6379/0",
        "password=canary-unknown&x=1",
    ],
)
def test_no_secret_known_or_recognisable_is_logged_by_anyone(page: io.StringIO, text: str) -> None:
    for name in ("bot.wiring", "mastodon", "urllib3"):
        logging.getLogger(name).warning("got %s", text, extra={"also": text})
        logging.getLogger(name).warning("got " + text)
    logging.getLogger("bot.wiring").error("failed", exc_info=PictureError(PictureReason.GONE))
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn(f"about {text}", stacklevel=1)
    assert page.getvalue()
    assert "canary" not in page.getvalue()


def test_an_exception_of_others_is_logged_by_type_and_place_without_its_words(page: io.StringIO) -> None:
    try:
        _raise(ValueError(WORDS))
    except ValueError:
        logging.getLogger("bot.flow.pipeline").exception("a mention failed")
    line = json.loads(page.getvalue())
    assert line["error"] == "builtins.ValueError"
    assert any(place.startswith("_raise test_logs.py:") for place in line["through"])
    assert "grandmother" not in page.getvalue()


def test_our_own_exceptions_say_what_they_mean(page: io.StringIO) -> None:
    logging.getLogger("bot.pictures.store").warning("refused", exc_info=PictureError(PictureReason.TOO_NARROW))
    assert json.loads(page.getvalue())["error"] == "PictureError: too_narrow"


def test_what_other_libraries_format_into_their_messages_is_left_out(page: io.StringIO) -> None:
    logging.getLogger("urllib3").warning("Retrying after %s", WORDS)
    logging.getLogger("tweepy").warning("Parameters: {'text': 'grandmother'}")
    logging.getLogger("tweepy").debug("grandmother")
    events = [json.loads(line)["event"] for line in page.getvalue().splitlines()]
    assert events[0] == "Retrying after %s"
    assert events[1].startswith("(withheld) test_logs.py:")
    assert len(events) == 2


@pytest.mark.parametrize("page", [False], indirect=True)
def test_control_characters_are_inert_on_a_terminal(page: io.StringIO) -> None:
    logging.getLogger("bot").info("name %s", "\x1b]0;owned\x07\u202eevil\r\nINFO forged")
    assert "\x1b" not in page.getvalue()
    assert "\u202e" not in page.getvalue()
    assert page.getvalue().count("\n") == 1


@pytest.mark.parametrize("where", ["main", "thread"])
def test_an_uncaught_exception_shows_no_secret_and_no_words(where: str) -> None:
    program = (
        "import sys, threading\nfrom worker.process import logs\n"
        "logs.configure(secrets=[sys.stdin.readline().strip()])\n"
        "def fail():\n    token = 'canary'\n    raise RuntimeError('canary grandmother')\n"
    )
    program += "fail()" if where == "main" else "threading.Thread(target=fail).start()"
    done = subprocess.run(
        [sys.executable, "-c", program], input="canary\n", capture_output=True, text=True, cwd=ROOT, check=False
    )
    line = json.loads(done.stderr)
    assert (line["event"], line["error"]) == ("uncaught", "builtins.RuntimeError")
    assert "canary" not in done.stderr
    assert "grandmother" not in done.stderr


WORKER = """
import logging, sys
from worker.process.logs import configure
from worker.process.settings import secrets_of
from worker.settings import WorkerSettings
settings = WorkerSettings(redis_url="redis://worker:%(secret)s@redis/0")
configure(level="info", as_json=sys.argv[1] == "json", secrets=secrets_of(settings))
log = logging.getLogger("worker.jobs")
try:
    raise ValueError("%(words)s %(secret)s")
except ValueError:
    log.exception("m-1 failed")
    logging.getLogger("rq.worker").exception("job with %%s", "%(words)s")
log.info("waiting for %(secret)s")
raise KeyError("%(words)s")
"""


@pytest.mark.parametrize("kind", ["json", "plain"])
def test_the_worker_tells_where_an_exception_came_through_and_not_what_it_says(kind: str) -> None:
    program = WORKER % {"words": WORDS, "secret": "canary-w0rker"}
    done = subprocess.run([sys.executable, "-c", program, kind], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "m-1 failed" in done.stderr
    assert "builtins.ValueError" in done.stderr
    assert "<module>" in done.stderr
    assert "uncaught" in done.stderr
    assert "grandmother" not in done.stderr
    assert "canary" not in done.stderr
