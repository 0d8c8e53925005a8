"""R13: ten thousand mentions in a minute from two hundred people of four instances, and a few who ask once."""

import random
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from tests.faults.gauges import MB, Gauges
from tests.faults.mastodon import Mastodon
from tests.faults.metric import Metric
from tests.faults.observations import FaultRates, pictures
from tests.faults.stage import Stage, stage

PER_PERSON = 3
INSTANCES = 4
POSTERS = 8


@dataclass(frozen=True)
class Burst:
    """What comes in."""

    mentions: int = 10_000
    people: int = 200
    seconds: float = 60.0
    innocents: int = 20
    """People who ask once, somewhere in the middle."""
    per_instance: int = 100
    """Less than its people would be allowed together, so that both quotas are reached."""
    minutes: float = 20.0
    seed: int = 1
    workers: int = 1


@dataclass(frozen=True)
class Wish:
    """One mention, its pictures uploaded already, and when it is posted."""

    token: str
    media: tuple[str, ...]
    at_s: float


def burst(plan: Burst) -> list[Metric]:
    """Plays it on Mastodon, waits until every row has come to its end, and judges by what the platform saw."""
    quotas = {"QUOTA_10_MIN": PER_PERSON, "QUOTA_DAY": 20, "QUOTA_INSTANCE_HOUR": plan.per_instance}
    settings = {f"STYLESMITH_{name}": str(value) for name, value in quotas.items()}
    with stage("mastodon", settings, workers=plan.workers) as installed:
        world = installed.world
        assert isinstance(world, Mastodon)
        world.misbehave(FaultRates())
        crowd = [world.person(f"person{n}@town{n % INSTANCES}.example") for n in range(plan.people)]
        calm = [world.person(f"innocent{n}@village.example") for n in range(plan.innocents)]
        wishes = _wishes(plan, world, crowd, calm)
        with Gauges(installed, every_s=0.5) as gauges:
            sending_s = _post(world, wishes)
            _until_quiet(gauges, plan)
        return _judged(plan, installed, gauges, calm, sending_s)


def _wishes(plan: Burst, world: Mastodon, crowd: Sequence[str], calm: Sequence[str]) -> list[Wish]:
    """Everything uploaded beforehand, as people do while they write."""
    dice = random.Random(plan.seed)
    tokens = [(crowd[n % len(crowd)], dice.uniform(0, plan.seconds)) for n in range(plan.mentions - len(calm))]
    tokens += [(token, dice.uniform(plan.seconds * 0.3, plan.seconds)) for token in calm]

    def upload(number: int) -> Wish:
        token, at_s = tokens[number]
        return Wish(token, tuple(world.upload(token, data) for data in pictures(number)), at_s)

    with ThreadPoolExecutor(POSTERS) as posters:
        return sorted(posters.map(upload, range(len(tokens))), key=lambda wish: wish.at_s)


def _post(world: Mastodon, wishes: Sequence[Wish]) -> float:
    """Each at its moment, as far as this machine can; how many seconds it took."""
    began_s = time.monotonic()

    def post(wish: Wish) -> None:
        time.sleep(max(0.0, began_s + wish.at_s - time.monotonic()))
        world.say(wish.token, "", wish.media)

    with ThreadPoolExecutor(POSTERS) as posters:
        list(posters.map(post, wishes))
    return time.monotonic() - began_s


def _until_quiet(gauges: Gauges, plan: Burst) -> None:
    end_s = time.monotonic() + plan.minutes * 60
    while time.monotonic() < end_s:
        recorded = gauges.asked("SELECT count(*) FROM mention")[0][0]
        if recorded >= plan.mentions and not gauges.open():
            return
        time.sleep(1)


def _judged(plan: Burst, installed: Stage, gauges: Gauges, calm: Sequence[str], sending_s: float) -> list[Metric]:
    world = installed.world
    assert isinstance(world, Mastodon)
    said, innocent = world.said(), {world.ids[token] for token in calm}
    mentions = {one.id: one for one in said if not one.parent and one.id}
    replies = [one for one in said if one.parent in mentions]
    painted = [one for one in replies if one.media]
    told = Counter(mentions[one.parent].account for one in replies if not one.media)
    people, places = (Counter(of(mentions[one.parent].account) for one in painted) for of in (str, world.host))
    crowded = {world.host(mention.account) for mention in mentions.values()} - {"village.example"}
    admitted = gauges.asked("SELECT count(*) FROM mention WHERE admitted_at IS NOT NULL")[0][0]
    waits = sorted(one.at - mentions[one.parent].at for one in painted if mentions[one.parent].account in innocent)
    first, last = min(m.at for m in mentions.values()), max(one.at for one in painted)
    share_s = (plan.people + plan.innocents) * (last - first) / max(1, len(painted))
    expected = min(plan.per_instance, PER_PERSON * plan.people // INSTANCES)
    off = {place: places[place] for place in sorted(crowded) if places[place] != expected}
    twice = sum(1 for count in Counter(one.parent for one in replies).values() if count > 1)
    sent = f"{len(mentions):,} mentions sent in {sending_s:.0f} s"
    return [
        Metric("mentions that never came to their end", plan.mentions - len(mentions) + gauges.open(), 0, "", sent),
        Metric("mentions answered twice", twice, 0, ""),
        Metric("allowed and not painted", admitted - len(painted), 0, "", f"{len(painted)} painted"),
        Metric("most paintings for one person", max(people.values()), PER_PERSON, ""),
        Metric("instances off their quota", len(off), 0, "", f"{expected} each, but for {off or 'none'}"),
        Metric(
            "people told more than once to wait", sum(count > 1 for count in told.values()), 0, "", f"{len(told)} told"
        ),
        Metric("innocents without a painting", len(innocent) - len(waits), 0, ""),
        Metric("longest wait of an innocent", max(waits, default=0), 2 * share_s, "s", "twice a fair share"),
        Metric("bot, memory", gauges.most(lambda now: now.bot_bytes) / MB, 300, "MB"),
        Metric("rows in flight", gauges.most(lambda now: now.in_flight), 200, ""),
        Metric("Redis, memory", gauges.most(lambda now: now.redis_bytes) / MB, 50, "MB"),
    ]
