"""Rows as JSON: read back as written, and no text is kept once it was read."""

import gc
import json
import sys
from dataclasses import replace

from bot.ledger.rows import ANSWER, MENTION, PLAN
from bot.posts import Mention
from tests.fakes.mentions import mention
from worker.contract import OUTCOME

_MANY = 300


def blocks_kept(of: object, texts: list[str]) -> int:
    gc.collect()
    gc.freeze()  # what is there stays, so the next collection looks at nothing else
    before = sys.getallocatedblocks()
    for text in texts:
        of.validate_json(text)  # type: ignore[attr-defined]  # one of several adapters
    gc.collect()
    kept = sys.getallocatedblocks() - before
    gc.unfreeze()
    return kept


def test_no_text_of_a_mention_is_kept_once_it_was_read() -> None:
    one = MENTION.dump_python(mention(1), mode="json")
    texts = [json.dumps(one | {"id": f"1160{number}", "in_reply_to": f"7{number}"}) for number in range(_MANY)]
    assert blocks_kept(MENTION, texts) < 100


def test_no_text_of_an_outcome_a_plan_or_an_answer_is_kept_either() -> None:
    outcomes = [f'{{"outcome": "failed", "id": "x-{n}", "code": "internal", "detail": "d{n}"}}' for n in range(_MANY)]
    plans = [f'{{"photos": ["p{n}"], "styles": ["s{n}"], "options": {{}}}}' for n in range(_MANY)]
    answers = [f'{{"about": "hint", "code": "c{n}"}}' for n in range(_MANY)]
    for of, texts in ((OUTCOME, outcomes), (PLAN, plans), (ANSWER, answers)):
        assert blocks_kept(of, texts) < 100


def test_what_is_kept_reads_as_it_was_written() -> None:
    one: Mention = replace(mention(1), parent=mention(2))
    assert MENTION.validate_json(MENTION.dump_json(one)) == one
