"""Who asked for how much and was told what: counted in the transaction that decides."""

from bot.clock import Clock
from bot.ledger.rows import Row, State
from bot.ledger.store import Store, first, marks
from bot.quota import Allowed, Quota, Verdict, Wait


class Tally:
    """Counts over the ledger's mentions."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def admit(self, row: Row, quota: Quota) -> Verdict:
        """Counts `row` against `quota` and, in the same transaction, admits it; admitting twice counts once."""
        now = self._clock.now()
        with self._store.write() as db:
            if first(db, "SELECT admitted_at FROM mention WHERE platform = ? AND id = ?", row.key) is not None:
                return Allowed()
            wait = Wait(0.0)
            for window in quota.windows:
                who = row.mention.author.id if window.of == "author" else row.mention.author.host
                # The limit-th newest admission: when it leaves the window, there is room again.
                full = first(
                    db,
                    f"SELECT admitted_at FROM mention WHERE platform = ? AND {window.of} = ? AND admitted_at > ?"
                    " AND admitted_at <= ? ORDER BY admitted_at DESC LIMIT 1 OFFSET ?",
                    (row.platform, who, now - window.seconds, now, max(0, window.limit - 1)),
                )
                if window.limit == 0:
                    full = now
                if full is not None:
                    wait = max(wait, Wait(full + window.seconds - now, window.of), key=lambda w: w.seconds)
            if wait.seconds > 0:
                return wait
            db.execute("UPDATE mention SET admitted_at = ? WHERE platform = ? AND id = ?", (now, *row.key))
        return Allowed()

    def told_within(self, row: Row, what: str, seconds: float) -> bool:
        """Whether this author was told `what` in the last `seconds`; if not, they count as told now."""
        now, author = self._clock.now(), row.mention.author.id
        with self._store.write() as db:
            at = first(
                db, "SELECT at FROM told WHERE platform = ? AND author = ? AND what = ?", (row.platform, author, what)
            )
            if at is not None and now - seconds < at <= now:
                return True
            db.execute("INSERT OR REPLACE INTO told VALUES (?, ?, ?, ?)", (row.platform, author, what, now))
        return False

    def answers_in_thread(self, row: Row, *, author: str = "", within_s: float = 0) -> int:
        """How many mentions of this thread (of this author, lately) were answered or are about to be."""
        since = self._clock.now() - within_s if within_s else 0
        silent = (State.NEW, State.IGNORED, State.WITHDRAWN)
        found = self._store.rows(
            "SELECT count(*) n FROM mention WHERE platform = ? AND thread = ? AND id <> ? AND (author = ? OR ? = '')"
            f" AND recorded_at > ? AND state NOT IN ({marks(silent)})",
            row.platform, row.thread, row.id, author, author, since, *silent,
        )  # fmt: skip
        return int(found[0]["n"])
