"""The bot's log says of each mention that it was seen and what became of it, in ids and codes."""

import logging
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from bot.errors import Unauthorized
from bot.flow.backoff import UNAUTHORIZED_PAUSE_S, pause_after
from tests.conversation import MEMORY, Conversation
from tests.fakes.mentions import mention

OURS = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}


def told(records: list[logging.LogRecord]) -> list[tuple[str, dict[str, object]]]:
    """Event and extras of each line about a mention."""
    about = [record for record in records if record.getMessage().startswith("mention ")]
    return [(one.getMessage(), {k: v for k, v in vars(one).items() if k not in OURS}) for one in about]


def test_every_mention_has_a_line_when_it_is_seen_and_one_for_what_became_of_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "bot")
    with TemporaryDirectory(dir=MEMORY) as directory:
        talk = Conversation(Path(directory))
        talk.hears(mention(1, text="a very private wish"), mention(2, text="help"))
        talk.settle()
        talk.ledger.close()
    of_the_first = [(event, extra) for event, extra in told(caplog.records) if extra["mention"] == "1"]
    assert [event for event, _ in of_the_first] == [
        "mention seen",
        "mention queued",
        "mention decided",
        "mention answered",
    ]
    assert all(extra["platform"] == "fake" for _, extra in of_the_first)
    assert [event for event, extra in told(caplog.records) if extra["mention"] == "2"][-1] == "mention answered"
    assert "private" not in caplog.text


def test_a_refused_token_names_the_command_and_is_tried_ever_more_seldom(caplog: pytest.LogCaptureFixture) -> None:
    pauses = [pause_after("poll-mastodon", Unauthorized("401"), errors) for errors in range(12)]
    assert pauses == sorted(pauses)
    assert pauses[-1] == UNAUTHORIZED_PAUSE_S
    assert "stylesmith login" in caplog.text
