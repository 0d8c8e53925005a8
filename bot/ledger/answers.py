"""What is said to a mention: the answer that is decided, and the posts of ours that belong to it."""

from bot.ledger.rows import ANSWER, ENDS, MENTION, Answer, Post, PostKind, Row, State, to_json
from bot.ledger.statements import posts_of, remember
from bot.ledger.store import first_value, marks
from bot.ledger.table import SENT_BEFORE, StaleRow, Table


class Answers(Table):
    def decide(self, row: Row, answer: Answer) -> Row:
        mention = to_json(MENTION, row.mention)
        return self.move(row, State.DECIDED, answer=to_json(ANSWER, answer), mention=mention)

    def begin_posting(self, row: Row) -> Row:
        """`row` as `posting`, on disk before the request leaves. How often it had trouble stays."""
        reason = SENT_BEFORE if row.state is State.POSTING else ""
        boot, steady = self._clock.boot, self._clock.steady()
        return self.move(row, State.POSTING, reason, attempts=row.attempts, posting_boot=boot, posting_steady=steady)

    def not_posted(self, row: Row, reason: str) -> Row:
        """`row` as decided again: certainly nothing was posted. How often it had trouble stays."""
        return self.move(row, State.DECIDED, reason, attempts=row.attempts)

    def answered(self, row: Row, post_id: str, state: State, reason: str, watch_after_s: float | None) -> Row:
        """`row` at its end with our reply's id, in one transaction."""
        watch_at = None if watch_after_s is None else self._clock.now() + watch_after_s
        with self.store.write() as db:
            remember(db, Post(row.platform, post_id, row.id, PostKind.REPLY), self._clock.now())
            db.execute("UPDATE source SET watch_at = ? WHERE platform = ? AND mention = ?", (watch_at, *row.key))
            return self._move(db, row, state, reason, {"watch_at": watch_at})

    def remember(self, post: Post) -> None:
        """Records a post of ours, so that it is not taken for the reply."""
        with self.store.write() as db:
            remember(db, post, self._clock.now())

    def intend_note(self, row: Row) -> None:
        """A note is going to be sent, while `row` is queued: its answer waits until that note is found or settled.

        Raises StaleRow when `row` is queued no more."""
        with self.store.write() as db:
            there = "SELECT 1 FROM mention WHERE platform = ? AND id = ? AND state = ? AND round = ?"
            if not first_value(db, there, (*row.key, State.QUEUED, row.round)):
                raise StaleRow(f"{row.platform}/{row.id} is no longer queued")
            remember(db, Post(row.platform, row.id, row.id, PostKind.INTENDED_NOTE), self._clock.now())
            db.execute(
                "UPDATE post SET boot = ?, steady = ? WHERE platform = ? AND id = ?",
                (self._clock.boot, self._clock.steady(), *row.key),
            )

    def noted(self, row: Row, note_id: str) -> None:
        """The note that was intended for `row` has this id, or (empty) was never sent."""
        with self.store.write() as db:
            db.execute(
                "DELETE FROM post WHERE platform = ? AND id = ? AND kind = ?", (*row.key, PostKind.INTENDED_NOTE)
            )
            if note_id:
                remember(db, Post(row.platform, note_id, row.id, PostKind.NOTE), self._clock.now())
                # Its mention may have been answered or withdrawn while it was sent.
                late = f"SELECT 1 FROM mention WHERE platform = ? AND id = ? AND state IN ({marks(ENDS)})"
                if first_value(db, late, (*row.key, *ENDS)):
                    mark = "UPDATE post SET doomed = 1, due_at = ? WHERE platform = ? AND id = ?"
                    db.execute(mark, (self._clock.now(), row.platform, note_id))

    def posts(self, platform: str, mention_id: str) -> list[Post]:
        return posts_of(self.store.rows("SELECT * FROM post WHERE platform = ? AND mention = ?", platform, mention_id))

    def mention_of(self, platform: str, post_id: str) -> Row | None:
        found = self.store.rows("SELECT mention FROM post WHERE platform = ? AND id = ?", platform, post_id)
        return self.get(platform, found[0]["mention"]) if found else None
