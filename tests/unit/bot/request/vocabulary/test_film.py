"""Asking to see how a painting grew: in the mention, and under a painting of ours."""

import pytest

from bot.flow.repeat import repeated
from bot.ledger import Plan
from bot.request.reading import Difference
from bot.request.words import parse_words
from tests.unit.bot.request.builders import CATALOGUE, mention, ours, wanted
from worker.contract import Film, Options

ASKED = """\
Show me how
show me how you did it
can you show me how you painted this?
timelapse
time-lapse please
timelapse, strong
how did you paint this?
how was this made
show me the process
as a video
make it a film
Could you show how it was painted?
watch it grow
film=on
过程
看过程
给我看看作画过程
怎么画的
怎么画出来的
延时摄影
做成视频
""".splitlines()

ORDINARY = """\
show me how to use you
a time lapse photo of the stars
a timelapse of the milky way
this process takes long in our factory hall
me with a movie star
show me the styles
how does it work
help
again
stronger
这个过程很漫长，照片是昨天拍的
怎么用
""".splitlines()


@pytest.mark.parametrize("text", ASKED)
def test_a_film_is_asked_for(text: str) -> None:
    assert wanted(text, 1).options.film is Film.MP4
    assert wanted(text, 0, parent=ours()).options.film is Film.MP4


@pytest.mark.parametrize("text", ORDINARY)
def test_a_film_is_not_asked_for(text: str) -> None:
    assert "film" not in parse_words(text, CATALOGUE.names).options


def plan(**fields: object) -> Plan:
    return Plan(("1" * 64,), ("2" * 64,), Options.model_validate({"strength": 75, "seed": 7, **fields}))


def test_under_a_painting_it_is_the_film_of_that_very_painting() -> None:
    answer = repeated(plan(), wanted("show me how", 0, parent=ours()), mention("show me how", 0))
    assert answer.options == Options(strength=75, seed=7, film=Film.MP4)


def test_a_film_is_asked_for_each_time() -> None:
    before = plan(film=Film.MP4)
    again = repeated(before, wanted("again", 0, parent=ours()), mention("again", 0))
    stronger = repeated(before, wanted("stronger", 0, parent=ours()), mention("stronger", 0))
    assert again.options.film is stronger.options.film is Film.NONE
    assert (again.turn, stronger.turn) == (Difference.AGAIN, Difference.STRONGER)


def test_of_a_batch_the_first_is_shown() -> None:
    before = Plan(("1" * 64, "3" * 64), ("2" * 64,), Options(), photo_texts=("one", "two"), missing=1)
    answer = repeated(before, wanted("show me how", 0, parent=ours()), mention("show me how", 0))
    assert (answer.photos, answer.photo_texts, answer.missing) == (("1" * 64,), ("one",), 0)
