"""A photo and a painting of a server that keeps no order: taken the wrong way round, 'swap' mends it."""

import tempfile
from dataclasses import replace
from pathlib import Path

from bot.ledger import Plan, State
from bot.posts import Mention
from tests.conversation import MEMORY, Conversation
from tests.fakes.mentions import ANN, mention


def _plan(talk: Conversation, number: int) -> Plan:
    plan = talk.row(number).plan
    assert plan is not None
    return plan


def test_swap_mends_a_pair_that_was_told_apart_wrongly() -> None:
    first = mention(1)
    painting, photo = (
        replace(each, description=alt)
        for each, alt in zip(first.attachments, ("harbour at dusk", "my drawing class"), strict=True)
    )
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        talk = Conversation(Path(folder))
        talk.hears(replace(first, attachments=(photo, painting), unordered=True))
        talk.settle(1)
        wrong = _plan(talk, 1)
        assert (wrong.photo_texts, wrong.style_texts) == (("harbour at dusk",), ("my drawing class",))
        (post,) = talk.ledger.posts("fake", "1")
        above = Mention("fake", post.id, ANN, "", by_us=True)
        talk.clock.pass_s(60)
        swap = replace(mention(2, text="swap", at=talk.clock.now()), attachments=(), in_reply_to=post.id, parent=above)
        talk.hears(swap)
        talk.settle()
        assert talk.state(2) is State.ANSWERED
        right = _plan(talk, 2)
        assert (right.photos, right.styles) == (wrong.styles, wrong.photos)
        assert (right.photo_texts, right.style_texts) == (("my drawing class",), ("harbour at dusk",))
        talk.ledger.close()
