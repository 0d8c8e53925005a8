"""Ink and Mist: mountains in washes of ink on rice paper, with a branch and a red seal."""

import numpy as np

from bot.house.field import Canvas, Field, blur, grid, mix, noise, ramp, rgb, smoothstep


def draw(edge: int, rng: np.random.Generator) -> Canvas:
    """An edge x edge painting; each range is darker and wetter than the one behind it."""
    y, x = grid(edge)
    fibres = noise(rng, edge, 0.7, 0.08)
    paper = ramp(0.7 * noise(rng, edge, 1.4, 0.6) + 0.3 * fibres, "d9cfb8", "efe8d6", "f7f2e4")
    sun = smoothstep(-np.hypot(y - 0.2, x - 0.7), -0.075, -0.068)
    page = mix(paper, paper * rgb("d8663f"), 0.8 * sun * (0.75 + 0.25 * fibres))
    for depth in range(6):
        page = _range(page, depth / 5, y, x, rng)
    water = smoothstep(y, 0.86, 0.9) * smoothstep(noise(rng, edge, 1.8, 0.4) + 0.35 * np.sin(y * 190), 0.55, 0.9)
    page = mix(page, page * rgb("5f7078"), 0.6 * water)
    page = mix(page, np.broadcast_to(rgb("14161a"), page.shape), _branch(edge, rng) * (0.75 + 0.25 * fibres))
    seal = (np.abs(y - 0.9) < 0.032) & (np.abs(x - 0.9) < 0.032)
    carved = (np.abs(((x - 0.868) * 110) % 2 - 1) > 0.35) | (np.abs(((y - 0.868) * 80) % 2 - 1) > 0.5)
    return mix(page, np.broadcast_to(rgb("b3261e"), page.shape), (seal & carved) * (0.7 + 0.3 * fibres))


def _range(page: Canvas, near: float, y: Field, x: Field, rng: np.random.Generator) -> Canvas:
    """One range of mountains: a dark ridge that runs into mist at its foot, with dry strokes down its flanks."""
    edge = len(y)
    profile = noise(rng, edge, 2.2, 0.7)[edge // 2]
    fine = noise(rng, edge, 1.4, 0.1)[edge // 3]
    crest = 0.28 + 0.5 * near - 0.34 * (1 - 0.55 * near) * (profile - 0.25) - 0.03 * (fine - 0.5)
    below = y - crest[None, :] + 0.008 * (noise(rng, edge, 1.0, 0.03) - 0.5)
    body = smoothstep(below, -0.003, 0.006)
    mist = np.exp(-np.maximum(below, 0) / (0.07 + 0.1 * near))
    flank = noise(rng, edge, 1.2, 0.25)
    dry = smoothstep(np.sin((x * 1.1 - y * 0.5 + 0.14 * flank) * 300) + 1.4 * (flank - 0.5), 0.35, 0.9)
    pools = noise(rng, edge, 1.9, 0.3)
    ridge = np.exp(-((below / 0.012) ** 2)) * 0.55
    ink = body * np.clip(mist * (0.42 + 0.5 * pools + 0.45 * dry * near) + ridge, 0, 1) * (0.3 + 0.65 * near)
    return mix(page, ramp(np.clip(ink, 0, 1), "8d979b", "4a545b", "16191d"), np.clip(ink, 0, 1))


def _branch(edge: int, rng: np.random.Generator) -> Field:
    """A pine branch from the left edge: boughs that fork, needles in fans."""
    ink = np.zeros((edge, edge))
    for _ in range(5):
        at, heading = np.array([0.04 + 0.22 * rng.random(), -0.02]), 0.35 * (rng.random() - 0.4)
        for step in range(edge // 3):
            heading += 0.13 * (rng.random() - 0.5)
            at = at + np.array([np.sin(heading), np.cos(heading)]) / edge
            _dab(ink, at, 3.4 * (1 - step / (edge / 2.6)))
            if step % 23 == 11:
                for fan in np.linspace(-1.2, 1.2, 9):
                    for length in range(edge // 34):
                        _dab(ink, at + length * np.array([np.sin(heading + fan), np.cos(heading + fan)]) / edge, 0.7)
    return np.clip(blur(ink, 0.7) * 1.3, 0, 1)


def _dab(ink: Field, at: Field, radius_px: float) -> None:
    edge, r = len(ink), max(1, round(radius_px))
    row, column = int(at[0] * edge), int(at[1] * edge)
    if 0 <= row < edge and 0 <= column < edge:
        ink[max(0, row - r + 1) : row + r, max(0, column - r + 1) : column + r] = 1
