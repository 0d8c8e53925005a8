"""The ways in which a server misbehaves, chosen by a plan with a seed; only for tests, and off unless asked for."""

import random
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field


class Fault(StrEnum):
    """What goes wrong with one request."""

    REFUSE = "refuse"
    """Answer `status` with a JSON error; nothing happens."""
    RATE_LIMIT = "rate_limit"
    """429, with `reset_s` in X-RateLimit-Reset when it is given."""
    ERROR_BEFORE = "error_before"
    """Answer `status` with an HTML page; nothing happens."""
    ERROR_AFTER = "error_after"
    """The same, after it happened."""
    RESET_BEFORE = "reset_before"
    """Cut the connection; nothing happens."""
    RESET_AFTER = "reset_after"
    """Cut the connection after it happened."""
    HTML = "html"
    """200 with an HTML page, after it happened."""
    NULLS = "nulls"
    """200 with a JSON object without an id, after it happened."""
    SLOW = "slow"
    """Wait `delay_s` after it happened, then answer properly."""
    BAD_RESET = "bad_reset"
    """Answer properly, with an X-RateLimit-Reset that is no time."""


class _Plain(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Rule(_Plain):
    """When a fault strikes."""

    do: Fault
    method: str = "POST"
    path: str = "/api/v1/statuses"
    """Struck when the request's path starts with this."""
    chance: float = Field(1.0, ge=0, le=1)
    times: int | None = None
    """After so many strikes the rule is spent; None for never."""
    status: int = 503
    reset_s: float | None = None
    delay_s: float = 0.0
    message: str = "Something went wrong"


class FaultPlan(_Plain):
    """A whole misbehaving server: rules for single requests, and habits."""

    seed: int = 0
    rules: tuple[Rule, ...] = ()
    listed_after_s: float = 0.0
    """A new post shows in threads and lists only after this."""
    late_notification_s: float = 0.0
    late_notification_chance: float = 0.0
    """Notifications that show only after a while, when newer ones were seen already."""
    processing_s: float = 0.0
    """Media answer 202 and 206 for so long."""
    resolved_after_s: float = 0.0
    """A post's parent and the post it quotes show only after this, as for posts from other servers."""
    ignore_keys: bool = False
    """Idempotency-Key is ignored, as on GoToSocial and Pixelfed."""
    repeats_answer_500: bool = False
    """A repeated key answers 500, as mastodon/mastodon#40399."""
    number_ids: bool = False
    """Ids are JSON integers."""
    bad_token_status: int = 401
    version: str = "4.5.0"
    videos: bool = True
    """Whether films are taken, as on most servers."""
    policy: bool = True
    """Whether /api/v2/notifications/policy exists."""
    limits: dict[str, tuple[int, float]] = {}
    """Bucket -> (requests, seconds); buckets: api, paging, uploads, posts, deletes."""


class Faults:
    """The plan in force, and how much of it is spent."""

    def __init__(self) -> None:
        self.load(FaultPlan())

    def load(self, plan: FaultPlan) -> None:
        """Put another plan in force."""
        self.plan = plan
        self._dice = random.Random(plan.seed)
        self._left = [rule.times for rule in plan.rules]

    def strike(self, method: str, path: str) -> Rule | None:
        """The first rule that strikes this request."""
        for index, rule in enumerate(self.plan.rules):
            left = self._left[index]
            if rule.method != method or not path.startswith(rule.path) or left == 0:
                continue
            if self._dice.random() < rule.chance:
                self._left[index] = None if left is None else left - 1
                return rule
        return None

    def notification_delay_s(self) -> float:
        """Seconds after which the next notification shows."""
        late = self._dice.random() < self.plan.late_notification_chance
        return self.plan.late_notification_s if late else 0.0
