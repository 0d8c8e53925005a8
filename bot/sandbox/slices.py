"""Parts of a list that is asked for page by page."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Slice:
    """Which part of a list is asked for (docs.joinmastodon.org/api/guidelines#pagination)."""

    limit: int
    max_id: int | None = None
    since_id: int | None = None
    min_id: int | None = None

    def clause(self) -> tuple[str, list[int]]:
        """SQL after WHERE …, and its values. `min_id` takes the page right above, `since_id` the newest page."""
        bounds = [("id < ?", self.max_id), ("id > ?", self.since_id), ("id > ?", self.min_id)]
        used = [(sql, value) for sql, value in bounds if value is not None]
        order = "ASC" if self.min_id is not None else "DESC"
        where = "".join(f" AND {sql}" for sql, _ in used)
        return f"{where} ORDER BY id {order} LIMIT ?", [*(value for _, value in used), self.limit]
