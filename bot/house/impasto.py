"""Night in Thick Paint: a sky of whirls and lamps, laid on with a loaded brush."""

import numpy as np

from bot.house.field import Canvas, Field, along, blur, grid, mix, noise, ramp, relief, rgb, smoothstep, spread

_LAMPS = (
    (0.16, 0.2, 0.085),
    (0.3, 0.62, 0.06),
    (0.12, 0.84, 0.11),
    (0.42, 0.33, 0.045),
    (0.38, 0.9, 0.05),
    (0.08, 0.5, 0.04),
)


def draw(edge: int, rng: np.random.Generator) -> Canvas:
    """An edge x edge painting in strokes that follow the whirls."""
    y, x = grid(edge)
    flow = _flow(y, x, edge, rng)
    bristles = along(flow, rng.random((edge, edge)), edge // 60)
    strokes = along(flow, blur(rng.random((edge, edge)), edge / 230), edge // 30)
    dabs = smoothstep(spread(strokes), 0.25, 0.75)
    tone = np.clip(0.6 * noise(rng, edge, 1.8, 0.5) + 0.75 * (dabs - 0.5) + 0.22, 0, 1)
    night = ramp(tone, "06122e", "0f2a66", "1c55a8", "3f8fce", "8fc7dd", "dfe9c8")
    night = _with_lamps(night, y, x, dabs)
    painting = _with_hills(night, y, x, np.clip(0.7 * dabs + 0.3 * spread(bristles), 0, 1), rng)
    paint = 0.7 * spread(bristles) + 2.2 * blur(dabs, 1.2)
    return np.clip(painting * relief(blur(paint, 0.6), 0.9)[..., None], 0, 1)


def _flow(y: Field, x: Field, edge: int, rng: np.random.Generator) -> Field:
    """Directions: round each lamp and two great whirls, level over the hills."""
    down, across = np.full(y.shape, 0.15), np.full(y.shape, 0.9)
    for cy, cx, size in (*_LAMPS, (0.3, 0.42, 0.16), (0.52, 0.7, 0.1)):
        dy, dx = y - cy, x - cx
        pull = np.exp(-(dy**2 + dx**2) / (2 * (2.1 * size) ** 2)) * 5
        radius = np.hypot(dy, dx) + 1e-6
        down, across = down + pull * dx / radius, across - pull * dy / radius
    sway = 0.9 * (noise(rng, edge, 2.6, 0.5) - 0.5)
    hills = smoothstep(y, 0.62, 0.72)
    return np.asarray(np.arctan2(down * (1 - hills) + 0.25 * np.sin(9 * x) * hills, across) + sway)


def _with_lamps(night: Canvas, y: Field, x: Field, strokes: Field) -> Canvas:
    for cy, cx, size in _LAMPS:
        radius = np.hypot(y - cy, x - cx) + 0.02 * (strokes - 0.5)
        glow = np.exp(-((radius / (1.45 * size)) ** 2))
        rings = np.clip(glow * (0.8 + 0.3 * np.sin(radius / size * 11)) + 0.25 * (strokes - 0.5), 0, 1)
        night = mix(night, ramp(rings, "2b62a8", "7fa56a", "f0b92a", "f9dc4a", "fff6c4"), np.clip(glow * 1.6, 0, 1))
    return night


def _with_hills(night: Canvas, y: Field, x: Field, strokes: Field, rng: np.random.Generator) -> Canvas:
    edge = len(y)
    for top, dark, light in ((0.64, "0d2350", "5f9ac4"), (0.74, "0b2a1c", "8fb04a"), (0.84, "20160a", "e0a832")):
        crest = top + 0.03 * np.sin(7 * x + 20 * top) + 0.09 * (noise(rng, edge, 2.3) - 0.5)
        land = ramp(np.clip(strokes * 1.1, 0, 1), dark, light)
        night = mix(night, land, smoothstep(y - crest, 0, 0.012))
    windows = (noise(rng, edge, 0.2, 0.02) > 0.93) & (y > 0.72) & (y < 0.93)
    return mix(night, np.broadcast_to(rgb("ffcf4a"), night.shape), blur(windows.astype(float), 1.2).clip(0, 1))
