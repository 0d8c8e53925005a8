"""`python -m tests.faults --scene SCENE`: play it, print what was seen and measured, fail on anything lost or twice.

storm     SIGKILL and SIGSTOP of bot, workers and painters while a crowd mentions us and the platform misbehaves
flood     the same, and Redis killed and wiped
tour      a death at each of the sixteen named points, `--kills` times each
control   X with a horizon shorter than its visibility lag, which has to produce doubles: the oracle can see one
figures   single deaths with a stopwatch
burst     ten thousand mentions in a minute from two hundred people (R13)
soak      twenty thousand mentions at a steady pace (R17)
rolling   `--restarts` times told to end and started again (R11)
crew      how much more several workers paint than one
real      torch paints, and is killed `--kills` times in mid-painting, alone and with its supervisor
hardship  a full disk, a read-only one, a jumping clock, 64 descriptors (R18)
all       storm, flood, tour, control and figures
"""

import argparse
import sys
from collections.abc import Callable
from dataclasses import replace

from rich.console import Console
from rich.table import Table

from tests.faults.burst import Burst, burst
from tests.faults.crew import crew
from tests.faults.figure import Figure, show
from tests.faults.figures import measure
from tests.faults.hardship import hardships
from tests.faults.real import real
from tests.faults.rolling import rolling
from tests.faults.scenes import BOT_POINTS, WORKER_POINTS, Plan, Report, storm, tour
from tests.faults.soak import Soak, soak

HEADINGS = ("scene", "platform", "mentions", "painted", "lost", "twice", "begun", "wall", "deeds")
SCENES = ("storm", "flood", "tour", "control", "figures", "burst", "soak", "rolling", "crew", "real", "hardship", "all")
MANY = {"burst": Burst.mentions, "soak": Soak.mentions, "real": 8}


def main() -> None:
    asked = _asked()
    platforms = ["mastodon", "x"] if asked.platform == "both" else [asked.platform]
    plans = [_plan(asked, platform) for platform in platforms]
    reports = [report for plan in plans for report in _reports(asked, plan)]
    fine = all(report.good for report in reports)
    if asked.scene in {"control", "all"}:
        plan = Plan("x", asked.mentions, asked.seed, asked.minutes, 2.5, lag_s=3.0, horizon_s=0.5, after=0.2)
        reports.append(storm(plan, "control"))
        fine = fine and bool(reports[-1].seen.doubled)
    if reports:
        _print(reports)
    for title, measured in _figures(asked, plans).items():
        fine = show(title, measured()) and fine
    sys.exit(0 if fine else 1)


def _asked() -> argparse.Namespace:
    form = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__, formatter_class=form)
    parser.add_argument("--scene", choices=SCENES, default="all")
    parser.add_argument("--platform", choices=["mastodon", "x", "both"], default="both")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--mentions", type=int, help="200; 10,000 in a burst, 20,000 in a soak, 8 of real paintings")
    parser.add_argument("--every", type=float, default=5, help="seconds between two deaths")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--kills", type=int, default=1, help="deaths at each crash point")
    parser.add_argument("--restarts", type=int, default=100)
    parser.add_argument("--rate", type=float, default=Soak.rate, help="mentions a second in a soak")
    asked = parser.parse_args()
    asked.mentions = asked.mentions or MANY.get(asked.scene, 200)
    return asked


def _plan(asked: argparse.Namespace, platform: str) -> Plan:
    plan = Plan(platform, asked.mentions, asked.seed, asked.minutes, asked.every, workers=asked.workers)
    # X shows a post to its own author late; how late was never measured, so ten seconds are supposed.
    return replace(plan, lag_s=10.0, horizon_s=15.0) if platform == "x" else plan


def _reports(asked: argparse.Namespace, plan: Plan) -> list[Report]:
    """Of the scenes that are judged by lost and twice alone."""
    reports = []
    if asked.scene in {"tour", "all"}:
        short = replace(plan, lag_s=2.0, horizon_s=6.0) if plan.platform == "x" else plan
        reports.append(tour(short, BOT_POINTS + WORKER_POINTS, asked.kills))
    if asked.scene in {"storm", "all"}:
        reports.append(storm(plan))
    if asked.scene in {"flood", "all"}:
        reports.append(storm(replace(plan, redis_too=True, every_s=asked.every * 0.6), "flood"))
    return reports


def _figures(asked: argparse.Namespace, plans: list[Plan]) -> dict[str, Callable[[], list[Figure]]]:
    """Of the scenes that measure."""
    crowd = Burst(asked.mentions, minutes=asked.minutes, seed=asked.seed, workers=asked.workers)
    steady = Soak(asked.mentions, asked.rate, minutes=asked.minutes, seed=asked.seed)
    known: dict[str, Callable[[], list[Figure]]] = {
        "figures": measure,
        "burst": lambda: burst(crowd),
        "soak": lambda: soak(steady),
        "rolling": lambda: [figure for plan in plans for figure in rolling(plan, asked.restarts)],
        "crew": crew,
        "real": lambda: [figure for plan in plans for figure in real(plan, asked.kills)],
        "hardship": hardships,
    }
    wanted = "figures" if asked.scene == "all" else asked.scene
    return {wanted: known[wanted]} if wanted in known else {}


def _print(reports: list[Report]) -> None:
    table = Table()
    for heading in HEADINGS:
        table.add_column(heading)
    for report in reports:
        table.add_row(*report.row)
    console = Console(width=160)
    console.print(table)
    for report in reports:
        for what, names in (("lost", report.seen.lost), ("twice", report.seen.doubled)):
            if names:
                console.print(f"{report.name} {report.plan.platform}: {what}: {' '.join(names[:20])}")


if __name__ == "__main__":
    main()
