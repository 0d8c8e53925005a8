"""Who may see an answer: every mix of mention, post above or quoted, and "again", on a real server over HTTP.

Read as nobody in particular, as somebody who follows everybody, and as the person who asked.
"""

import itertools
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from PIL import Image

from tests.faults.mastodon import Mastodon
from tests.faults.observations import png
from tests.faults.stage import Stage, stage
from tests.faults.wall_clock import WallClock, can_shift

KINDS = ("public", "unlisted", "private", "direct")
OPEN = ("public", "unlisted")
LIMIT_S = 400.0
A_MINUTE_S = 62
"""Who is answered twice in a minute in one thread is taken for a loop; a narrow post has to name the bot."""
pytestmark = pytest.mark.timeout(1200)


@dataclass(frozen=True)
class Case:
    """One question, and who may see its answer."""

    mention: str
    above: str
    owner: str
    """`own` or `other`: whose post gives the photo."""
    quoted: bool = False

    @property
    def painted(self) -> bool:
        return self.owner == "own" or self.above in OPEN

    @property
    def open(self) -> bool:
        return self.mention in OPEN and self.above in OPEN


CASES = [Case(*mix) for mix in itertools.product(KINDS, KINDS, ("own", "other"))]
CASES += [Case("public", above, owner, quoted=True) for above in KINDS for owner in ("own", "other")]
IDS = [f"{c.mention} {'quoting' if c.quoted else 'under'} {c.owner} {c.above}" for c in CASES]


def shot(seed: int) -> bytes:
    """A small picture with something in it, different each time."""
    colour = Image.new("RGB", (64, 48), tuple(random.Random(seed).randbytes(3)))
    return png(Image.blend(colour, Image.linear_gradient("L").resize((64, 48)).convert("RGB"), 0.5))


class Room:
    """People on a server with the bot, and what they may read."""

    def __init__(self, world: Mastodon) -> None:
        self.world = world
        self.ann, self.ben, self.fay = (world.person(name) for name in ("ann", "ben", "fay"))
        self.bot = world._access.bot_token
        ours = self.call("GET", "/api/v1/accounts/verify_credentials", self.bot).json()["id"]
        for person in (self.ann, self.ben):
            self.call("POST", f"/api/v1/accounts/{world.ids[person]}/follow", self.fay).raise_for_status()
        self.call("POST", f"/api/v1/accounts/{ours}/follow", self.fay)
        self.call("POST", f"/api/v1/accounts/{world.ids[self.ann]}/follow", self.ben)

    def call(self, method: str, path: str, token: str = "", **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return self.world._http.request(method, path, headers=headers, **more)

    def say(self, token: str, text: str, shown: bytes | None = None, **more: Any) -> str:
        media = [self.world.upload(token, shown)] if shown else []
        answer = self.call("POST", "/api/v1/statuses", token, json={"status": text, "media_ids": media, **more})
        return str(answer.raise_for_status().json()["id"])

    def show(self, case: Case, number: int) -> str:
        """Ben or Ann posts a photo; its id."""
        photo = shot(2 * number)
        owner = self.ben if case.owner == "own" else self.ann
        named = "@stylesmith @ben look" if case.above not in OPEN else "look"
        return self.say(owner, named, photo, visibility=case.above, spoiler_text="theirs")

    def ask(self, case: Case, number: int, above: str) -> str:
        """Ben asks for the photo of `above` in the style that he attaches; the mention's id."""
        style = shot(2 * number + 1)
        where = {"quoted_status_id" if case.quoted else "in_reply_to_id": above}
        return self.say(self.ben, "@stylesmith in this style please", style, visibility=case.mention, **where)

    def answers(self, mentions: list[str]) -> dict[str, str]:
        """Our answers to these, once there is one to each."""
        end = time.monotonic() + LIMIT_S
        while True:
            found = {said.parent: said.id for said in self.world.said() if said.parent in mentions}
            if len(found) == len(mentions):
                return found
            assert time.monotonic() < end, f"{len(mentions) - len(found)} without an answer"
            time.sleep(0.5)

    def seen(self, post: str, token: str = "") -> int | None:
        """How many pictures of this post somebody sees; None where they may not see the post."""
        answer = self.call("GET", f"/api/v1/statuses/{post}", token)
        return len(answer.json()["media_attachments"]) if answer.status_code == 200 else None


@dataclass
class Told:
    """What was answered to each case, and to "again" under it."""

    room: Room
    first: list[str]
    again: dict[int, str]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    clock = WallClock(tmp_path_factory.mktemp("clock"))
    shifted = clock.environment() if can_shift() else {}
    with stage("mastodon", {"STYLESMITH_UNFINISHED_S": "0", **shifted}) as installed:
        yield conversation(installed, clock.wind if shifted else time.sleep)


def conversation(installed: Stage, passes: Callable[[int], None]) -> Told:
    assert isinstance(installed.world, Mastodon)
    room = Room(installed.world)
    shown = [room.show(case, number) for number, case in enumerate(CASES)]
    room.answers([post for post, case in zip(shown, CASES, strict=True) if case.above not in OPEN])
    passes(A_MINUTE_S)
    asked = [room.ask(case, number, shown[number]) for number, case in enumerate(CASES)]
    answers = room.answers(asked)
    first = [answers[mention] for mention in asked]
    passes(A_MINUTE_S)
    painted = [number for number, case in enumerate(CASES) if case.painted]
    again = {n: room.say(room.ben, "@stylesmith again", in_reply_to_id=first[n], visibility="public") for n in painted}
    answers = room.answers(list(again.values()))
    return Told(room, first, {number: answers[mention] for number, mention in again.items()})


@pytest.mark.parametrize("number", range(len(CASES)), ids=IDS)
def test_an_answer_is_seen_by_nobody_who_may_not_see_all_of_it(told: Told, number: int) -> None:
    case, room, post = CASES[number], told.room, told.first[number]
    everybody = 1 if case.open else None
    assert room.seen(post, room.ben) == int(case.painted)
    assert (room.seen(post), room.seen(post, room.fay), room.seen(post, room.ann)) == (everybody,) * 3


@pytest.mark.parametrize("number", range(len(CASES)), ids=IDS)
def test_again_said_in_public_shows_it_to_nobody_else(told: Told, number: int) -> None:
    case, room = CASES[number], told.room
    if not case.painted:
        assert number not in told.again
        return
    post, everybody = told.again[number], 1 if case.open else None
    assert room.seen(post, room.ben) == 1
    assert (room.seen(post), room.seen(post, room.fay), room.seen(post, room.ann)) == (everybody,) * 3


@pytest.mark.parametrize("number", [n for n, case in enumerate(CASES) if case.painted])
def test_the_warning_of_the_picture_goes_with_it(told: Told, number: int) -> None:
    for post in (told.first[number], told.again[number]):
        entity = told.room.call("GET", f"/api/v1/statuses/{post}", told.room.ben).json()
        assert (entity["spoiler_text"], entity["sensitive"]) == ("theirs", True)
