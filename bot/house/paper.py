"""Paper Hills: a valley at sunset cut out of coloured paper, layer over layer with its shadow."""

import numpy as np

from bot.house.field import Canvas, Field, blur, grid, mix, noise, ramp, rgb, smoothstep

_SHEETS = ("fbd9a0", "f7a072", "ee6f5c", "c9405a", "8f2d63", "5c2a68", "34275f", "1f2a54", "12324a", "0d4247")


def draw(edge: int, rng: np.random.Generator) -> Canvas:
    """An edge x edge paper cut."""
    y, x = grid(edge)
    grain = 0.12 * (noise(rng, edge, 0.5, 0.03) - 0.5) + 0.1 * (noise(rng, edge, 1.4, 0.4) - 0.5)
    page = _sheet("fdeecb", grain, rng)
    for ring, ink in enumerate(("fbdc94", "f9c667", "f6a84b")):
        sun = 0.3 - 0.075 * ring - np.hypot(y - 0.36, x - 0.58)
        page = _lay(page, _sheet(ink, grain, rng), sun)
    for number, ink in enumerate(_SHEETS):
        top = 0.34 + 0.066 * number
        wave = 0.045 * np.sin(x * (6 + number) + number * 2.1) + 0.12 * (
            noise(rng, edge, 2.6, 0.6)[edge // 2][None, :] - 0.5
        )
        teeth = _teeth(x, number, rng) if number % 2 else 0.0
        page = _lay(page, _patterned(ink, number, grain, rng), y - top - wave + teeth)
    return np.clip(page, 0, 1)


def _lay(page: Canvas, sheet: Canvas, inside: Field) -> Canvas:
    """A sheet with its cut where `inside` is positive, its shadow on the page and light on its edge."""
    edge = len(inside)
    mask = smoothstep(inside, -0.0008, 0.0012)
    shadow = np.roll(blur(mask, edge / 110), (-edge // 110, -edge // 150), axis=(0, 1))
    shaded = page * (1 - 0.5 * np.clip(shadow, 0, 1))[..., None]
    rim = np.exp(-((inside - 0.002) ** 2) / 0.0016**2)
    return mix(shaded, np.clip(sheet + 0.22 * rim[..., None], 0, 1), mask)


def _sheet(ink: str, grain: Field, rng: np.random.Generator) -> Canvas:
    """Paper with grain and fibres: another piece of the same roll each time."""
    piece = np.roll(grain, tuple(rng.integers(len(grain), size=2)), axis=(0, 1))
    return np.clip(rgb(ink) * (1 + piece[..., None]), 0, 1)


def _patterned(ink: str, number: int, grain: Field, rng: np.random.Generator) -> Canvas:
    """Every other sheet is printed: scales, stripes or dots in a neighbouring tone."""
    sheet = _sheet(ink, grain, rng)
    y, x = grid(len(grain))
    u, v = x * 26, y * 26 + 0.5 * (np.floor(x * 26) % 2)
    prints = (
        0.5 + 0.5 * np.sin(np.hypot(u % 1 - 0.5, v % 1 - 0.9) * 24),
        smoothstep(np.sin((y + 0.02 * np.sin(x * 24)) * 230), 0.2, 0.6),
        smoothstep(-np.hypot(u % 1 - 0.5, v % 1 - 0.5), -0.26, -0.2),
    )
    other = ramp(np.full_like(y, ((number + 1.6) % len(_SHEETS)) / (len(_SHEETS) - 1)), *_SHEETS)
    return mix(sheet, other, 0.42 * prints[number % 3])


def _teeth(x: Field, number: int, rng: np.random.Generator) -> Field:
    """Firs along a crest."""
    count = 34 + 4 * number
    heights = 0.02 + 0.05 * rng.random(count + 1)
    slot = np.clip((x * count).astype(int), 0, count)
    near = 1 - np.abs((x * count) % 1 - 0.5) * 2
    steps = near * (0.75 + 0.25 * np.sign(np.sin(near * 14)))
    return np.asarray(heights[slot] * steps)
