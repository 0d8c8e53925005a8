"""A Redis full of our own pictures, and floods of wishes and words against the quotas."""

import random

import redis
from PIL import Image

from tests.faults.evidence import HANDLE, png
from tests.faults.oracle import Ask, Verdict
from tests.faults.scenarios.play import Scenario, Theatre

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

    def ask(self, theatre: Theatre, number: int) -> None:
        if number == 0:
            theatre.command("queue", "pause")
            self._limit(theatre)
        theatre.asked(theatre.dice.choices((_innocent, _greedy, _talking), (3, 1, 1))[0](theatre, number))
        if number == theatre.run.mentions - 1:
            theatre.command("queue", "resume")

    def _limit(self, theatre: Theatre) -> None:
        with theatre.installed.connection() as connection:
            used = int(connection.info("memory")["used_memory"])
            connection.config_set("maxmemory", used + ROOM_BYTES)

    def finish(self, theatre: Theatre) -> Verdict:
        """Nobody is answered beyond the quota; that it is used up is said once."""
        verdict, posts = theatre.verdict(), theatre.world.ours()
        for who in ("greedy", "talker"):
            asked = {ask.id for ask in theatre.asks.values() if ask.who == who}
            answers = [post for post in posts if post.mention in asked]
            if len(answers) > PER_10_MIN + 1 or sum(post.media > 0 for post in answers) > PER_10_MIN:
                verdict.doubled.append(f"{who} was answered {len(answers)} times")
        return verdict

    def settled(self, theatre: Theatre) -> bool:
        return not theatre.open() and self._has_room(theatre)

    def _has_room(self, theatre: Theatre) -> bool:
        """Whether Redis came free of the pictures of what is done."""
        try:
            with theatre.installed.connection() as connection:
                return sum(1 for _ in connection.scan_iter("stylesmith:blob:*")) <= 2
        except redis.RedisError:
            return False


def _noise(number: int) -> list[bytes]:
    """What no format packs well."""
    dice, size = random.Random(number), (NOISE_PX, NOISE_PX)
    return [png(Image.frombytes("RGB", size, dice.randbytes(3 * NOISE_PX**2))) for _ in range(2)]


def _innocent(theatre: Theatre, number: int) -> Ask:
    who = f"calm{number}"
    return Ask(theatre.world.write(who, HANDLE, _noise(number)), who, pictures=True)


def _greedy(theatre: Theatre, number: int) -> Ask:
    return Ask(theatre.world.write("greedy", HANDLE, _noise(number)), "greedy", "greedy", least=0)


def _talking(theatre: Theatre, number: int) -> Ask:
    words = f"{HANDLE} {theatre.dice.choice(WORDS)}"
    return Ask(theatre.world.write("talker", words), "talker", "talk", least=0)
