"""The bot's loops, a thread each: poll, receive, collect, publish, chores. They back off and stop cleanly."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from bot.crashpoints import Point, point
from bot.errors import BotError, PlatformError, RateLimited, TransportDown, is_shared
from bot.flow.backoff import attempt, pause_after
from bot.flow.chores import forget_pictures, make_room, measure, tidy
from bot.flow.deletions import delete_posts, follow_deletions, follow_waiting, seek_strays
from bot.flow.notes import note
from bot.flow.parts import Parts
from bot.flow.steps import step
from bot.health import Health
from bot.ledger import Row, State
from bot.ledger.cursor_backup import CursorBackup
from bot.ports import Accounted, Rewinds, Streaming

log = logging.getLogger(__name__)

_ALL = 1000
_HOUR_S = 3600.0


@dataclass(frozen=True, slots=True)
class Bot:
    parts: Parts
    cursor_backup: CursorBackup
    health: Health
    step: Callable[[Parts, Row], None] = step
    """The step that comes next for a row."""


@dataclass(frozen=True, slots=True)
class Intervals:
    """Seconds between two rounds of each loop."""

    poll_s: Mapping[str, float]
    fetchers: int = 4
    in_flight: int = 200
    outcomes_s: float = 0.5
    look_s: float = 1.0
    """Between two looks at every open job, which find the lost ones."""
    room_s: float = 2.0
    notes_s: float = 5.0
    chores_s: float = 5.0
    tidy_s: float = 600.0
    grace_s: float = 25.0


class Loops:
    """Runs a Bot until `stop` is set, then lets what has begun come to its end."""

    def __init__(self, bot: Bot, intervals: Intervals, stop: threading.Event) -> None:
        self._bot = bot
        self._parts = bot.parts
        self._intervals = intervals
        self._stop = stop
        self._intake = threading.Event()
        self._posts = {name: threading.Event() for name in bot.parts.platforms}
        self._polls = {name: threading.Event() for name in bot.parts.platforms}
        self._busy: set[tuple[str, str]] = set()
        self._busy_lock = threading.Lock()
        self._pool = ThreadPoolExecutor(intervals.fetchers, thread_name_prefix="receive")
        self._last: dict[str, float] = {}
        self._checked: set[str] = set()
        """Platforms whose account is known to be that of the ledger."""
        self._serves: dict[str, bool] = {}
        """Whether each platform served its last poll, or said in its own words why not."""
        self._tried: dict[str, set[tuple[str, str]]] = {name: set() for name in bot.parts.platforms}
        """Rows that this round of posts has tried; kept when the platform's posts had to pause."""

    def run(self) -> None:
        """Returns when `stop` was set and the loops have ended, or after the grace period."""
        loops = [self._loop("receive", self._receive_round, 0.5, self._intake)]
        loops.append(self._loop("deliver", self._deliver_round, 0.0))
        for name in self._parts.platforms:
            self._bot.health.expect(name, self._intervals.poll_s[name])
            wake = self._polls[name]
            loops.append(self._loop(f"poll-{name}", partial(self.poll, name), self._intervals.poll_s[name], wake))
            loops.append(self._loop(f"post-{name}", partial(self._post_round, name), 0.5, self._posts[name]))
            loops.append(self._loop(f"care-{name}", partial(self._care_round, name), self._intervals.chores_s))
        inboxes = ((self._polls[name], platform) for name, platform in self._parts.platforms.items())
        streams = [platform.listen(wake.set) for wake, platform in inboxes if isinstance(platform, Streaming)]
        self._stop.wait()
        for stream in filter(None, streams):
            stream.close()
        deadline = time.monotonic() + self._intervals.grace_s
        for event in (self._intake, *self._posts.values(), *self._polls.values()):
            event.set()
        self._pool.shutdown(wait=False, cancel_futures=True)
        for loop in loops:
            loop.join(max(0.0, deadline - time.monotonic()))
        while self._busy and time.monotonic() < deadline:
            time.sleep(0.02)

    def _loop(
        self, name: str, step: Callable[[], None], pause_s: float, wake: threading.Event | None = None
    ) -> threading.Thread:
        """A thread that repeats `step`; after an error it waits longer each time, and goes on."""

        def repeat() -> None:
            errors = 0
            while not self._stop.is_set():
                wait_s = pause_s
                try:
                    step()
                    errors = 0
                except Exception as exc:  # noqa: BLE001  # a loop must outlive whatever happens in it
                    wait_s = max(pause_s, pause_after(name, exc, errors))
                    errors += 1
                self._bot.health.turned(name, wait_s)
                if wake is not None and not errors:
                    wake.wait(wait_s)
                    wake.clear()
                elif wait_s:
                    self._stop.wait(wait_s)

        thread = threading.Thread(target=repeat, name=name, daemon=True)
        thread.start()
        return thread

    # Mentions come in.

    def poll(self, name: str) -> None:
        platform, ledger = self._parts.platforms[name], self._parts.ledger
        try:
            self._check_account(name)
            cursor = self._rewound(name, ledger.cursor(name))
            if cursor is None:
                cursor = self._bot.cursor_backup.oldest(name)
                if cursor is None:
                    cursor = platform.newest()
                    ledger.first_sync_done(name)
                self._bot.cursor_backup.note(name, cursor)
                ledger.record(name, (), cursor)
                log.info("first look", extra={"platform": name})
            for page in platform.pages(cursor):
                point(Point.POLLED)
                new = ledger.record(name, page.mentions, page.cursor)
                if new:
                    self._parts.metrics.mentions.labels(name).inc(new)
                    self._intake.set()
                self._bot.cursor_backup.note(name, page.cursor)
                if self._stop.is_set():
                    return
            ledger.first_sync_done(name)
        except PlatformError as exc:
            self._serves[name] = isinstance(exc, RateLimited)
            self._parts.metrics.platform_failed(name, exc)
            raise
        self._serves[name] = True
        self._parts.metrics.polled(name)
        self._bot.health.polled(name)

    def _check_account(self, name: str) -> None:
        """Another server or account than before is followed from its own first look on."""
        platform = self._parts.platforms[name]
        if name in self._checked or not isinstance(platform, Accounted):
            return
        account = platform.account()
        if self._parts.ledger.belong_to(name, account):
            log.warning("another account than before", extra={"platform": name, "account": account})
            self._bot.cursor_backup.forget(name)
        self._checked.add(name)

    def _rewound(self, name: str, cursor: str | None) -> str | None:
        """The cursor to poll from; asked once an hour whether the platform counts anew."""
        platform = self._parts.platforms[name]
        if cursor is None or not isinstance(platform, Rewinds) or not self._is_time(f"rewound-{name}", _HOUR_S):
            return cursor
        lower = platform.rewound(cursor)
        if lower is None:
            return cursor
        log.error("mentions are counted anew", extra={"platform": name, "cursor": cursor, "now": lower})
        self._parts.metrics.rewound.labels(name).inc()
        self._bot.cursor_backup.forget(name)
        self._parts.ledger.record(name, (), lower)
        return lower

    def _receive_round(self) -> None:
        """Hands due rows to the pool, as many as there is room for."""
        ledger = self._parts.ledger
        with self._busy_lock:
            busy = len(self._busy)
        room = min(self._intervals.in_flight - ledger.in_flight() - busy, 4 * self._intervals.fetchers - busy)
        rows = ledger.due(State.READY, limit=self._intervals.fetchers)
        if room > 0:
            rows += ledger.due(State.NEW, limit=room + busy)
        for row in rows:
            if self._stop.is_set():
                return
            with self._busy_lock:
                if row.key in self._busy:
                    continue
                self._busy.add(row.key)
            # Also when it is cancelled, or a bot told to stop would wait for what was never begun.
            self._pool.submit(self._receive, row).add_done_callback(partial(self._received, row))

    def _receive(self, row: Row) -> None:
        point(Point.RECORDED)
        self._attempt(row)

    def _attempt(self, row: Row) -> BotError | None:
        return attempt(self._bot.step, self._parts, row, serves=self._serves.get(row.platform, True))

    def _received(self, row: Row, _: object) -> None:
        with self._busy_lock:
            self._busy.discard(row.key)
        self._intake.set()
        self._posts[row.platform].set()

    # Paintings come back.

    def _deliver_round(self) -> None:
        """Waits for some outcome and takes it; once a second looks at every open job, which finds the lost, too.

        Looking at all of them at each outcome would cost, in a flood, two hundred looks for one painting.
        """
        try:
            ended = self._parts.queue.wait(self._intervals.outcomes_s)
            self._parts.metrics.transport_up.set(1)
        except TransportDown:
            self._parts.metrics.transport_up.set(0)
            raise
        ledger, all_of_them = self._parts.ledger, self._is_time("look", self._intervals.look_s)
        rows = ledger.due(State.QUEUED, limit=_ALL) if all_of_them else ledger.of_jobs(ended)
        for row in rows:
            if row.state is State.QUEUED and isinstance(self._attempt(row), TransportDown):
                break
            if self._stop.is_set():
                return
        for event in self._posts.values():
            event.set()
        if self._is_time("room", self._intervals.room_s):
            make_room(self._parts)
        if self._is_time("measure", self._intervals.notes_s):
            measure(self._parts)

    # Answers go out.

    def _post_round(self, name: str) -> None:
        """Every row that is due, once. After a pause it goes on behind the row that was tried last."""
        tried = self._tried[name]
        due = partial(self._parts.ledger.due, State.DECIDED, State.POSTING, platform=name, limit=_ALL)
        while rows := [row for row in due() if row.key not in tried]:
            for row in rows:
                if self._stop.is_set():
                    return
                tried.add(row.key)
                self._post(row)
                if row.attempts:
                    break  # it may have taken its time: those without trouble come first again
        tried.clear()

    def _post(self, row: Row) -> None:
        """Raises what concerns everybody, to pause the platform's posts.

        A rate limit does not: it may be for pictures only, or for looking, and its row knows when it is over.
        """
        met = self._attempt(row)
        self._intake.set()
        if met is not None and is_shared(met) and not isinstance(met, RateLimited):
            raise met

    def _care_round(self, name: str) -> None:
        parts = self._parts
        seek_strays(parts, name)
        delete_posts(parts, name)
        follow_deletions(parts, name)
        forget_pictures(parts)
        if self._is_time(f"tidy-{name}", self._intervals.tidy_s):
            tidy(parts)
        waiting = parts.ledger.due(State.QUEUED, limit=_ALL, platform=name)
        follow_waiting(parts, name, waiting)
        for row in waiting:
            note(parts, row)

    def _is_time(self, what: str, every_s: float) -> bool:
        now = time.monotonic()
        if now - self._last.get(what, -every_s) < every_s:
            return False
        self._last[what] = now
        return True
