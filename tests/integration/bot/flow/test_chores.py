"""What becomes of an answer, on both networks: it goes with its mention, and on its author's wish, with pictures."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.ledger import State
from bot.pictures.decode import SafeDecoder
from tests.integration.bot.flow.stepped_bot import Studio
from tests.sandboxes import picture
from tests.stages import Shot, Stage

SHOTS = [Shot(picture((190, 90, 60), (40, 30)), "A cat"), Shot(picture((30, 60, 160), (40, 30)), "Stars")]


@pytest.fixture
def studio(stage: Stage, tmp_path: Path) -> Iterator[Studio]:
    with SafeDecoder() as decoder:
        studio = Studio(stage, tmp_path / "bot", decoder)
        yield studio
        studio.close()


def answers(stage: Stage, mention_id: str) -> list[str]:
    return [said.id for said in stage.ours() if said.to == mention_id]


def kept(tmp_path: Path) -> list[str]:
    return [path.name for path in (tmp_path / "bot" / "pictures").rglob("*") if path.is_file()]


def test_an_answer_goes_when_its_mention_is_deleted(stage: Stage, studio: Studio, tmp_path: Path) -> None:
    gone, stays = (stage.say("", SHOTS, by=person) for person in ("fay", "gus"))
    for said in (gone, stays):
        studio.settle(said)
    studio.care(200)
    assert [len(answers(stage, said)) for said in (gone, stays)] == [1, 1]
    stage.remove("fay", gone)
    studio.care(7 * 3600)
    assert [len(answers(stage, said)) for said in (gone, stays)] == [0, 1]
    assert (studio.row(gone).state, studio.row(gone).reason) == (State.WITHDRAWN, "deleted")


def test_delete_takes_the_answer_and_every_stored_picture(stage: Stage, studio: Studio, tmp_path: Path) -> None:
    said = stage.say("", SHOTS, by="hal")
    studio.settle(said)
    assert len(kept(tmp_path)) == 3
    (painting,) = answers(stage, said)
    studio.settle(stage.say("delete this please", to=painting, by="hal"))
    studio.care()
    assert answers(stage, said) == []
    assert kept(tmp_path) == []


def test_nobody_deletes_what_was_painted_for_somebody_else(stage: Stage, studio: Studio) -> None:
    said = stage.say("", SHOTS, by="ida")
    studio.settle(said)
    (painting,) = answers(stage, said)
    studio.settle(stage.say("delete this", to=painting, by="jon"))
    studio.care()
    assert answers(stage, said) == [painting]


def test_a_chain_of_wishes_shifts_from_each_painting(stage: Stage, studio: Studio) -> None:
    said, painted = stage.say("", SHOTS, by="kim"), []
    for wish in ("", "again, wilder", "a bit subtler", "再来一次", "bigger strokes"):
        if wish:
            studio.clock.ahead_s += 61
            said = stage.say(wish, to=answers(stage, said)[0], by="kim")
        row = studio.settle(said)
        (job,) = studio.jobs(row)
        painted.append(job.job.options)
    assert [options.strength for options in painted] == [50, 83, 71, 71, 71]
    assert [options.style_scale for options in painted] == [1, 1, 1, 1, 1.6]
    assert [options.seed for options in painted[:3]] == [0, 0, 0]
    assert painted[3].seed == painted[4].seed != 0


def test_a_wish_under_a_sentence_of_ours_is_about_its_picture(stage: Stage, studio: Studio) -> None:
    said = stage.say("like Picasso", SHOTS[:1], by="lea")
    assert studio.settle(said).state is State.DECLINED
    studio.clock.ahead_s += 61
    then = stage.say("a mosaic, then", to=answers(stage, said)[0], by="lea")
    row = studio.settle(then)
    assert row.state is State.ANSWERED
    assert row.plan is not None
    assert [house.slug for house in row.plan.houses] == ["mosaic"]
