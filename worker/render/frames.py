"""A picture without what surrounds it: mat, frame, wall, scan margin and bars are found and cut away.

What surrounds a painting is alike along its side, and ends in a straight line where the painting begins. A sky is
alike, too, but ends nowhere in a straight line. A carved frame is not alike, and stays. Pictures are RGB,
1x3xHxW, sRGB in [0, 1].
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from worker.gatys.scales import fitted, resized

LOOK_PX = 320
"""Long side at which a picture is looked at."""

ROUNDS = 5
"""Looks at most, each at what the one before left: behind a wall is a frame, behind the frame a mat."""

DEEPEST = 0.45
"""Share of the picture that a band along one side may take."""

ALIKE, ALIKE_RANGE = 0.45, (0.012, 0.06)
"""Share of the unevenness inside, and bounds, below which a row is alike."""

STEP = 0.06
"""Difference from one side of a line to the other, in any channel, that a place on it shows."""

STRAIGHT, HALF_STRAIGHT = 0.75, 0.4
"""Share of the places along a line that show it; one of the four sides may be as dark as its frame."""

DEEPER = 3
"""Times the deepest other band, up to which a side counts that shows its line only in part."""

EVEN_PAIR, EVEN_SINGLE = 0.02, 0.008
"""Unevenness of two opposite bars, and of one margin; anything else has to be on every side."""

LEAST_LEFT = 0.2
"""Share of each side that a look has to leave."""

RAGGED = 0.015
"""Share of each side along which a museum's photograph of a painting shows bare canvas: it ends in no straight line."""


@dataclass(frozen=True, slots=True)
class Box:
    """A part of a picture, in pixels; bottom and right are outside."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def size(self) -> tuple[int, int]:
        """(height, width)."""
        return self.bottom - self.top, self.right - self.left

    def of(self, picture: Tensor) -> Tensor:
        """That part, 1x3xHxW."""
        return picture[..., self.top : self.bottom, self.left : self.right]


@dataclass(frozen=True, slots=True)
class _Band:
    """What lies along one side of a small picture."""

    depth: int = 0
    """In pixels; 0 is none."""
    straight: float = 0.0
    """Share of the places along its inner edge that show it."""
    unevenness: float = 0.0


def trimmed(picture: Tensor) -> Tensor:
    """The picture without the RAGGED edge of each side, which may be canvas: no stroke is lost by it."""
    height, width = picture.shape[-2:]
    down, across = round(RAGGED * height), round(RAGGED * width)
    return picture[..., down : height - down, across : width - across]


def unframed(picture: Tensor) -> Tensor:
    """The picture inside its surroundings; the same object where there are none."""
    box = inner(picture)
    return picture if box.size == tuple(picture.shape[-2:]) else box.of(picture).contiguous()


def inner(picture: Tensor) -> Box:
    """Where in a picture the picture inside its surroundings lies."""
    box = Box(0, 0, picture.shape[-2], picture.shape[-1])
    for _ in range(ROUNDS):
        smaller = _look(picture, box)
        if smaller == box:
            break
        box = smaller
    return box


def _look(picture: Tensor, box: Box) -> Box:
    """What one look leaves of a box."""
    height, width = fitted(box.size, min(LOOK_PX, max(box.size)))
    small = resized(box.of(picture).float().cpu(), (height, width))[0]
    depths = _cut([_band(side) for side in _sides(small)])
    down, across = box.size[0] / height, box.size[1] / width
    # One pixel more than the band, which the resizing has mixed with the painting.
    top, left, bottom, right = (
        round((depth + 1) * k) if depth else 0 for depth, k in zip(depths, (down, across) * 2, strict=True)
    )
    found = Box(box.top + top, box.left + left, box.bottom - bottom, box.right - right)
    enough = all(now >= LEAST_LEFT * before for now, before in zip(found.size, box.size, strict=True))
    return found if enough else box


def _sides(small: Tensor) -> list[Tensor]:
    """The picture, 3xHxW, with each side on top: top, left, bottom, right."""
    across = small.transpose(1, 2)
    return [small, across, small.flip(1), across.flip(1)]


def _cut(bands: Sequence[_Band]) -> list[int]:
    """How deep to cut at each side."""
    straight = [band.straight >= STRAIGHT for band in bands]
    most = DEEPER * max(band.depth * sure for band, sure in zip(bands, straight, strict=True))
    if sum(straight) >= 3 and all(band.straight >= HALF_STRAIGHT and band.depth <= most for band in bands):
        return [band.depth for band in bands]
    cut = [0, 0, 0, 0]
    for n, band in enumerate(bands):
        opposite = (n + 2) % 4
        paired = straight[opposite] and max(band.unevenness, bands[opposite].unevenness) <= EVEN_PAIR
        if straight[n] and (paired or band.unevenness <= EVEN_SINGLE):
            cut[n] = band.depth
    return cut


def _band(side: Tensor) -> _Band:
    """The band along the top of a picture, 3xHxW, that reaches deepest."""
    height, width = side.shape[1:]
    middle = side[..., width // 5 : width - width // 5]
    unevenness, shares = _unevenness(middle), _steps(middle)
    inside = slice(round(0.3 * height), round(0.7 * height))
    least, most = ALIKE_RANGE
    alike = unevenness <= (ALIKE * unevenness[inside].median()).clamp(least, most)
    reach = _reach(alike[: int(DEEPEST * height)], patience=max(2, height // 60))
    lines = shares[: reach + 1]
    if not reach or not bool((lines >= HALF_STRAIGHT).any()):
        return _Band()
    depth = _last(lines >= (STRAIGHT if bool((lines >= STRAIGHT).any()) else HALF_STRAIGHT))
    return _Band(depth, shares[depth].item(), unevenness[:depth].quantile(0.8).item()) if depth else _Band()


def _unevenness(rows: Tensor) -> Tensor:
    """How far each row's pixels are from a straight line through them, which light on a wall may draw; H."""
    x = torch.linspace(-1, 1, rows.shape[-1])
    level = rows.mean(-1, keepdim=True)
    slope = (rows * x).mean(-1, keepdim=True) / x.square().mean()
    return (rows - level - slope * x).abs().quantile(0.75, -1).mean(0)


def _steps(rows: Tensor) -> Tensor:
    """For the line before each row, the share of its places that show a step; H."""
    padded = torch.cat([rows[:, :1].expand(-1, 2, -1), rows, rows[:, -1:].expand(-1, 2, -1)], 1)
    before, after = (padded[:, :-4] + padded[:, 1:-3]) / 2, (padded[:, 3:-1] + padded[:, 4:]) / 2
    return ((after - before).abs().amax(0) > STEP).float().mean(-1)


def _reach(alike: Tensor, patience: int) -> int:
    """How many rows from the top are alike, with fewer than `patience` others between."""
    reach = 0
    for n in torch.nonzero(alike).flatten().tolist():
        if n - reach >= patience:
            break
        reach = n + 1
    return reach


def _last(flags: Tensor) -> int:
    """Index of the last that is true."""
    return int(torch.nonzero(flags)[-1])
