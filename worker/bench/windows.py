"""How evenly a painting is painted: its features window by window, beside the style's and the photo's.

A Gram matrix of the whole picture is met by a painting whose trees carry all the strokes while its sky stays a photo.
Here each window of WINDOW_PX is described by the mean and the deviation of its features along the style's principal
axes, and compared with the nearest window of the style: 0 is as near as the style's own windows are to one another, 1
as far as the photo's window at that place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from functools import partial
from statistics import fmean

import torch
from torch import Tensor
from torch.nn import functional as nnf

from worker.gatys.luminance import luminance
from worker.gatys.scales import fitted, resized
from worker.gatys.vgg import Vgg, stride_of

TAPS = ("relu2_1", "relu3_1", "relu4_1")
LOOK_PX = 384
"""Long side at which pictures are looked at."""

WINDOW_PX, STEP_PX, STYLE_STEP_PX = 64, 32, 16
"""Side of a window, and pixels from one to the next."""

AXES = 24
"""Principal axes of the style's features that count, each divided by the root of its deviation."""

FAR, UNPAINTED = 1.5, 0.5
"""Where distances are cut off, and above which a window is not painted."""

LEAST_WAY = 0.15
"""Of the distance between the style's own windows, by which the photo's are taken to differ from them at least."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """Lower is better everywhere."""

    bare: float
    """Mean distance of the painting's windows from the style's."""
    busy: float
    """`bare` of the third of the windows where the photo has most structure: high beside a low `bare` is a cut-out."""
    flat: float
    """Share of the windows that keep more than half of the photo's distance: what a person sees as not painted."""
    missing: float
    """Mean distance of the style's windows from the painting's: how much of the style is nowhere."""


@torch.no_grad()
def coverage(photo: Tensor, style: Tensor, painting: Tensor, net: Vgg) -> Coverage:
    """Of a painting of this photo in this style. Pictures: RGB, 1x3xHxW, sRGB in [0, 1], of any size."""
    photo, style = (resized(picture, fitted(picture.shape[-2:], LOOK_PX)) for picture in (photo, style))
    painting = resized(painting, (photo.shape[-2], photo.shape[-1]))
    seen = [net(picture.to(net.mean.device), TAPS) for picture in (photo, style, painting)]
    found = [_of_tap(tap, *(taps[tap].float().cpu() for taps in seen)) for tap in TAPS]
    bare = torch.stack([one for one, _ in found]).mean(0)
    structure = nnf.adaptive_avg_pool2d(_slope(photo), (bare.shape[0], bare.shape[1]))[0, 0]
    busy = bare[structure >= structure.quantile(2 / 3)]
    missing = sum(one for _, one in found) / len(found)
    return Coverage(bare.mean().item(), busy.mean().item(), (bare > UNPAINTED).float().mean().item(), missing)


def show(table: Mapping[str, Coverage]) -> str:
    """A Markdown table, a row a painting, with the means below."""
    lines = ["| | bare | busy | flat | missing |", "|---|---|---|---|---|"]
    rows = [*table.items(), ("mean", mean(list(table.values())))]
    return "\n".join([*lines, *(f"| {name} | {cells(row)} |" for name, row in rows)])


def cells(row: Coverage) -> str:
    return f"{row.bare:.3f} | {row.busy:.3f} | {row.flat:.2f} | {row.missing:.3f}"


def mean(rows: Sequence[Coverage]) -> Coverage:
    columns = zip(*map(astuple, rows or [Coverage(0, 0, 0, 0)]), strict=True)
    return Coverage(*map(fmean, columns))


def _of_tap(tap: str, photo: Tensor, style: Tensor, painting: Tensor) -> tuple[Tensor, float]:
    """How bare each window is, as a map of them, and how much of the style is missing."""
    positions = style.flatten(2)[0].T
    centre = positions.mean(0)
    _, deviation, axes = torch.linalg.svd(positions - centre, full_matrices=False)
    deviation = deviation[:AXES] / len(positions) ** 0.5
    project = axes[:AXES] / deviation.clamp_min(1e-6).sqrt()[:, None]
    describe = partial(_described, centre=centre, project=project, stride=stride_of(tap))
    of_style, of_photo, of_painting = describe(style, step=STYLE_STEP_PX), describe(photo), describe(painting)
    among = _distances(of_style, of_style)
    among[_overlapping(of_style.shape[-2:])] = torch.inf
    own = among.amin(1)
    home = own[own.isfinite()].median() if bool(own.isfinite().any()) else own.new_zeros(())
    own = torch.where(own.isfinite(), own, home)
    before, after = _distances(of_photo, of_style), _distances(of_painting, of_style)
    bare = _of_the_way(after.amin(1), before.amin(1), home, home).reshape(of_photo.shape[-2:])
    missing = _of_the_way(after.amin(0), before.amin(0), own, home)
    return bare, missing.mean().item()


def _described(F: Tensor, *, centre: Tensor, project: Tensor, stride: int, step: int = STEP_PX) -> Tensor:
    """Each window's means and deviations along the axes, 1xKxhxw."""
    p = torch.einsum("kc,bchw->bkhw", project, F - centre[:, None, None])
    size = [min(WINDOW_PX // stride, side) for side in F.shape[-2:]]
    means, squares = (nnf.avg_pool2d(x, size, max(1, step // stride)) for x in (p, p.square()))
    return torch.cat([means, (squares - means.square()).clamp_min(0).sqrt()], 1)


def _distances(some: Tensor, others: Tensor) -> Tensor:
    return torch.cdist(some.flatten(2)[0].T, others.flatten(2)[0].T)


def _overlapping(grid: Sequence[int]) -> Tensor:
    """Which windows of a style share pixels, NxN."""
    rows, columns = grid
    y, x = torch.meshgrid(torch.arange(rows), torch.arange(columns), indexing="ij")
    places = torch.stack([y.flatten(), x.flatten()], 1) * STYLE_STEP_PX
    return (places[:, None] - places[None]).abs().amax(-1) < WINDOW_PX


def _of_the_way(after: Tensor, before: Tensor, own: Tensor, home: Tensor) -> Tensor:
    """How far the painting's distance lies between the style's own and the photo's."""
    way = torch.maximum(before - own, LEAST_WAY * home).clamp_min(1e-9)
    return ((after - own) / way).clamp(0, FAR)


def _slope(picture: Tensor) -> Tensor:
    """Size of the steps of luminance, 1x1x(H-1)x(W-1)."""
    Y = luminance(picture)
    here = Y[..., 1:, 1:]
    return (here - Y[..., :-1, 1:]).abs() + (here - Y[..., 1:, :-1]).abs()
