"""What is painted for a mention: its plan, one job a photo, and what came of each."""

from collections.abc import Iterable, Sequence

from bot.ledger.rows import ENDS, MENTION, PLAN, JobRow, Plan, Row, State, to_json
from bot.ledger.sources import keep_sources
from bot.ledger.statements import hold_pictures
from bot.ledger.store import marks
from bot.ledger.table import Table
from worker.contract import RenderJob


class Jobs(Table):
    def plan(self, row: Row, plan: Plan, jobs: Sequence[RenderJob]) -> Row:
        """`row` as ready, with its jobs and the pictures they hold, in one transaction."""
        with self.store.write() as db:
            db.execute("DELETE FROM job WHERE platform = ? AND mention = ?", row.key)
            for position, job in enumerate(jobs):
                db.execute(
                    "INSERT INTO job (id, platform, mention, position, job) VALUES (?, ?, ?, ?, ?)",
                    (job.id, *row.key, position, job.model_dump_json()),
                )
            hold_pictures(db, row, [*plan.photos, *plan.styles], painted=False)
            keep_sources(db, row, plan)
            changes = {"plan": to_json(PLAN, plan), "mention": to_json(MENTION, row.mention)}
            return self._move(db, row, State.READY, "", changes)

    def jobs(self, row: Row) -> list[JobRow]:
        """The paintings of `row`, in the order of its photos. Raises Unreadable."""
        found = self.store.rows("SELECT * FROM job WHERE platform = ? AND mention = ? ORDER BY position", *row.key)
        return [JobRow.of(r) for r in found]

    def of_jobs(self, job_ids: Iterable[str]) -> list[Row]:
        wanted = "WHERE (platform, id) IN (SELECT platform, mention FROM job WHERE id = ?)"
        return [row for job_id in dict.fromkeys(job_ids) for row in self._rows(wanted, job_id)]

    def ended(self, row: Row, job_id: str, outcome: str, painting: str = "") -> None:
        """Keeps the outcome of one job, and the key of its painting."""
        with self.store.write() as db:
            db.execute("UPDATE job SET outcome = ?, painting = ? WHERE id = ?", (outcome, painting, job_id))
            if painting:
                hold_pictures(db, row, [painting], painted=True)
                # Its mention may have been withdrawn, and its author forgotten, while the painting was taken.
                db.execute(
                    "UPDATE picture SET doomed = 1 WHERE key = ? AND (platform, mention) IN (SELECT platform, id"
                    f" FROM mention WHERE platform = ? AND id = ? AND state IN ({marks(ENDS)}))",
                    (painting, *row.key, *ENDS),
                )
