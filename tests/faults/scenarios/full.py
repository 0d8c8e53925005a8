"""A Redis full of our own pictures, and floods of wishes and words against the quotas."""

import random

import redis
from PIL import Image

from tests.faults.observations import HANDLE, png
from tests.faults.oracle import Ask, Verdict
from tests.faults.scenarios.scenario import Context, Scenario

ROOM_BYTES = 4 * 2**20
"""What Redis may take beside what it uses when the scenario begins."""
NOISE_PX = 260
WORDS = ("help", "which styles?", "delete", "again")
PER_10_MIN = 3


class Full(Scenario):
    """Workers are paused while more pictures come in than Redis may hold; two people ask without end."""

    name = "full"
    kills = ("kill bot", "kill bot", "kill worker")

    def settings(self) -> dict[str, str]:
        return {"STYLESMITH_QUOTA_10_MIN": str(PER_10_MIN), "STYLESMITH_QUOTA_DAY": "20"}

    def ask(self, context: Context, number: int) -> None:
        if number == 0:
            context.command("queue", "pause")
            self._limit(context)
        context.asked(context.dice.choices((_innocent, _greedy, _talking), (3, 1, 1))[0](context, number))
        if number == context.run.mentions - 1:
            context.command("queue", "resume")

    def _limit(self, context: Context) -> None:
        with context.installed.connection() as connection:
            used = int(connection.info("memory")["used_memory"])
            connection.config_set("maxmemory", used + ROOM_BYTES)

    def finish(self, context: Context) -> Verdict:
        """Nobody is answered beyond the quota; that it is used up is said once."""
        verdict, posts = context.verdict(), context.world.ours()
        for who in ("greedy", "talker"):
            asked = {ask.id for ask in context.asks.values() if ask.who == who}
            answers = [post for post in posts if post.mention in asked]
            if len(answers) > PER_10_MIN + 1 or sum(post.media > 0 for post in answers) > PER_10_MIN:
                verdict.doubled.append(f"{who} was answered {len(answers)} times")
        return verdict

    def settled(self, context: Context) -> bool:
        return not context.open() and self._has_room(context)

    def _has_room(self, context: Context) -> bool:
        """Whether Redis came free of the pictures of what is done."""
        try:
            with context.installed.connection() as connection:
                return sum(1 for _ in connection.scan_iter("stylesmith:blob:*")) <= 2
        except redis.RedisError:
            return False


def _noise(number: int) -> list[bytes]:
    """What no format packs well."""
    dice, size = random.Random(number), (NOISE_PX, NOISE_PX)
    return [png(Image.frombytes("RGB", size, dice.randbytes(3 * NOISE_PX**2))) for _ in range(2)]


def _innocent(context: Context, number: int) -> Ask:
    who = f"calm{number}"
    return Ask(context.world.write(who, HANDLE, _noise(number)), who, pictures=True)


def _greedy(context: Context, number: int) -> Ask:
    return Ask(context.world.write("greedy", HANDLE, _noise(number)), "greedy", "greedy", least=0)


def _talking(context: Context, number: int) -> Ask:
    words = f"{HANDLE} {context.dice.choice(WORDS)}"
    return Ask(context.world.write("talker", words), "talker", "talk", least=0)
