"""What a job is painted from, and the last step of its painting: sizes and colours as asked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

import torch
from torch import Tensor

from worker.contract import Colours, Kind, Options
from worker.gatys.recipe import Recipe
from worker.gatys.scales import fitted, resized
from worker.render import colour, crispness, fine_chroma, pixels
from worker.render.brushing import brushed
from worker.render.frames import trimmed
from worker.render.gamut import Gamut
from worker.render.style_colours import tinted

FULLY_TINTED = 50
"""Strength from which on the photo is painted in the styles' colours; at 0 it has its own."""


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """The decoded pictures of a job, at the sizes they are painted at, and the last step of the painting."""

    photo: Tensor | None
    styles: tuple[Tensor, ...]
    finish: Callable[[Tensor], Tensor]
    """Maps an iterate of any size to the finished painting: within the colours of the pictures, or with the photo's
    chroma where only the lightness was painted.
    """


def prepare(photo: Tensor | None, styles: Sequence[Tensor], options: Options) -> Prepared:
    """The photo at the painting's size, the styles without their edges, and the colours arranged as asked."""
    styles = tuple(map(trimmed, styles))
    if photo is None:
        styles = _as_large_as_seen(styles, options.edge_px, options)
        return Prepared(None, styles, _finish((), styles, recipe_for(None, options)))
    photo = resized(photo, pixels.painting_size(*_size(photo), options.edge_px))
    styles = _as_large_as_seen(styles, max(_size(photo)), options)
    if options.colours is Colours.STATISTICS and options.kind is Kind.STYLE:
        styles = tuple(colour.match_statistics(style, photo) for style in styles)
    if options.colours is Colours.LUMINANCE and options.kind is Kind.STYLE:
        greys = tuple(colour.match_luminance(style, photo) for style in styles)
        smooth = _smooth(_as_seen(greys, recipe_for(photo, options)))
        return Prepared(colour.grey(photo), greys, lambda painting: _recoloured(smooth(painting), photo))
    if options.kind is Kind.DREAM:
        return Prepared(photo, styles, _as_is)
    finish = _finish((photo,), styles, recipe_for(photo, options))
    if options.colours is Colours.STATISTICS:  # the styles have the photo's colours already
        return Prepared(photo, styles, finish)
    shares, much = Recipe.of(options).shares(len(styles)), min(1.0, options.strength / FULLY_TINTED)
    return Prepared(tinted(photo, styles, shares, much), styles, finish)


def _as_large_as_seen(styles: Sequence[Tensor], edge_px: int, options: Options) -> tuple[Tensor, ...]:
    """Styles without the pixels that a painting of this long side has no use for: every scale would resize them all."""
    return tuple(pixels.shrunk(style, edge_px * options.style_scale) for style in styles)


def _finish(photos: Sequence[Tensor], styles: Sequence[Tensor], recipe: Recipe) -> Callable[[Tensor], Tensor]:
    """Smooths a painting, holds its fine chroma to the level of the styles, and keeps it to its pictures' colours."""
    gamut, seen = Gamut.of([*photos, *styles]), _as_seen(styles, recipe)
    smooth, most = _smooth(seen), torch.stack([fine_chroma.level(style) for style in seen]).mean(0)
    return lambda painting: gamut.kept(fine_chroma.held(smooth(painting), most))


def _smooth(styles: Sequence[Tensor]) -> Callable[[Tensor], Tensor]:
    """Smooths a painting along its strokes, which stay as crisp as they were where the styles are as crisp."""
    most = fmean(map(crispness.level, styles))

    def smooth(painting: Tensor) -> Tensor:
        painting = painting.float().cpu()
        return crispness.raised(brushed(painting), min(most, crispness.level(painting)))

    return smooth


def _as_seen(styles: Sequence[Tensor], recipe: Recipe) -> list[Tensor]:
    """The styles at the size at which the painting's last scale looks at them."""
    sizes = [min(recipe.style_px(_size(style), recipe.edge_px), pixels.MAX_EDGE_PX) for style in styles]
    return [resized(style, fitted(_size(style), px)) for style, px in zip(styles, sizes, strict=True)]


def recipe_for(photo: Tensor | None, options: Options) -> Recipe:
    """The house recipe with what was asked for, its long side that of a prepared photo."""
    recipe = Recipe.of(options)
    return recipe if photo is None else replace(recipe, edge_px=max(_size(photo)))


def _as_is(painting: Tensor) -> Tensor:
    return painting


def _recoloured(painting: Tensor, photo: Tensor) -> Tensor:
    height, width = _size(painting)
    return colour.recolour(painting, resized(photo, (height, width)))


def _size(image: Tensor) -> tuple[int, int]:
    return image.shape[-2], image.shape[-1]
