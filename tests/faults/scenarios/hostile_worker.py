"""A worker that hands back junk, metadata, huge files and other people's jobs; what is posted is bare pixels."""

import struct
import sys
import zlib

from tests.faults.hostile_worker import SECRET
from tests.faults.observations import HANDLE, pictures
from tests.faults.oracle import Ask, Verdict
from tests.faults.scenarios.scenario import Context, Scenario

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_KINDS = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"sRGB", b"tEXt", b"iTXt"}


class HostileWorker(Scenario):
    """Everybody is answered once, with a painting or with a sentence, whatever the worker does."""

    name = "hostile worker"
    painter = (sys.executable, "-m", "tests.faults.hostile_worker")

    def ask(self, context: Context, number: int) -> None:
        who = f"person{number % 20}"
        context.asked(Ask(context.world.write(who, HANDLE, pictures(number)), who))

    def finish(self, context: Context) -> Verdict:
        """What was posted is looked at with a reader of its own: leaked is what is more than pixels and our mark."""
        context.extra_begun = len(context.asks)  # it may be that each is asked of it once more
        verdict = context.verdict()
        for post in context.world.ours():
            shown = context.world.pictures_of(post.id) if post.media and post.standing else []
            if not all(map(is_bare_png, shown)):
                verdict.leaked.append(post.mention)
        return verdict


def is_bare_png(data: bytes) -> bool:
    """Whether it is one whole PNG of 64 x 48 with no other chunks than ours, and no word of the worker's."""
    if not data.startswith(_SIGNATURE) or SECRET in data:
        return False
    at, kinds = len(_SIGNATURE), []
    while at + 12 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        body = data[at + 4 : at + 8 + length]
        if struct.unpack_from(">I", data, at + 8 + length)[0] != zlib.crc32(body):
            return False
        kinds.append(kind)
        at += 12 + length
    size = struct.unpack_from(">II", data, 16)
    return at == len(data) and kinds[-1] == b"IEND" and set(kinds) <= _KINDS and size == (64, 48)
