"""Rain on Glass: the lights of a street at night, seen through drops on a window."""

import numpy as np
from PIL import Image

from bot.house.field import Canvas, Field, blur, cells, gradient, grid, mix, noise, ramp, rgb, smoothstep

_LIGHTS = ("ff8c2a", "ffb648", "ff7a1f", "ff3d4f", "2fc4d8", "4f6cff", "ffd9a0")


def draw(edge: int, rng: np.random.Generator) -> Canvas:
    """An edge x edge view."""
    street = _enlarged(_street(edge // 2, rng), edge)
    height = _drops(edge, rng)
    dy, dx = gradient(blur(height, 0.8))
    rows, columns = np.indices(height.shape)
    # A drop is a small lens: it shows the street upside down, so it is looked up on the far side.
    bend = 9.0 * edge / 10
    row = np.clip(rows - dy * bend, 0, edge - 1).astype(int)
    column = np.clip(columns - dx * bend, 0, edge - 1).astype(int)
    seen = np.stack([blur(street[..., c], edge / 190) for c in range(3)], axis=-1)
    sharp = street[row, column] * 1.18
    wet = smoothstep(height, 0.04, 0.16)
    view = mix(seen, sharp, wet)
    shine = np.clip(-(dy + 0.7 * dx) * 9, 0, 1) ** 2
    rim = smoothstep(np.hypot(dy, dx), 0.05, 0.22)
    view = view * (1 - 0.55 * rim * smoothstep(dy, 0, 0.06))[..., None] + 0.4 * shine[..., None]
    haze = noise(rng, edge, 1.6, 0.3)[..., None] * 0.05
    return np.asarray(np.clip(view + haze, 0, 1))


def _enlarged(view: Canvas, edge: int) -> Canvas:
    """The street is out of focus, so that half the size is drawn."""
    packed = Image.fromarray((view * 255).astype(np.uint8)).resize((edge, edge), Image.Resampling.BICUBIC)
    return np.asarray(packed, dtype=float) / 255


def _street(edge: int, rng: np.random.Generator) -> Canvas:
    """Lamps and signs out of focus, and what the wet road makes of them."""
    y, x = grid(edge)
    view = ramp(
        np.clip(y + 0.2 * (noise(rng, edge, 2.2) - 0.5), 0, 1), "060b1e", "0f2748", "2b3156", "1b1730", "0a0913"
    )
    for _ in range(60):
        cy, cx, size = 0.12 + 0.5 * rng.random(), rng.random(), 0.012 + 0.045 * rng.random() ** 2
        colour = rgb(_LIGHTS[rng.integers(len(_LIGHTS))])
        radius = np.hypot(y - cy, x - cx) / size
        disc = smoothstep(-radius, -1.05, -0.95) * (0.55 + 0.45 * smoothstep(radius, 0.55, 1.0))
        smear = np.exp(-(((x - cx) / (0.9 * size)) ** 2)) * smoothstep(y, 0.6, 0.74) * np.exp(-(y - 0.66) * 3.2)
        glow = np.exp(-((radius / 2.6) ** 2)) * 0.05
        view = view + colour * (0.5 * disc + 0.22 * smear + glow)[..., None]
    ripple = 1 + 0.35 * np.sin(y * 300 + 6 * noise(rng, edge, 1.6, 0.2)) * smoothstep(y, 0.64, 0.7)
    return np.clip(view * ripple[..., None], 0, 1)


def _drops(edge: int, rng: np.random.Generator) -> Field:
    """Height of the water: beads of several sizes, and trails that ran down."""
    y, x = grid(edge)
    height = np.zeros((edge, edge))
    for count, share, tall in ((15, 0.5, 1.0), (32, 0.55, 0.5), (70, 0.5, 0.24)):
        _, distance, bead = cells(y * count * 0.85, x * count, rng, jitter=0.9)
        radius = 0.22 + 0.2 * rng.random(int(bead.max()) + 1)[bead]
        there = rng.random(int(bead.max()) + 1)[bead] < share
        dome = np.sqrt(np.clip(1 - (distance / radius) ** 2, 0, 1)) * there * tall
        height = np.maximum(height, dome)
    for _ in range(16):
        path = rng.random() + 0.02 * np.cumsum(noise(rng, edge, 1.0, 0.2)[0] - 0.5) / edge * 40
        trail = np.exp(-(((x - path[:, None]) * edge / (3.5 + 4 * rng.random())) ** 2)) * smoothstep(
            y, rng.random(), 1.0
        )
        height = np.maximum(height, 0.5 * trail)
    return height
