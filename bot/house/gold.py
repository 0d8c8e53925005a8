"""Gilded Garden: gold leaf, spirals, eyes and flowers, patch beside patch."""

import numpy as np

from bot.house.field import Canvas, Field, blur, cells, grid, mix, noise, per_cell, ramp, relief, rgb, smoothstep


def draw(edge: int, rng: np.random.Generator) -> Canvas:
    """An edge x edge panel."""
    y, x = grid(edge)
    warp = 0.12 * (noise(rng, edge, 2.4, 0.6) - 0.5)
    border, _, patch = cells((y + warp) * 4.2, (x + warp.T) * 4.2, rng, jitter=0.9)
    leaf = _leaf(edge, rng)
    kind = np.floor(per_cell(patch, rng) * 5)
    panel, raised = leaf, 0.6 * noise(rng, edge, 0.8, 0.04)
    for number, (ink, height) in enumerate(
        (_spirals(y, x, rng), _squares(y, x, rng), _eyes(y, x, rng), _flowers(y, x, rng))
    ):
        here = (kind == number).astype(float)
        panel, raised = mix(panel, ink, here * (ink.sum(-1) > 0)), raised + here * height
    seam = smoothstep(-border, -0.035, -0.015)
    panel = mix(panel, leaf * 0.55, seam)
    return np.clip(panel * relief(blur(raised + 0.8 * seam, 1.0), 0.8)[..., None], 0, 1)


def _leaf(edge: int, rng: np.random.Generator) -> Canvas:
    """Gold leaf: squares that overlap, worn to the red ground in places."""
    y, x = grid(edge)
    tone = 0.55 * noise(rng, edge, 1.2, 0.3) + 0.45 * noise(rng, edge, 0.4, 0.02)
    gold = ramp(tone, "7a4a10", "b9801f", "d9a733", "f0cf6a", "fbeeb0")
    joints = smoothstep(-np.minimum(np.abs((x * 7) % 1 - 0.5), np.abs((y * 7) % 1 - 0.5)), -0.02, -0.005)
    gold = mix(gold, gold * 0.75, joints * 0.6)
    return mix(
        gold, np.broadcast_to(rgb("6e2418"), gold.shape), smoothstep(noise(rng, edge, 1.1, 0.1), 0.86, 0.97) * 0.7
    )


def _tiles(y: Field, x: Field, count: int, rng: np.random.Generator) -> tuple[Field, Field, Field]:
    """(y, x) within each of count x count tiles, from -1 to 1, and a random value for each tile."""
    value = rng.random((count + 1, count + 1))[(y * count).astype(int), (x * count).astype(int)]
    return ((y * count) % 1) * 2 - 1, ((x * count) % 1) * 2 - 1, value


def _spirals(y: Field, x: Field, rng: np.random.Generator) -> tuple[Canvas, Field]:
    v, u, value = _tiles(y, x, 13, rng)
    radius = np.hypot(v, u)
    turn = np.sin(radius * 13 - np.arctan2(v, u) * np.where(value > 0.5, 1, -1) + value * 6)
    line = smoothstep(turn, 0.1, 0.45) * smoothstep(-radius, -0.98, -0.9)
    return mix(ramp(value, "c99a2b", "e8c45a"), np.broadcast_to(rgb("2b1a10"), (*y.shape, 3)), line), -line


def _squares(y: Field, x: Field, rng: np.random.Generator) -> tuple[Canvas, Field]:
    v, u, value = _tiles(y, x, 22, rng)
    inner = smoothstep(-np.maximum(np.abs(v), np.abs(u)), -0.82, -0.74)
    core = smoothstep(-np.maximum(np.abs(v), np.abs(u)), -0.4, -0.32) * (value > 0.45)
    ink = ramp(value, "14110f", "f4efe0", "a9a39a", "1d3f6e", "e0b43c", "14110f")
    ground = np.broadcast_to(rgb("b98a28"), ink.shape)
    return mix(mix(ground, ink, inner), 1 - ink, core), inner


def _eyes(y: Field, x: Field, rng: np.random.Generator) -> tuple[Canvas, Field]:
    v, u, value = _tiles(y, x + 0.5 / 11 * (np.floor(y * 22) % 2), 11, rng)
    almond = 0.62 * (1 - u**2) - np.abs(v)
    iris = 0.4 - np.hypot(v, u)
    ink = mix(
        ramp(value, "d8ab3c", "c4572c"), np.broadcast_to(rgb("f7edd0"), (*y.shape, 3)), smoothstep(almond, 0, 0.05)
    )
    ink = mix(ink, ramp(value, "1d5f8a", "2f7d5a", "7a2a5c"), smoothstep(iris, 0, 0.05) * (almond > 0))
    ink = mix(ink, np.broadcast_to(rgb("120d0a"), ink.shape), smoothstep(iris, 0.2, 0.24))
    return ink, smoothstep(almond, 0, 0.3)


def _flowers(y: Field, x: Field, rng: np.random.Generator) -> tuple[Canvas, Field]:
    v, u, value = _tiles(y, x, 16, rng)
    radius, angle = np.hypot(v, u), np.arctan2(v, u)
    petals = 0.62 + 0.24 * np.cos(angle * (5 + np.floor(value * 3)) + value * 6) - radius
    ink = ramp(noise(rng, len(y), 1.0, 0.05), "17492f", "2f7a48", "63a04f")
    ink = mix(ink, ramp(value, "d6452f", "f2e3c2", "e07a9a", "7b5ab8", "f0b429"), smoothstep(petals, 0, 0.06))
    ink = mix(ink, np.broadcast_to(rgb("f6d24a"), ink.shape), smoothstep(-radius, -0.26, -0.2))
    return ink, smoothstep(petals, 0, 0.4)
