"""What a platform is told to do to us, what it saw of us, and the pictures that its people post."""

import io
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from PIL import Image

PEOPLE = 20
HANDLE = "@stylesmith"


@dataclass(frozen=True)
class FaultRates:
    """How the platform misbehaves; chances a request."""

    seed: int = 0
    before: float = 0.0
    """A post fails before it is done."""
    after: float = 0.0
    """A post is done and the answer is lost: reset, 5xx or a page of HTML."""
    reads: float = 0.0
    lag_s: float = 0.0
    """A post of ours is listed only after this."""
    answer_s: float = 0.0
    """Seconds between a post being done and its answer: time to die in."""
    failing: int = 0
    """So many posts are not done and answered with 503, so that nobody can know."""


@dataclass(frozen=True)
class Said:
    """One post that a platform took."""

    id: str
    account: str
    parent: str
    media: int
    at: float
    text: str


@dataclass
class Seen:
    """What the platform saw: the oracle's only evidence."""

    mentions: list[str] = field(default_factory=list)
    replies: "Counter[str]" = field(default_factory=Counter)
    paintings: "Counter[str]" = field(default_factory=Counter)
    """Replies with a picture."""

    @property
    def lost(self) -> list[str]:
        return [name for name in self.mentions if not self.replies[name]]

    @property
    def doubled(self) -> list[str]:
        return [name for name in self.mentions if self.replies[name] > 1]


def pictures(seed: int, count: int = 2, size: tuple[int, int] = (64, 48)) -> list[bytes]:
    """A photo and a painting, small, different each time, and with something to see in them."""
    dice = random.Random(seed)
    shades = Image.linear_gradient("L").resize(size).convert("RGB")
    colours = [Image.new("RGB", size, tuple(dice.randbytes(3))) for _ in range(count)]
    return [png(Image.blend(colour, shades, 0.5)) for colour in colours]


def png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def until(true: Callable[[], object], limit_s: float = 30) -> None:
    end_s = time.monotonic() + limit_s
    while not true():
        if time.monotonic() > end_s:
            raise TimeoutError("it did not start")
        time.sleep(0.05)
