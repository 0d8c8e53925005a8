"""The loops in threads over fakes, in the intervals of the settings."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from bot.health import Health
from bot.ledger.cursor_backup import CursorBackup
from bot.loop import Bot, Loops
from bot.posts import Attachment
from bot.wiring import intervals_of
from tests.conversation import Conversation
from tests.fakes.mentions import ANN, EPOCH, mention
from tests.fakes.queue import FakeQueue
from tests.integration.bot.effects.case import PATIENCE_S, Case, Experiment, until
from tests.integration.bot.effects.rules import talk_of


@contextmanager
def listening(case: Case, network: str = "mastodon") -> Iterator[Conversation]:
    """A bot's loops with the intervals of the settings, whose queue counts the rounds of the loop that waits for it."""
    talk = talk_of(case, network)
    stop = threading.Event()
    backup = CursorBackup(case.folder, talk.clock.now)
    backup.note(network, "0")
    chosen = intervals_of(case.settings)
    intervals = replace(chosen, poll_s={network: chosen.poll_s[network]}, grace_s=5)
    talk.renders = renders = Turning(stop)
    talk.parts = replace(talk.parts, queue=renders)
    loops = Loops(Bot(parts=talk.parts, cursor_backup=backup, health=Health()), intervals, stop)
    thread = threading.Thread(target=loops.run)
    thread.start()
    try:
        yield talk
    finally:
        stop.set()
        thread.join()
        talk.ledger.close()


class Turning(FakeQueue):
    """A fake queue whose `wait` takes a moment; `turns` says how often it was called."""

    def __init__(self, stop: threading.Event) -> None:
        super().__init__()
        self.turns = 0
        self._stop = stop

    def wait(self, limit_s: float) -> tuple[str, ...]:
        self.turns += 1
        self._stop.wait(0.02)
        return ()


def polls(network: str) -> Experiment:
    """Whether the platform is looked at again while the other loop goes round many times."""

    def again(case: Case) -> bool:
        with listening(case, network) as talk:
            looks: list[str] = []
            pages = talk.platform.pages

            def counted(cursor: str) -> Any:
                looks.append(cursor)
                return pages(cursor)

            talk.platform.pages = counted  # type: ignore[method-assign]  # to count
            renders = talk.renders
            assert isinstance(renders, Turning)
            until(lambda: renders.turns > 100 or len(looks) > 3)
            return len(looks) > 3

    return again


def taken_on(case: Case) -> int:
    """Of five mentions, how many are with the workers when nobody paints."""
    talk = talk_of(case)
    talk.ledger.close()
    with listening(case) as talk:
        talk.hears(*(mention(number, replace(ANN, id=str(number)), at=EPOCH) for number in range(1, 6)))
        renders = talk.renders
        assert isinstance(renders, Turning)
        until(lambda: len(renders.queue) == 5 or (len(renders.queue) == 1 and renders.turns > 200))
        return len(renders.queue)


def fetched_at_once(case: Case) -> int:
    """The most mentions whose pictures are fetched at the same time, of five."""
    inside, most = [0], [0]
    lock, go = threading.Lock(), threading.Event()
    with listening(case) as talk:
        fetch = talk.pictures.fetch

        def slow(attachment: Attachment) -> str:
            with lock:
                inside[0] += 1
                most[0] = max(most[0], inside[0])
            go.wait(PATIENCE_S)
            with lock:
                inside[0] -= 1
            return fetch(attachment)

        talk.pictures.fetch = slow  # type: ignore[method-assign]  # a slow host
        talk.hears(*(mention(number, replace(ANN, id=str(number)), at=EPOCH) for number in range(1, 6)))
        renders = talk.renders
        assert isinstance(renders, Turning)
        until(lambda: most[0] == 4 or (most[0] == 1 and renders.turns > 100))
        go.set()
    return most[0]
