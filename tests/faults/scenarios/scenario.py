"""How a scenario is played: mentions under kills, an end of the faults, a clock wound on until all is settled."""

import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from bot.ledger.rows import OPEN
from tests.faults.fault_injector import FaultInjector
from tests.faults.gauges import Gauges
from tests.faults.mastodon import Mastodon
from tests.faults.observations import until
from tests.faults.oracle import Ask, Verdict, judge
from tests.faults.proxy import Proxy, before
from tests.faults.stage import QUICK_PAINTER, START_LIMIT_S, Stage, stage
from tests.faults.wall_clock import WallClock
from tests.faults.x import X

KILLS = ("kill bot", "kill bot", "kill worker", "kill painter")
STYLESMITH = [sys.executable, "-c", "from bot.cli import main; main()"]
HOUR_S = 3600
_PAUSE_S = 1.5
"""Between two windings."""
PATIENCE_S = 240.0
"""Mentions without a fault of their own are waited for until none of them has got an answer for so long."""


_PATIENT = {
    "STYLESMITH_UNFINISHED_S": "0",
    "STYLESMITH_KEEP_INPUTS_H": "10000",
    "STYLESMITH_KEEP_OUTPUTS_H": "10000",
    "STYLESMITH_MAX_AGE_H": "10000",
}
"""However far the clock is wound."""


@dataclass(frozen=True)
class Run:
    """One play of a scenario."""

    platform: str = "mastodon"
    mentions: int = 12
    seed: int = 1
    rate: float = 4.0
    """Mentions a second, at most."""
    every_s: float = 6.0
    """Between two kills."""
    horizon_s: float = 3.0
    lag_s: float = 1.0
    minutes: float = 10.0
    """After which it is judged as it is."""


@dataclass
class Context:
    """What a scenario works with."""

    run: Run
    installed: Stage
    proxy: Proxy
    clock: WallClock
    injector: FaultInjector
    dice: random.Random
    asks: dict[str, Ask] = field(default_factory=dict)
    extra_begun: int = 0
    """Paintings that somebody asked to be made again."""
    deeds: "Counter[str]" = field(default_factory=Counter)
    """What was done beside the kills."""
    complaints: list[str] = field(default_factory=list)
    """What is wrong beside the four invariants."""
    stack: ExitStack = field(default_factory=ExitStack)
    """Ended with the play."""

    @property
    def world(self) -> Mastodon | X:
        return self.installed.world

    def asked(self, ask: Ask) -> Ask:
        self.asks[ask.id] = ask
        return ask

    def verdict(self) -> Verdict:
        return judge(self.asks.values(), self.world.ours())

    def command(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """What an operator types beside the running bot."""
        environment = self.installed.bot.full_environment()
        return subprocess.run([*STYLESMITH, *words], env=environment, capture_output=True, text=True, check=False)

    def open(self) -> int:
        """Mentions that have not come to their end."""
        return Gauges(self.installed).rows(*OPEN)

    def log(self) -> str:
        """What the bot wrote."""
        return self.installed.bot.log.read_text(errors="replace")

    def until(self, true: Callable[[], object], limit_s: float) -> bool:
        """Whether it came true in time."""
        return _waited(true, limit_s)

    def restart(self) -> None:
        """The bot is killed; who minds it starts it again."""
        self.installed.bot.kill()


class Scenario:
    """What every scenario can say and do; each says what is its own."""

    name = ""
    platforms: Sequence[str] = ("mastodon", "x")
    kills: Sequence[str] = KILLS
    painter: Sequence[str] = QUICK_PAINTER
    wind_s: int = HOUR_S
    """By how much the clock is wound on, again and again, until all is settled."""

    def settings(self) -> Mapping[str, str]:
        """Beside those of every installation."""
        return {}

    def ask(self, context: Context, number: int) -> None:
        """The next mention."""
        raise NotImplementedError

    def meanwhile(self, context: Context) -> None:
        """Now and then between two mentions."""

    def ready(self, context: Context) -> bool:
        """Whether all that has to happen while the faults last has happened."""
        return not _unanswered(context)

    def settled(self, context: Context) -> bool:
        """Whether nothing more is to come."""
        return not context.open() and not context.verdict().lost

    def calm(self, context: Context) -> None:
        """The faults end."""
        context.proxy.clear()

    def finish(self, context: Context) -> Verdict:
        """The last word, after everything is settled."""
        return context.verdict()


@dataclass
class Result:
    """What came of it."""

    name: str
    run: Run
    verdict: Verdict
    asks: dict[str, Ask]
    begun: int
    allowed: float
    wall_s: float
    deeds: "Counter[str]"
    complaints: list[str]

    @property
    def good(self) -> bool:
        return self.verdict.good and not self.complaints and self.begun <= self.allowed and bool(self.asks)

    @property
    def wrong(self) -> list[str]:
        """Ids of what broke an invariant."""
        return [*self.verdict.lost, *self.verdict.doubled, *self.verdict.leaked, *self.verdict.left]

    @property
    def row(self) -> tuple[str, ...]:
        counts = [len(one) for one in (self.verdict.lost, self.verdict.doubled, self.verdict.leaked, self.verdict.left)]
        deeds = ", ".join(f"{count} {deed}" for deed, count in sorted(self.deeds.items()))
        begun = f"{self.begun} of {self.allowed:.0f}"
        figures = (self.run.seed, len(self.asks), *counts, begun, f"{self.wall_s:.0f} s")
        return (self.name, self.run.platform, *map(str, figures), deeds)


def play(scenario: Scenario, run: Run) -> Result:
    """Plays it to its end."""
    began_s = time.monotonic()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="faults-clock-")))
        clock = WallClock(folder)
        settings = {**_PATIENT, **clock.environment(), **scenario.settings()}
        installed = stack.enter_context(
            stage(run.platform, settings, horizon_s=run.horizon_s, painter=scenario.painter)
        )
        proxy = stack.enter_context(before(installed.world.address, run.seed))
        installed.bot.environment |= installed.world.at(proxy.address)
        installed.world.late(run.lag_s)
        _behind_the_proxy(installed)
        injector = FaultInjector(installed, run.seed, tuple(scenario.kills))
        context = Context(run, installed, proxy, clock, injector, random.Random(run.seed), stack=stack)
        _mentions(scenario, context)
        _answer_others(scenario, context)
        held_up = _unanswered(context)
        scenario.calm(context)
        _settle(scenario, context)
        verdict = scenario.finish(context)
        verdict.lost = list(dict.fromkeys([*verdict.lost, *held_up]))
        _tell(context, verdict)
        kills = sum(count for deed, count in injector.done.items() if deed.startswith("kill"))
        allowed = 1.1 * len(context.asks) + kills + context.extra_begun
        wall_s = time.monotonic() - began_s
        figures = (verdict, context.asks, installed.sketched, allowed, wall_s, injector.done + context.deeds)
        return Result(scenario.name, run, *figures, complaints=context.complaints)


