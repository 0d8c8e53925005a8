"""Jobs of a mention: their ids, also where several bots share a queue."""

from pathlib import Path

import pytest

from bot.ledger import State
from tests.conversation import Conversation, with_rules
from tests.fakes.mentions import mention


@pytest.mark.parametrize(("names", "paintings"), [(("anna", "bert"), 2), (("", ""), 1)])
def test_bots_of_different_names_paint_one_post_each_for_itself(
    memory_path: Path, names: tuple[str, str], paintings: int
) -> None:
    bots = [Conversation(memory_path / str(n), with_rules(bot_name=name)) for n, name in enumerate(names)]
    bots[1].renders = bots[0].renders
    bots[1].restart()
    for bot in bots:
        bot.hears(mention(1))
        bot.receive()
    assert len(bots[0].renders.queue) == paintings
    for bot in bots:
        bot.settle()
        bot.clock.pass_s(100)  # the second has begun anew, and looks first
        bot.settle()
    if paintings == 2:
        assert [bot.state(1) for bot in bots] == [State.ANSWERED] * 2
        assert bots[0].renders.painted == 2
