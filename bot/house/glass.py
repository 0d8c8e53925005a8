"""Rose Window: a wheel of coloured panes in lead, with the sun behind it."""

import numpy as np

from bot.house.field import Canvas, Field, blur, cells, grid, mix, noise, per_cell, ramp, smoothstep

_PANES = ("7a1024", "c8102e", "e2562a", "f2b632", "fbe38e", "2f7d4f", "0f8f8c", "1c56b0", "122a7c", "5b2a86", "a83279")


def draw(edge: int, rng: np.random.Generator) -> Canvas:
    """An edge x edge window."""
    y, x = grid(edge)
    radius, angle = np.hypot(y - 0.5, x - 0.5), np.arctan2(y - 0.5, x - 0.5)
    ring = np.floor(radius * 11)
    petals = np.maximum(6, np.round(6 * np.maximum(ring, 1)))
    turn = (angle / (2 * np.pi) + 0.5 * (ring % 2) / petals) % 1
    curve = 0.16 * np.sin(turn * petals * 2 * np.pi)
    border, _, pane = cells(radius * 15 + curve, turn * 40 + 2 * noise(rng, edge, 2.5), rng, jitter=0.75)
    tone = (per_cell(pane, rng) * 0.62 + 0.2 * ring / 8 + 0.25 * (0.5 + 0.5 * np.sin(turn * 24 * np.pi))) % 1
    glass = ramp(tone, *_PANES) * (0.72 + 0.5 * per_cell(pane, rng)[..., None])
    lit = glass * _light(edge, radius, rng)[..., None]
    lead = _lead(border, radius, angle, ring)
    metal = ramp(
        np.clip(0.55 * noise(rng, edge, 0.8, 0.03) + 0.45 * blur(lead, 1.5), 0, 1), "050507", "1b1b22", "4a4a55"
    )
    return np.clip(mix(lit, metal, lead), 0, 1)


def _light(edge: int, radius: Field, rng: np.random.Generator) -> Field:
    """Sun through uneven glass: streaks, bubbles, brighter towards the middle."""
    streaks = noise(rng, edge, 1.3, 0.2)
    bubbles = blur((rng.random(radius.shape) > 0.9985).astype(float), 1.6)
    return np.asarray(0.62 + 0.55 * np.exp(-((radius / 0.42) ** 2)) + 0.5 * (streaks - 0.5) + 3 * bubbles)


def _lead(border: Field, radius: Field, angle: Field, ring: Field) -> Field:
    """Came between the panes, heavier on the spokes and the wheels."""
    thin = smoothstep(-border, -0.17, -0.07)
    wheels = smoothstep(-np.abs(radius - np.array([0.1, 0.26, 0.42])[:, None, None]).min(axis=0), -0.011, -0.007)
    spokes = smoothstep(-np.abs(np.sin(angle * 6)) * radius, -0.01, -0.006) * (ring > 0)
    return np.maximum(np.maximum(thin, wheels), spokes)
