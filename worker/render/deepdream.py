"""Deep Dream on one photo: raise what a layer sees, octave by octave (Mordvintsev, Olah & Tyka 2015).

Pictures are RGB, 1x3xHxW, sRGB in [0, 1].
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as nnf

from worker.contract import DreamLayer
from worker.gatys import memory
from worker.gatys.luminance import luminance
from worker.gatys.precision import in_fast_dtype
from worker.gatys.scales import resized, widened
from worker.gatys.tiles import Tile, tiled
from worker.gatys.vgg import Vgg, stride_of
from worker.render import free_memory

OCTAVE_SCALE = 1.4
OCTAVES = 4
STEPS = 10
STEP = 1.5 / 255
"""Mean change of a value in one step, as in the published notebook (1.5 of 255)."""

JITTER_PX = 32
FIELDS = (8, 8)
"""Rows and columns of the grid whose cells' mean direction is taken away: a layer may not colour a whole sky."""

CHROMA = 0.5
"""Weight of colours against light in the direction; with 1, shallow layers end in neon."""

SMALLEST_SIDE_PX = 48
GUIDE_EDGE_PX = 192


@dataclass(frozen=True, slots=True)
class Layer:
    """Where one kind of dream happens, and how boldly: shallow layers change every pixel, so they step less far."""

    tap: str
    boldness: float


LAYERS = {
    DreamLayer.STROKES: Layer("relu2_2", 0.6),
    DreamLayer.TEXTURES: Layer("relu3_1", 0.7),
    DreamLayer.PATTERNS: Layer("relu4_2", 0.9),
    DreamLayer.SHAPES: Layer("relu4_4", 1.0),
    DreamLayer.EYES: Layer("relu5_1", 1.0),
}
"""Chosen by looking at every tap on photos of a city, a portrait and an animal."""


@dataclass(frozen=True, slots=True, eq=False)
class Dreamt:
    """The dream after one step of ascent."""

    edge_px: int
    step: int
    steps: int
    fraction: float
    done: bool
    activation: Tensor
    """What the ascent raises, a scalar on the device."""
    image: Tensor


def octaves(size: tuple[int, int]) -> tuple[tuple[int, int], ...]:
    """Sizes from the smallest to `size`, each 1.4 times the one before, none with a side under SMALLEST_SIDE_PX."""
    sizes = [size]
    for n in range(1, OCTAVES):
        smaller = (round(size[0] / OCTAVE_SCALE**n), round(size[1] / OCTAVE_SCALE**n))
        if min(smaller) < SMALLEST_SIDE_PX:
            break
        sizes.append(smaller)
    return tuple(reversed(sizes))


def dream(
    photo: Tensor,
    net: Vgg,
    layer: DreamLayer,
    *,
    seed: int,
    strength: int = 50,
    guide: Tensor | None = None,
    budget_bytes: float | None = None,
) -> Iterator[Dreamt]:
    """Dream into the photo at its own size. A guide's features, where there is one, are what is looked for.

    strength: 0 to 100; 50 makes the published number of steps. budget_bytes: memory to stay within, by tiles if
    need be; None is a share of what is free. Raises OutOfMemory.
    """
    device, net = net.mean.device, in_fast_dtype(net)
    budget_bytes = free_memory.budget_bytes(device) if budget_bytes is None else budget_bytes
    height, width = photo.shape[-2:]
    photo = widened(photo.to(device))
    tap, step_size = LAYERS[layer].tap, STEP * LAYERS[layer].boldness
    random = torch.Generator().manual_seed(seed)
    sizes = octaves((photo.shape[-2], photo.shape[-1]))
    steps = max(1, round(STEPS * 2 ** ((strength - 50) / 25)))
    wanted = None if guide is None else _words(net, tap, guide.to(device))
    work, total = 0, steps * sum(h * w for h, w in sizes)
    detail = torch.zeros_like(resized(photo, sizes[0]))
    for size in sizes:
        base = resized(photo, size)
        detail = nnf.interpolate(detail, size=size, mode="bilinear", align_corners=False)
        x, tile_px = (base + detail).clamp(0, 1), memory.tile_px(net, size, budget_bytes)
        for step in range(1, steps + 1):
            x, activation, tile_px = _ascended(
                x, net, tap, _shift(random), step_size=step_size, wanted=wanted, tile_px=tile_px
            )
            work += size[0] * size[1]
            yield Dreamt(max(size), step, steps, work / total, work == total, activation, x[..., :height, :width])
        detail = x - base


