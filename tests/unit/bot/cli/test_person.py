"""`stylesmith person`."""

from bot.cli import person
from tests.conversation import Conversation
from tests.fakes.mentions import ANN
from tests.unit.bot.cli.commands import run


def test_forgetting_a_person_needs_yes_and_takes_their_replies(talk: Conversation) -> None:
    assert run(person.app, "forget", ANN.handle)[0] != 0
    assert talk.row(1).mention.author.handle == ANN.handle
    assert run(person.app, "forget", f"@{ANN.handle}", "--yes")[0] == 0
    assert talk.row(1).mention.author.handle == ""
    talk.tidy()
    assert talk.platform.deleted == ["p0"]
    assert "person forget" in (talk.directory / "audit.log").read_text()
