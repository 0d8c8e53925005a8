"""A photo as phones send it, HEIC, from its upload to the painting."""

from collections.abc import Iterator

import pytest

from bot.ledger import State
from bot.pictures import heic
from bot.pictures.decode import SafeDecoder
from tests.integration.bot.flow.stepped_bot import Studio
from tests.sandboxes import picture
from tests.stages import MastodonStage, Stage


@pytest.fixture(scope="module")
def studio(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    if not isinstance(stage, MastodonStage):
        pytest.skip("X takes no HEIC")
    with SafeDecoder() as decoder:
        studio = Studio(stage, tmp_path_factory.mktemp("bot"), decoder)
        yield studio
        studio.close()


@pytest.mark.parametrize("called", ["image/heic", "image/heif", "application/octet-stream"])
def test_a_photo_from_a_phone_is_painted_where_the_extra_is(stage: Stage, studio: Studio, called: str) -> None:
    assert isinstance(stage, MastodonStage)
    api = stage.person(f"phone{len(called)}", "")
    photo = api.media_post(heic.SAMPLE.read_bytes(), mime_type=called, description="A gradient")
    style = api.media_post(picture((30, 60, 160), (40, 30)), mime_type="image/png", description="Stars")
    row = studio.settle(str(api.status_post("@stylesmith", media_ids=[photo, style]).id))
    if not heic.is_installed():
        assert row.answer is not None
        assert row.answer.code == "format"
        return
    assert row.state is State.ANSWERED, row
    [job] = [each.job for each in studio.jobs(row)]
    assert job.photo