def _ascended(
    x: Tensor,
    net: Vgg,
    tap: str,
    shift: tuple[int, int],
    *,
    step_size: float,
    wanted: Tensor | None,
    tile_px: int | None,
) -> tuple[Tensor, Tensor, int | None]:
    """One step up, in tiles half as large where memory runs out; gives the tile's side that did."""
    while True:
        try:
            return *ascend(x, net, tap, shift, step_size=step_size, wanted=wanted, tile_px=tile_px), tile_px
        except memory.SHORTAGES as error:
            tile_px = memory.smaller(error, tile_px, (x.shape[-2], x.shape[-1]))


def ascend(
    x: Tensor,
    net: Vgg,
    tap: str,
    shift: tuple[int, int],
    *,
    step_size: float,
    wanted: Tensor | None = None,
    tile_px: int | None = None,
) -> tuple[Tensor, Tensor]:
    """One step up: x rolled by `shift` (rows, columns), moved along its gradient over mean|g|, and rolled back.

    Raises 1/2 mean(F^2) without `wanted` (CxM features of a guide), else the mean product of F with its best matches
    among them. Gives the new x and what was raised, as it was before the step.
    """
    rolled = x.roll(shift, (-2, -1))
    activation, g = _gradient(rolled, net, tap, wanted, tiled((x.shape[-2], x.shape[-1]), tile_px))
    g = sane(g)
    moved = rolled + step_size * g / g.abs().mean().clamp_min(1e-12)
    return moved.clamp(0, 1).roll((-shift[0], -shift[1]), (-2, -1)), activation


def _gradient(x: Tensor, net: Vgg, tap: str, wanted: Tensor | None, tiles: Sequence[Tile]) -> tuple[Tensor, Tensor]:
    """What `ascend` raises, over the whole picture, and its gradient."""
    stride = stride_of(tap)
    features = net.width(tap) * (x.shape[-2] // stride) * (x.shape[-1] // stride)
    activation, g = x.new_zeros(()), torch.zeros_like(x)
    for tile in tiles:
        part = tile.read(x).detach().requires_grad_()
        F = tile.own(net(part, (tap,))[tap], stride).float()
        raised = (F.square() / 2 if wanted is None else F * _matches(F.detach(), wanted)).sum() / features
        tile.read(g).add_(torch.autograd.grad(raised, part)[0])
        activation += raised.detach()
    return activation, g


def sane(g: Tensor) -> Tensor:
    """The direction without its faults: fields of one colour, loud colours, and the mesh that pooling leaves."""
    field = nnf.adaptive_avg_pool2d(g, FIELDS)
    g = g - nnf.interpolate(field, size=g.shape[-2:], mode="bicubic", align_corners=False)
    light = luminance(g)
    return _smooth(light + CHROMA * (g - light))


def _smooth(g: Tensor) -> Tensor:
    """Each value averaged with its neighbours by 1-2-1 across and down."""
    padded = nnf.pad(g, (1, 1, 1, 1), mode="replicate")
    return nnf.avg_pool2d(nnf.avg_pool2d(padded, 2, stride=1), 2, stride=1)


@torch.no_grad()
def _words(net: Vgg, tap: str, guide: Tensor) -> Tensor:
    """The guide's features as a list, CxM."""
    k = GUIDE_EDGE_PX / max(guide.shape[-2:])
    small = resized(guide, (max(32, round(guide.shape[-2] * k)), max(32, round(guide.shape[-1] * k))))
    taps: dict[str, Tensor] = net(small, (tap,))
    return taps[tap].float().flatten(2)[0]


def _matches(F: Tensor, wanted: Tensor) -> Tensor:
    """For each position of F, the guide's feature whose product with it is largest; the shape of F."""
    here = F.flatten(2)[0].T
    best = torch.cat([(rows @ wanted).argmax(1) for rows in torch.split(here, 2048)])
    return wanted[:, best].reshape(F.shape)


def _shift(random: torch.Generator) -> tuple[int, int]:
    down, right = torch.randint(-JITTER_PX, JITTER_PX + 1, (2,), generator=random).tolist()
    return down, right
