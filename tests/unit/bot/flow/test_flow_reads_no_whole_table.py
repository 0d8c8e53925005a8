"""However long a ledger is, no step of a mention's way reads all of a platform's rows."""

import re
from dataclasses import replace
from pathlib import Path

from bot.flow.chores import measure
from tests.conversation import Conversation
from tests.fakes.mentions import ANN, BEN, mention

GROWING = re.compile(r"(?:FROM|UPDATE) (?:mention|post|picture|source|job)\b")
NARROW = "picture_doomed|post_doomed|mention_by_time|mention_by_age"
"""Indexes that may be gone through: of few rows, with a limit, or for the counts of the metrics."""
WHOLE = re.compile(rf"SCAN (?!\w+ USING (?:COVERING )?INDEX (?:{NARROW})\b)|\(platform=\?\)")


def lived(talk: Conversation) -> None:
    """A painting, another of it, "delete", "forget me", a list of styles, a mention deleted; and a month later."""
    talk.hears(mention(1), mention(2, BEN), mention(3, BEN, "which styles?"))
    talk.settle(1)
    talk.care()
    (post,) = talk.ledger.posts("fake", "1")
    ours = replace(mention(0), id=post.id, author=ANN, attachments=(), by_us=True)
    for number, words in enumerate(("again", "delete", "forget me"), 4):
        talk.clock.pass_s(61)
        said = mention(number, text=words, at=talk.clock.now())
        talk.hears(replace(said, attachments=(), in_reply_to=post.id, parent=ours))
        talk.settle()
        talk.tidy()
    talk.platform.gone.add("2")
    for days in (1, 40):
        talk.clock.pass_s(86_400 * days)
        talk.tidy()
    measure(talk.parts)
    talk.ledger.recent()


def test_every_statement_finds_its_rows_by_an_index(memory_path: Path) -> None:
    talk, asked = Conversation(memory_path), list[str]()
    with talk.ledger.store.write() as db:
        db.set_trace_callback(asked.append)
    lived(talk)
    db.set_trace_callback(None)
    statements = {each for each in asked if GROWING.search(each) and not each.startswith("EXPLAIN")}
    assert len(statements) > 100
    whole = []
    for each in statements:
        plan = talk.ledger.store.rows(f"EXPLAIN QUERY PLAN {each}")
        whole += [f"{row['detail']}: {each}" for row in plan if WHOLE.search(row["detail"])]
    talk.ledger.close()
    assert not whole
