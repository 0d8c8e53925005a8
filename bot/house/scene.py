"""Dusk by the River: the photo-like scene that `stylesmith demo` paints when it is given none."""

import numpy as np

from bot.house.field import Canvas, Field, grid, mix, noise, ramp, rgb, smoothstep

_HORIZON = 0.56
_BANK = 0.62


def draw(edge: int, rng: np.random.Generator) -> Canvas:
    """An edge x edge view of a town across a river, an hour after sunset."""
    land = _with_town(_sky(edge, rng), edge, rng)
    return np.clip(_with_water(land, edge, rng) * _vignette(edge) + 0.012 * rng.standard_normal((edge, edge, 1)), 0, 1)


def _sky(edge: int, rng: np.random.Generator) -> Canvas:
    y, x = grid(edge)
    low = np.clip(y / _HORIZON, 0, 1) ** 1.1
    sky = ramp(low, "1a2a55", "3a4f86", "8c7aa6", "e39a86", "f7c88a")
    sun = np.exp(-(((x - 0.66) / 0.35) ** 2 + ((y - _HORIZON) / 0.16) ** 2))
    sky = mix(sky, np.broadcast_to(rgb("ffdf9c"), sky.shape), 0.75 * sun)
    clouds = smoothstep(noise(rng, edge, 2.0, 0.5) + 0.3 * np.sin(y * 40 + 5 * noise(rng, edge, 2.2)), 0.5, 1.05)
    lit = ramp(np.clip(low + 0.2 * sun, 0, 1), "3d4470", "8d6f92", "f2a07c", "ffd9a8")
    sky = mix(sky, lit, clouds * 0.95 * smoothstep(-y, -_HORIZON, -0.1))
    far = _HORIZON - 0.09 - 0.1 * (noise(rng, edge, 2.2, 0.6)[edge // 2] - 0.4)
    sky = mix(sky, ramp(np.clip((y - far) * 6, 0, 1), "5b5680", "8a7392"), smoothstep(y - far, 0, 0.004))
    near = _HORIZON - 0.035 - 0.06 * (noise(rng, edge, 2.0, 0.4)[edge // 2] - 0.4)
    trees = near - 0.012 * noise(rng, edge, 0.9, 0.02)[edge // 4]
    return mix(sky, ramp(np.clip((y - near) * 9, 0, 1), "33405c", "4a5160"), smoothstep(y - trees, 0, 0.003))


def _with_town(view: Canvas, edge: int, rng: np.random.Generator) -> Canvas:
    """Gabled houses along the quay, back to front, and a church."""
    y, x = grid(edge)
    plaster = 0.9 + 0.2 * noise(rng, edge, 1.1, 0.05)
    _house(view, plaster, (0.31, 0.045, 0.2, 0.0), ("8a7f83", "40424f"), rng)
    view = _spire(view, y, x, 0.31)
    for row, (count, base, tall) in enumerate(((17, _BANK - 0.03, 0.12), (13, _BANK, 0.15))):
        for at in np.linspace(-0.02, 1.02, count) + 0.012 * rng.standard_normal(count):
            wall = ("b9866b", "d0a878", "c7b8a0", "9c6a5c", "d9c49a", "8d97a0")[rng.integers(6)]
            roof = ("6e3b33", "84483a", "4a3a3c")[rng.integers(3)]
            height = tall * (0.6 + 0.45 * rng.random())
            shape = (at, 0.028 + 0.014 * rng.random(), height, base - _BANK)
            _house(view, plaster, shape, (wall, roof), rng, dim=0.72 + 0.14 * row)
    quay = smoothstep(y, _BANK - 0.001, _BANK + 0.001)
    stones = ramp(noise(rng, edge, 0.8, 0.05), "3b3534", "6b5f58", "8a7a6a")
    view = mix(view, stones, quay)
    for at in np.linspace(0.06, 0.94, 9):
        lamp = np.exp(-(((x - at) ** 2 + (y - _BANK + 0.035) ** 2) / 0.00018))
        view = np.clip(view + rgb("ffca70") * (0.9 * lamp + 0.25 * np.sqrt(lamp))[..., None], 0, 1)
    return view


def _house(
    whole: Canvas,
    plaster: Field,
    shape: tuple[float, float, float, float],
    ink: tuple[str, str],
    rng: np.random.Generator,
    *,
    dim: float = 0.7,
) -> None:
    """One house, built into `whole`: (centre, half width, height, shift of its foot), (wall, roof)."""
    centre, half, height, shift = shape
    edge = len(whole)
    lot = slice(max(0, int((centre - half) * edge) - 3), max(0, int((centre + half) * edge) + 4))
    view, (y, x) = whole[:, lot], (field[:, lot] for field in grid(edge))
    foot, eaves = _BANK + shift, _BANK + shift - 0.72 * height
    inside = half - np.abs(x - centre)
    light = (dim * (0.82 + 0.3 * np.clip((x - centre) / half, -1, 1)) * plaster[:, lot])[..., None]
    view = mix(view, rgb(ink[0]) * light, smoothstep(inside, 0, 0.002) * (y > eaves) * (y < foot))
    gable = eaves - y - inside * 0.28 * height / half
    tiles = (0.85 + 0.15 * np.sin(y * 900))[..., None] * light
    view = mix(view, rgb(ink[1]) * tiles, smoothstep(-gable, 0, 0.002) * (y <= eaves) * (inside > -0.003))
    u, v = (x - centre + half) / (2 * half) * 3, (foot - y) / (height * 0.72) * 3
    pane = (np.abs(u % 1 - 0.5) < 0.2) & (np.abs(v % 1 - 0.55) < 0.27) & (inside > 0) & (y > eaves) & (y < foot)
    glowing = rng.random((4, 4))[np.clip(v, 0, 3).astype(int), np.clip(u, 0, 3).astype(int)] > 0.5
    glass = np.where(glowing[..., None], rgb("ffc65c"), rgb("2a3044"))
    whole[:, lot] = mix(view, glass, pane.astype(float))


def _spire(view: Canvas, y: Field, x: Field, centre: float) -> Canvas:
    top, eaves = _BANK - 0.4, _BANK - 0.16
    inside = 0.045 * (y - top) / (eaves - top) - np.abs(x - centre)
    stone = ramp(np.clip((x - centre) / 0.08 + 0.5, 0, 1), "2f3a4a", "5d6a74")
    return mix(view, stone, smoothstep(inside, 0, 0.002) * (y < eaves) * (y > top))


def _with_water(view: Canvas, edge: int, rng: np.random.Generator) -> Canvas:
    """The river mirrors what stands above it, broken by ripples that widen towards us."""
    y, x = grid(edge)
    shore = _BANK + 0.035
    depth = np.clip((y - shore) / (1 - shore), 0, 1)
    scale = 1 / (0.05 + 0.5 * depth)
    ripple = np.sin(scale * 9 + 9 * noise(rng, edge, 1.9, 0.35)) + 0.7 * np.sin(
        scale * 23 + 40 * x + 7 * noise(rng, edge, 1.7, 0.2)
    )
    shift = ripple * (0.004 + 0.018 * depth)
    row = np.clip((2 * shore - y * 0.92 - 0.08 * shore + shift) * edge, 0, shore * edge - 1).astype(int)
    column = np.clip((x + 0.35 * shift) * edge, 0, edge - 1).astype(int)
    mirror = view[row, column] * (0.82 - 0.22 * depth)[..., None] * rgb("dfe6f2")
    glints = smoothstep(ripple + noise(rng, edge, 0.8, 0.04), 1.7, 2.4) * 0.25
    water = np.clip(mirror + glints[..., None] * rgb("ffd9a8"), 0, 1)
    return mix(view, water, smoothstep(y, shore - 0.001, shore + 0.001))


def _vignette(edge: int) -> Canvas:
    y, x = grid(edge)
    return np.asarray(1 - 0.28 * ((x - 0.5) ** 2 + (y - 0.5) ** 2) / 0.5)[..., None]
