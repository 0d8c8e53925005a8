"""What is played: a crowd under a injector, and a tour of the points where a process can die."""

import time
from collections import Counter
from dataclasses import dataclass, field, replace

from bot.crashpoints import VARIABLE, Point
from tests.faults.fault_injector import DESTROYED, PROCESSES, REDIS, FaultInjector
from tests.faults.observations import FaultRates, Seen
from tests.faults.stage import START_LIMIT_S, Stage, stage

BOT_POINTS: tuple[str, ...] = tuple(Point)
WORKER_POINTS = ("W1", "W2", "W3", "W4")
ALL_POINTS = BOT_POINTS + WORKER_POINTS
_TRIES = 3
"""To bring a process to a point: a mention may be answered before the platform misbehaves."""


@dataclass(frozen=True)
class Plan:
    """One run."""

    platform: str = "mastodon"
    mentions: int = 40
    seed: int = 1
    minutes: float = 5.0
    every_s: float = 5.0
    """Between two strikes."""
    redis_too: bool = False
    before: float = 0.02
    after: float = 0.06
    reads: float = 0.02
    lag_s: float = 0.0
    horizon_s: float = 4.0
    rate: float = 20.0
    """Mentions a second, at most."""
    workers: int = 1


@dataclass
class Report:
    """What came of a run."""

    name: str
    plan: Plan
    seen: Seen
    wall_s: float
    sketched: int
    deeds: "Counter[str]" = field(default_factory=Counter)

    @property
    def good(self) -> bool:
        """Nothing lost, nothing twice, hardly anything painted again."""
        seen = self.seen
        return not seen.lost and not seen.doubled and len(seen.mentions) > 0 and self.sketched <= self.allowed

    @property
    def allowed(self) -> float:
        """Paintings that may be begun: a tenth more than mentions, one for each kill, and again what was wiped."""
        kills = sum(count for deed, count in self.deeds.items() if deed.startswith("kill") or deed in ALL_POINTS)
        return 1.1 * len(self.seen.mentions) + kills + self.deeds[DESTROYED]

    @property
    def row(self) -> tuple[str, ...]:
        seen = self.seen
        painted = sum(1 for name in seen.mentions if seen.paintings[name])
        deaths = ", ".join(f"{count} {deed}" for deed, count in sorted(self.deeds.items()))
        begun = f"{self.sketched} of {self.allowed:.0f}"
        figures = (self.plan.seed, len(seen.mentions), painted, len(seen.lost), len(seen.doubled), begun)
        return (self.name, self.plan.platform, *map(str, figures), f"{self.wall_s:.0f} s", deaths)


def storm(plan: Plan, name: str = "storm") -> Report:
    """A crowd mentions us while everything dies around; then all is left in peace until it is quiet."""
    began_s = time.monotonic()
    with stage(plan.platform, workers=plan.workers, horizon_s=plan.horizon_s) as installed:
        installed.world.misbehave(FaultRates(plan.seed, plan.before, plan.after, plan.reads, plan.lag_s))
        injector = FaultInjector(installed, plan.seed, PROCESSES + (REDIS if plan.redis_too else ()))
        strike_s, sent, end_s = began_s + plan.every_s, 0, began_s + plan.minutes * 60
        while time.monotonic() < end_s:
            now_s = time.monotonic()
            due = min(plan.mentions, int((now_s - began_s) * plan.rate))
            if sent < due:
                installed.world.mention(due - sent)
                sent = due
            if now_s >= strike_s:
                injector.strike()
                strike_s = time.monotonic() + plan.every_s
            if sent == plan.mentions and not installed.world.seen().lost:
                break
            time.sleep(0.1)
        installed.world.misbehave(FaultRates(plan.seed, lag_s=plan.lag_s))
        return _report(name, plan, installed, injector.done, began_s)


def tour(plan: Plan, points: tuple[str, ...] = ALL_POINTS, kills: int = 1) -> Report:
    """The bot or the painter dies at each named point, `kills` times each, while mentions come in."""
    began_s, deeds = time.monotonic(), Counter[str]()
    with stage(plan.platform, horizon_s=plan.horizon_s) as installed:
        installed.minding = False
        for point in points:
            for _ in range(kills):
                _die_at(installed, point, max(1, plan.mentions // (len(points) * kills)), plan)
                deeds[point] += 1
        installed.minding = True
        installed.world.misbehave(FaultRates(plan.seed, lag_s=plan.lag_s))
        return _report("tour", plan, installed, deeds, began_s)


def _die_at(installed: Stage, point: str, mentions: int, plan: Plan) -> None:
    """One life that ends at `point`, and the start of the next."""
    painting = point in WORKER_POINTS
    actor = installed.workers[0] if painting else installed.bot
    actor.kill()
    actor.start(**{VARIABLE: point})
    for _ in range(_TRIES):
        before = _replies(installed)
        installed.world.mention(mentions)
        installed.world.misbehave(_rates_for(point, plan))
        end_s = time.monotonic() + START_LIMIT_S / _TRIES
        while actor.alive() and time.monotonic() < end_s:
            if point == Point.SENT and _replies(installed) > before:
                actor.kill()
            time.sleep(0.02)
        if not actor.alive():
            break
    else:
        raise TimeoutError(f"nothing died at {point}")
    installed.world.misbehave(FaultRates(plan.seed, lag_s=plan.lag_s))
    actor.start()


def _replies(installed: Stage) -> int:
    return sum(installed.world.seen().replies.values())


def _rates_for(point: str, plan: Plan) -> FaultRates:
    """What the platform has to do for a process to come to this point."""
    calm = FaultRates(plan.seed, lag_s=plan.lag_s)
    match point:
        case Point.SENT:
            return replace(calm, answer_s=1.0)
        case Point.LOOKED_FOR:
            return replace(calm, failing=2)  # one may strike the favourite that comes before the post
    return calm


def _report(name: str, plan: Plan, installed: Stage, deeds: "Counter[str]", began_s: float) -> Report:
    seen = installed.settled(plan.horizon_s + 2, plan.minutes * 60 + 120)
    return Report(name, plan, seen, time.monotonic() - began_s, installed.sketched, deeds)
