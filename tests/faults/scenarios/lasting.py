"""One thread, post, picture or answer that always fails, while all the others go on; and pages of a firewall."""

import struct
import time
from collections.abc import Callable

from tests.faults.observations import HANDLE, pictures
from tests.faults.oracle import Ask
from tests.faults.proxy import Fault, Rule
from tests.faults.scenarios.scenario import Context, Scenario

SHARE = 0.5
"""Of the mentions that have a lasting fault of their own."""
_UPLOAD = {"mastodon": "/api/v2/media", "x": "/2/media/upload"}
_POST = {"mastodon": "/api/v1/statuses", "x": "/2/tweets"}


class Lasting(Scenario):
    """Each fault belongs to one mention and never ends; nobody else may notice."""

    name = "lasting"

    def ask(self, context: Context, number: int) -> None:
        faults: tuple[Callable[[Context, int], Ask], ...] = (
            _picture_not_served,
            _upload_fails,
            _upload_refused,
            _upload_too_large,
            _answer_fails,
            _answer_blocked,
            _answer_refused,
            _parent_fails,
            _thread_fails,
        )
        faulty = context.dice.random() < SHARE
        ask = context.asked(context.dice.choice(faults)(context, number) if faulty else _plain(context, number))
        if faulty:
            context.deeds[ask.kind] += 1

    def calm(self, context: Context) -> None:
        """They never end; the clock is wound on until whoever can be told was told."""

    def settled(self, context: Context) -> bool:
        return not context.verdict().lost


class Firewall(Scenario):
    """For some seconds at a time every request of a kind is answered with a page of HTML."""

    name = "firewall"

    def ask(self, context: Context, number: int) -> None:
        context.asked(_plain(context, number))

    def meanwhile(self, context: Context) -> None:
        dice, platform = context.dice, context.run.platform
        if dice.random() < 0.15:
            posts, uploads = (("POST", path[platform]) for path in (_POST, _UPLOAD))
            method, path = dice.choice([posts, uploads, ("GET", "/"), ("POST", "/")])
            status, ends_at = dice.choice([403, 404, 405, 421, 503]), time.monotonic() + dice.uniform(1, 5)
            context.proxy.add(Rule(Fault.HTML, method, path, status=status, ends_at=ends_at))


def _plain(context: Context, number: int) -> Ask:
    return Ask(_said(context, number), f"person{number % 20}", pictures=True)


def _said(context: Context, number: int, size: tuple[int, int] = (64, 48)) -> str:
    return context.world.write(f"person{number % 20}", HANDLE, pictures(number, size=size))


def _picture_not_served(context: Context, number: int) -> Ask:
    """Its author is told at last."""
    who, world = f"person{number % 20}", context.world
    shown = world.write(who, "a photo and a painting", pictures(number))
    world.spoil(shown)
    return Ask(world.write(who, f"{HANDLE} please", to=shown), who, "picture not served", pictures=None)


def _size_of(number: int) -> tuple[int, int]:
    """One that no other picture has, so that the proxy knows the painting by it."""
    return 70 + number % 150, 50 + number // 150


def _uploading(context: Context, number: int, do: Fault, status: int) -> str:
    """The upload of its painting fails."""
    size = _size_of(number)
    body = b"IHDR" + struct.pack(">II", *size)
    context.proxy.add(Rule(do, "POST", _UPLOAD[context.run.platform], body, status))
    return _said(context, number, size)


def _upload_fails(context: Context, number: int) -> Ask:
    """As Mastodon does for a picture that its tools stumble over; its author is told at last."""
    return Ask(_uploading(context, number, Fault.JSON, 500), f"person{number % 20}", "upload fails")


def _upload_refused(context: Context, number: int) -> Ask:
    return Ask(_uploading(context, number, Fault.JSON, 422), f"person{number % 20}", "upload refused")


def _upload_too_large(context: Context, number: int) -> Ask:
    """By the proxy's own limit."""
    return Ask(_uploading(context, number, Fault.HTML, 413), f"person{number % 20}", "upload too large")


def _answering(context: Context, number: int, do: Fault, status: int, kind: str) -> Ask:
    """The post that answers it fails; nothing can be said there."""
    mention = _said(context, number)
    context.proxy.add(Rule(do, "POST", _POST[context.run.platform], mention.encode(), status))
    return Ask(mention, f"person{number % 20}", kind, least=0)


def _answer_fails(context: Context, number: int) -> Ask:
    return _answering(context, number, Fault.JSON, 500, "answer fails")


def _answer_blocked(context: Context, number: int) -> Ask:
    return _answering(context, number, Fault.HTML, 403, "answer blocked")


def _answer_refused(context: Context, number: int) -> Ask:
    return _answering(context, number, Fault.JSON, 422, "answer refused")


def _parent_fails(context: Context, number: int) -> Ask:
    """The post above, which has the photo, cannot be read; its author is told at last."""
    who, world = f"person{number % 20}", context.world
    above = world.write(who, "look", pictures(number, 1))
    context.proxy.add(Rule(Fault.HTML, "GET", f"{_POST[context.run.platform]}/{above}"))
    return Ask(world.write(who, f"{HANDLE} as a mosaic please", to=above), who, "parent fails")


def _thread_fails(context: Context, number: int) -> Ask:
    """As for giant threads: after a restart its answer is looked for there."""
    mention = _said(context, number)
    context.proxy.add(Rule(Fault.HTML, "GET", f"/{mention}/context"))
    return Ask(mention, f"person{number % 20}", "thread fails", least=0)
