"""What the bot does not keep: texts that it read once, and heap below a small thing that lives on."""

import gc
import json
import platform
import subprocess
import sys
from dataclasses import replace

import pytest

from bot.ledger.rows import ANSWER, MENTION, PLAN
from bot.posts import Mention
from tests.twins import mention
from worker.contract import OUTCOME

_MANY = 3000


def blocks_kept(of: object, texts: list[str]) -> int:
    gc.collect()
    before = sys.getallocatedblocks()
    for text in texts:
        of.validate_json(text)  # type: ignore[attr-defined]  # one of several adapters
    gc.collect()
    return sys.getallocatedblocks() - before


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


_LARGE = """
import sys
from worker.process.limits import limit_malloc_arenas
if sys.argv[1] == "thrifty":
    limit_malloc_arenas()

def heap_bytes():
    with open("/proc/self/smaps") as maps:
        lines = iter(maps)
        return sum(int(next(lines).split()[1]) for line in lines if line.rstrip().endswith("[heap]"))

first = bytearray(2**23)  # large enough that glibc takes later blocks of that size from its heap
del first
before, kept = heap_bytes(), []
for number in range(20):
    large = bytearray(2**22)
    kept.append(bytearray(3000))  # what lives on lies above what goes
    del large
print(heap_bytes() - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="mallopt is glibc's")
def test_what_lives_on_does_not_keep_a_large_block_that_is_gone() -> None:
    assert grown("thrifty") < 1000 < 2 * 1000 < grown("as it is")


def grown(how: str) -> int:
    """Of the heap of a process that uses large blocks for a moment and keeps a small one each time, in kB."""
    told = subprocess.run([sys.executable, "-c", _LARGE, how], check=True, capture_output=True, text=True)
    return int(told.stdout)
