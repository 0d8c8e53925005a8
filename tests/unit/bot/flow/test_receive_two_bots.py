"""Two installations of this bot that hear each other: nothing that one says keeps the other going."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.admission import Admission
from bot.posts import Author, Mention
from tests.conversation import Conversation, with_rules
from tests.fakes.mentions import ANN, mention, picture

ROUNDS = 30
ROBOT = Author("99", "stylesmith@other.example", "other.example", is_bot=True)
SECRETIVE = replace(ROBOT, is_bot=False)
"""A bot that does not say that it is one."""
LISTED = with_rules(admission=Admission(allowed_bots=frozenset({"stylesmith@other.example"})))


@dataclass
class Facing:
    """Two bots; whatever one posts reaches the other as a mention under its own last post, painting and all."""

    bots: tuple[Conversation, Conversation]
    seen_as: Author
    number: int = 1

    def begin(self) -> None:
        """A person asks the first one."""
        self.bots[0].hears(replace(mention(1), platform_root="root"))

    def rounds(self) -> Iterator[int]:
        """How many posts there were after each round; minutes pass."""
        relayed = [0, 0]
        for _ in range(ROUNDS):
            for which, bot in enumerate(self.bots):
                bot.settle()
                bot.clock.pass_s(100)
                for posted in bot.platform.log[relayed[which] :]:
                    self.bots[1 - which].hears(self._as_heard(posted.reply.text, bool(posted.reply.paintings)))
                relayed[which] = len(bot.platform.log)
            yield sum(len(bot.platform.log) for bot in self.bots)

    def _as_heard(self, text: str, painted: bool) -> Mention:
        self.number += 1
        pictures = [picture(f"p{self.number}"), picture(f"q{self.number}")] if painted else []
        parent = replace(mention(1000 + self.number), by_us=True)
        heard = replace(mention(self.number, self.seen_as, text, *pictures), platform_root="root", parent=parent)
        return heard if pictures else replace(heard, attachments=())


def two(directory: Path, rules: object, seen_as: Author) -> Facing:
    for name in "ab":
        (directory / name).mkdir()
    bots = tuple(Conversation(directory / name, rules) for name in "ab")  # type: ignore[arg-type]  # Rules
    facing = Facing(bots, seen_as)  # type: ignore[arg-type]  # there are two
    facing.begin()
    return facing


@pytest.fixture
def directory(memory_path: Path) -> Path:
    return memory_path


def test_a_bot_that_says_it_is_one_gets_no_answer(directory: Path) -> None:
    assert list(two(directory, with_rules(), ROBOT).rounds())[-1] == 1


ANSWERED = [pytest.param(LISTED, ROBOT, id="listed"), pytest.param(with_rules(), SECRETIVE, id="secretive")]


@pytest.mark.parametrize(("rules", "seen_as"), ANSWERED)
def test_a_bot_that_is_answered_is_so_for_as_long_as_a_thread_is_and_no_longer(
    directory: Path, rules: object, seen_as: Author
) -> None:
    counts = list(two(directory, rules, seen_as).rounds())
    assert counts[-1] <= 1 + 2 * with_rules().replies_per_thread
    assert len(set(counts[ROUNDS // 2 :])) == 1, "they still talk"


def test_our_own_post_that_names_us_gets_no_answer(directory: Path) -> None:
    bot = Conversation(directory)
    bot.hears(replace(mention(1, ANN), by_us=True))
    bot.settle()
    assert bot.platform.log == []
