"""Noon in Tesserae: a sun over hills and water, laid in stone, glass and gold."""

import numpy as np

from bot.house.field import (
    Canvas,
    blur,
    cells,
    grid,
    mean_in_cells,
    mix,
    noise,
    per_cell,
    ramp,
    relief,
    rgb,
    smoothstep,
)


def draw(edge: int, rng: np.random.Generator) -> Canvas:
    """An edge x edge mosaic."""
    cartoon = _cartoon(edge, rng)
    y, x = grid(edge)
    # Rows of stones bend round the sun and along the hills, as a mosaicist lays them.
    bend = 0.05 * np.sin(9 * np.hypot(y - 0.24, x - 0.64)) + 0.06 * (noise(rng, edge, 3) - 0.5)
    border, _, stone = cells((y + bend) * 46, (x + bend[:, ::-1]) * 46, rng, jitter=0.42)
    colour = mean_in_cells(cartoon, stone)
    shade = per_cell(stone, rng)[..., None]
    colour = np.clip(colour * (0.76 + 0.46 * shade) + 0.05 * (per_cell(stone, rng)[..., None] - 0.5), 0, 1)
    gold = per_cell(stone, rng) > 0.94
    colour = np.where(gold[..., None], rgb("e8b53c") * (0.8 + 0.35 * shade), colour)
    face = smoothstep(border, 0.05, 0.3) + 0.25 * noise(rng, edge, 1.2, 0.05)
    tilt = 1 + 0.22 * (per_cell(stone, rng) - 0.5)
    lit = np.clip(colour * (relief(blur(face, 1.0), 2.2) * tilt)[..., None], 0, 1)
    grout = ramp(noise(rng, edge, 1.0, 0.1), "2b2620", "5b5145")
    return mix(grout, lit, smoothstep(border, 0.05, 0.15))


def _cartoon(edge: int, rng: np.random.Generator) -> Canvas:
    """The coloured drawing under the stones."""
    y, x = grid(edge)
    sky = ramp(np.clip(y * 1.7 + 0.12 * (noise(rng, edge, 2.2) - 0.5), 0, 1), "0f4c81", "2a93c0", "7fd0cf", "f7e3b0")
    radius = np.hypot(y - 0.24, x - 0.64)
    rays = 0.5 + 0.5 * np.sin(np.arctan2(y - 0.24, x - 0.64) * 18)
    sky = mix(sky, ramp(np.clip(radius / 0.16, 0, 1), "fff3b8", "f9c440", "ef8f1d"), smoothstep(-radius, -0.14, -0.12))
    sky = mix(sky, ramp(rays, "f6a623", "d9482b"), smoothstep(-radius, -0.23, -0.22) * smoothstep(radius, 0.15, 0.16))
    for top, wave, ink in ((0.5, 5, "b5532f"), (0.58, 8, "d58936"), (0.66, 6, "5f8f3e"), (0.74, 10, "2f6b4f")):
        crest = top + 0.05 * np.sin(wave * x * np.pi + 10 * top) + 0.07 * (noise(rng, edge, 2.4) - 0.5)
        bands = 0.5 + 0.5 * np.sin((y - crest) * 120)
        hill = rgb(ink) * (0.75 + 0.4 * bands[..., None])
        sky = mix(sky, np.broadcast_to(hill, sky.shape), smoothstep(y - crest, 0.0, 0.01))
    ripples = 0.5 + 0.5 * np.sin((y + 0.03 * np.sin(x * 20) + 0.05 * noise(rng, edge, 2)) * 110)
    return mix(sky, ramp(ripples, "0b3c5d", "1d7fa3", "bfe3dc"), smoothstep(y, 0.83, 0.84))
