"""What the commands say of codes and times."""

import pytest

from bot.cli import sentences
from bot.errors import PictureReason
from worker.contract import FailureCode


def test_every_code_and_reason_has_its_sentence() -> None:
    assert set(sentences.FAILED) == set(FailureCode)
    assert set(sentences.UNUSABLE) == set(PictureReason)


def test_missing_weights_say_what_to_do() -> None:
    assert sentences.failed("a.jpg", FailureCode.WEIGHTS_UNAVAILABLE, "put them there") == "a.jpg: put them there"
    assert "--size" in sentences.failed("a.jpg", FailureCode.OUT_OF_MEMORY, "at 4096 px")


@pytest.mark.parametrize(("seconds", "words"), [(0.4, "0 s"), (119, "119 s"), (150, "2 min")])
def test_durations_are_short(seconds: float, words: str) -> None:
    assert sentences.duration(seconds) == words
