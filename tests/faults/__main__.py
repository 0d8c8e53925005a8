"""`python -m tests.faults --seed N --minutes M --mentions K`: play the scenes, print a table, fail on lost or double.

`--scene control` plays X with a horizon shorter than its visibility lag, which has to produce doubles: it proves that
the oracle can see one.
"""

import argparse
import sys
from dataclasses import replace

from rich.console import Console
from rich.table import Table

from tests.faults.figures import Figure, measure
from tests.faults.scenes import BOT_POINTS, WORKER_POINTS, Plan, Report, storm, tour

HEADINGS = ("scene", "platform", "mentions", "painted", "lost", "twice", "begun", "wall", "deeds")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--mentions", type=int, default=200)
    parser.add_argument("--every", type=float, default=5, help="seconds between two deaths")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--kills", type=int, default=1, help="deaths at each crash point")
    parser.add_argument("--platform", choices=["mastodon", "x", "both"], default="both")
    parser.add_argument("--scene", choices=["storm", "flood", "tour", "control", "figures", "all"], default="all")
    asked = parser.parse_args()
    platforms = ["mastodon", "x"] if asked.platform == "both" else [asked.platform]
    reports: list[Report] = []
    fine = True
    for platform in platforms:
        plan = Plan(platform, asked.mentions, asked.seed, asked.minutes, asked.every, workers=asked.workers)
        if platform == "x":
            plan = replace(plan, lag_s=2.0, horizon_s=6.0)
        if asked.scene in {"tour", "all"}:
            reports.append(tour(plan, BOT_POINTS + WORKER_POINTS, asked.kills))
        if asked.scene in {"storm", "all"}:
            reports.append(storm(plan))
        if asked.scene in {"flood", "all"}:
            reports.append(storm(replace(plan, redis_too=True, every_s=asked.every * 0.6), "flood"))
        fine = fine and all(report.good for report in reports)
    if asked.scene in {"control", "all"}:
        plan = Plan("x", asked.mentions, asked.seed, asked.minutes, 2.5, lag_s=3.0, horizon_s=0.5, after=0.2)
        control = storm(plan, "control")
        reports.append(control)
        fine = fine and bool(control.seen.doubled)
    if asked.scene in {"figures", "all"}:
        fine = _show(measure()) and fine
    _print(reports)
    sys.exit(0 if fine else 1)


def _show(figures: list[Figure]) -> bool:
    table = Table("what", "took", "at most", "")
    for figure in figures:
        table.add_row(figure.what, f"{figure.seconds:.1f} s", f"{figure.at_most_s:.0f} s", figure.note)
    Console(width=160).print(table)
    return all(figure.good for figure in figures)


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
