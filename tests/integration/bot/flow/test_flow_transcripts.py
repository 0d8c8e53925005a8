"""Everything people say, through the real pipeline, on a sandbox and on a fake X, each with what must follow."""

import html
import re
from collections.abc import Iterator
from typing import Any

import pytest

from bot.ledger import State
from bot.pictures.decode import SafeDecoder
from bot.reply.wording import sentences
from bot.request.reading import CommandKind, Hint, IgnoreReason
from tests.integration.bot.flow.stepped_bot import Studio
from tests.integration.bot.flow.transcript import TRANSCRIPT, Line, Painted
from tests.sandboxes import picture
from tests.stages import Said, Shot, Stage
from worker.contract import Options

SHOTS = tuple(
    Shot(picture(colour, (40, 30)), alt)
    for colour, alt in (
        ((190, 90, 60), "A cat on a wall."),
        ((30, 60, 160), "Stars over a village"),
        ((240, 220, 120), "A field of wheat"),
        ((90, 30, 90), "Irises"),
    )
)


@pytest.fixture(scope="module")
def studio(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    with SafeDecoder() as decoder:
        studio = Studio(stage, tmp_path_factory.mktemp("bot"), decoder)
        yield studio
        studio.close()


@pytest.mark.parametrize("line", TRANSCRIPT, ids=lambda line: f"{line.language}: {line.id}")
def test_what_is_said_has_the_answer_it_must_have(line: Line, studio: Studio, request: pytest.FixtureRequest) -> None:
    stage, person = studio.stage, f"p{abs(hash(request.node.name)) % 10**6}"
    above = _above(line, studio, person)
    said = stage.say(line.text, SHOTS[: line.shots], by=person, to=above, lang=line.language)
    row = studio.settle(said)
    answers = [ours for ours in stage.ours() if ours.to == said]
    match line.follows:
        case Painted():
            assert row.state is State.ANSWERED, row
            _is_painted(line, line.follows, studio, said, answers)
        case Hint():
            _says(answers, "declined", line.follows.value, line.language)
        case CommandKind():
            _says(answers, "command", line.follows.value, line.language)
            assert above not in {ours.id for ours in stage.ours()}
        case IgnoreReason():
            assert (row.state, row.reason, answers) == (State.IGNORED, line.follows.value, [])


def test_the_transcript_is_long_enough_and_speaks_both_languages() -> None:
    assert len(TRANSCRIPT) >= 60
    assert {line.language for line in TRANSCRIPT} == {"en", "zh"}
    assert len({(line.language, line.id) for line in TRANSCRIPT}) == len(TRANSCRIPT)


_POSTS_ABOVE: dict[str, Any] = {
    "ben's photo": {"text": "Look!", "shots": SHOTS[:1], "by": "ben"},
    "ben's words": {"text": "Who paints?", "by": "ben"},
    "objector's photo": {"text": "Mine.", "shots": SHOTS[:1], "by": "objector", "bio": "No machines please. #nobot"},
    "own photo": {"text": "Mine.", "shots": SHOTS[:1]},
    "own pair": {"text": "Mine.", "shots": SHOTS[:2]},
}


def _above(line: Line, studio: Studio, person: str) -> str:
    """The post that the line answers, or nothing."""
    stage = studio.stage
    if line.under == "our painting":
        first = stage.say("", SHOTS[:2], by=person, lang=line.language)
        studio.settle(first)
        studio.clock.ahead_s += 61  # one reply a minute in a thread: a person looks at the painting first
        (painting,) = [ours.id for ours in stage.ours() if ours.to == first]
        return painting
    if line.under:
        words: dict[str, Any] = {"by": person, "call": False} | _POSTS_ABOVE[line.under]
        return stage.say(**words)
    return ""


def _is_painted(line: Line, expected: Painted, studio: Studio, said: str, answers: list[Said]) -> None:
    (answer,) = answers
    row = studio.row(said)
    jobs = [job.job for job in studio.jobs(row)]
    assert len(jobs) == len(answer.descriptions) == expected.count
    assert {len(job.styles) for job in jobs} == {expected.styles}
    assert row.plan is not None
    houses = [house.slug for house in row.plan.houses]
    assert bool(houses) == bool(expected.house)
    assert expected.house in {"", "*"} or set(houses) == {expected.house}
    assert _set(jobs[0].options) == _rounded(expected.options, jobs[0].options)
    for description in answer.descriptions:
        assert description.strip()
    if line.under == "" and line.shots and expected.options.get("kind") != "texture":
        assert "A cat on a wall" in answer.descriptions[0] or "first" in line.text
    for house in row.plan.houses:
        assert house.title in html.unescape(answer.text)
    assert not re.search(r"https?://(?!127\.0\.0\.1)", re.sub(r'href="[^"]*"', "", answer.text))


def _set(options: Options) -> dict[str, Any]:
    defaults = Options().model_dump(mode="json")
    return {name: value for name, value in options.model_dump(mode="json").items() if value != defaults.get(name)}


def _rounded(expected: dict[str, Any], found: Options) -> dict[str, Any]:
    """`...` stands for whatever was chosen."""
    return {name: getattr(found, name) if value is ... else value for name, value in expected.items()}


def _says(answers: list[Said], group: str, key: str, language: str) -> None:
    """One answer, in the words of this sentence and language."""
    (answer,) = answers
    plain = html.unescape(re.sub(r"<[^>]+>", "", answer.text))
    variants = [re.escape(variant) for variant in sentences(language)[group][key]]
    patterns = [re.sub(r"\\\{\w+\\\}", ".+", variant) for variant in variants]
    assert any(re.search(pattern, plain) for pattern in patterns), plain
    assert answer.descriptions == ()
