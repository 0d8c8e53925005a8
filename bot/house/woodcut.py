"""The Cutter's Storm: sea, cloud and moon cut in wood, printed in black over two tints."""

import numpy as np

from bot.house.field import Canvas, Field, blur, grid, mix, noise, ramp, rgb, smoothstep, spread


def draw(edge: int, rng: np.random.Generator) -> Canvas:
    """An edge x edge print: lines swell with the darkness of what they describe."""
    y, x = grid(edge)
    clouds = noise(rng, edge, 3.4, 0.55)
    swell = y + 0.05 * np.sin(x * 13 + 3 * y) + 0.09 * (noise(rng, edge, 3.0, 0.5) - 0.5)
    sea = smoothstep(swell, 0.6, 0.605)
    moon = np.hypot(y - 0.26, x - 0.3)
    tone = _tone(clouds, swell, sea, moon)
    waves = swell * (1.1 - 0.3 * (swell > 0.8)) + 0.012 * np.sin(x * 60)
    sky = y * 0.75 + 0.34 * clouds + 0.01 * noise(rng, edge, 2.4, 0.2)
    lines = _cut(np.where(sea > 0.5, waves, sky), tone, 54, rng)
    crossed = _cut(x * 0.9 + y * 0.5 + 0.1 * clouds, tone - 0.42, 58, rng)
    ink = np.maximum(lines, crossed)
    ink = np.maximum(ink, smoothstep(-np.abs(swell - 0.6), -0.008, -0.005))
    ink = np.where(moon < 0.1, 0, np.maximum(ink, smoothstep(-np.abs(moon - 0.102), -0.005, -0.003)))
    paper = ramp(noise(rng, edge, 0.7, 0.2), "e7d7b3", "f3e7cb")
    tint = mix(paper, paper * rgb("d08a4e"), smoothstep(-moon, -0.34, -0.1) * (1 - sea) * 0.85)
    tint = mix(tint, paper * rgb("6f9aa0"), np.maximum(sea * 0.9, (clouds < 0.42) * (1 - sea) * 0.75) * (moon > 0.1))
    worn = ink * (0.9 + 0.1 * (noise(rng, edge, 0.3, 0.01) > 0.25))
    return mix(tint, np.broadcast_to(rgb("17130f"), tint.shape), blur(worn, 0.6).clip(0, 1))


def _tone(clouds: Field, swell: Field, sea: Field, moon: Field) -> Field:
    """How dark each place is, 0 to 1."""
    sky = 0.25 + 0.75 * smoothstep(clouds, 0.25, 0.85) - 0.75 * np.exp(-((moon / 0.22) ** 2))
    crests = 0.5 + 0.5 * np.sin(swell * 62)
    return np.clip(np.where(sea > 0.5, 0.28 + 0.65 * crests, sky), 0.04, 0.97)


def _cut(height: Field, tone: Field, count: int, rng: np.random.Generator) -> Field:
    """Lines along the contours of `height`, each as wide as the tone is dark, with the tremor of a hand."""
    edge = len(height)
    tremor = 0.16 * (noise(rng, edge, 1.1, 0.06) - 0.5)
    phase = np.abs((height * count + tremor) % 1 - 0.5) * 2
    width = np.clip(tone, 0, 1) * (0.9 + 0.2 * spread(noise(rng, edge, 0.9, 0.08)))
    return smoothstep(width - phase, -0.06, 0.06) * (tone > 0.02)