def _answer_others(scenario: Scenario, context: Context) -> None:
    """Waits for whoever has no fault of their own, while the faults last, for as long as it goes on."""

    def goes_on(unanswered: int) -> bool:
        return scenario.ready(context) or len(_unanswered(context)) < unanswered

    while not scenario.ready(context):
        left = len(_unanswered(context))
        if not _waited(partial(goes_on, left), PATIENCE_S):
            return


def _unanswered(context: Context) -> list[str]:
    """Mentions that nothing is wrong with."""
    return [one for one in context.verdict().lost if context.asks[one].kind == "plain"]


def _mentions(scenario: Scenario, context: Context) -> None:
    """All of them, each at its moment, while the injector strikes."""
    run = context.run
    began_s = time.monotonic()
    strike_s = began_s + run.every_s / 2
    for number in range(run.mentions):
        while (now_s := time.monotonic()) < began_s + number / run.rate:
            time.sleep(min(0.05, began_s + number / run.rate - now_s))
        scenario.ask(context, number)
        scenario.meanwhile(context)
        if time.monotonic() >= strike_s:
            context.injector.strike()
            strike_s = time.monotonic() + run.every_s


def _behind_the_proxy(installed: Stage) -> None:
    """Started again there. At another address it is another account, whose mentions it follows from then on."""
    begun = installed.bot.log.read_bytes().count(b"listening")
    installed.bot.kill()
    until(lambda: installed.bot.log.read_bytes().count(b"listening") > begun, START_LIMIT_S)
    if installed.world.name == "mastodon":
        until(lambda: installed.bot.log.read_bytes().count(b"first look") == 2, START_LIMIT_S)


def _settle(scenario: Scenario, context: Context) -> None:
    """Winds the clock on, so that pauses and watches of hours come to their end, until all is settled."""
    end_s = time.monotonic() + context.run.minutes * 60
    while not _waited(lambda: scenario.settled(context), _PAUSE_S) and time.monotonic() < end_s:
        context.clock.wind(scenario.wind_s)
    time.sleep(context.run.horizon_s + 1)


def _tell(context: Context, verdict: Verdict) -> None:
    """What each mention that went wrong came to, by the ledger."""
    gauges = Gauges(context.installed)
    for one in {*verdict.lost, *verdict.doubled, *verdict.leaked, *verdict.left} & context.asks.keys():
        found = gauges.asked("SELECT state, reason, attempts, round FROM mention WHERE id = ?", one)
        context.asks[one].end = str(found[0]) if found else "not in the ledger"


def _waited(true: Callable[[], object], limit_s: float) -> bool:
    end_s = time.monotonic() + limit_s
    while not true():
        if time.monotonic() > end_s:
            return False
        time.sleep(0.25)
    return True
