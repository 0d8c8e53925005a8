"""Fields to draw with: noise, flow, cells and light, all HxW float arrays made from a seeded generator."""

import numpy as np
from numpy.typing import NDArray

Field = NDArray[np.float64]
"""HxW."""
Canvas = NDArray[np.float64]
"""HxWx3, sRGB in [0, 1]."""


def grid(edge: int) -> tuple[Field, Field]:
    """(y, x), each edge x edge, from 0 to 1."""
    line = (np.arange(edge) + 0.5) / edge
    y, x = np.meshgrid(line, line, indexing="ij")
    return y, x


def noise(rng: np.random.Generator, edge: int, slope: float = 2.0, largest: float = 1.0) -> Field:
    """Noise falling as frequency^-slope, in [0, 1]; `largest` is its widest feature as a share of the edge."""
    frequency = np.hypot(*np.meshgrid(np.fft.fftfreq(edge) * edge, np.fft.rfftfreq(edge) * edge, indexing="ij"))
    lowest = 1 / largest
    spectrum = np.where(frequency >= lowest, np.maximum(frequency, lowest) ** -slope, 0)
    field = np.fft.irfft2(np.fft.rfft2(rng.standard_normal((edge, edge))) * spectrum, s=(edge, edge))
    return spread(field)


def spread(field: Field) -> Field:
    """Between its 1st and 99th percentile, in [0, 1]."""
    low, high = np.percentile(field, (1, 99))
    return np.asarray(np.clip((field - low) / max(high - low, 1e-9), 0, 1))


def blur(field: Field, sigma_px: float) -> Field:
    """Gaussian, wrapping round at the edges."""
    fy, fx = np.fft.fftfreq(field.shape[0]), np.fft.rfftfreq(field.shape[1])
    gauss = np.exp(-2 * (np.pi * sigma_px) ** 2 * (fy[:, None] ** 2 + fx[None, :] ** 2))
    return np.asarray(np.fft.irfft2(np.fft.rfft2(field) * gauss, s=field.shape))


def smoothstep(field: Field, low: float, high: float) -> Field:
    """0 below `low`, 1 above `high`, smooth between."""
    t = np.clip((field - low) / (high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t))


def mix(one: Canvas, other: Canvas, share: Field) -> Canvas:
    """`other` over `one` by `share`."""
    return one + (other - one) * share[..., None]


def ramp(field: Field, *colours: str) -> Canvas:
    """Colours in hex along [0, 1]."""
    stops = np.array([rgb(c) for c in colours])
    at = np.linspace(0, 1, len(stops))
    return np.stack([np.interp(field, at, stops[:, channel]) for channel in range(3)], axis=-1)


def rgb(colour: str) -> Field:
    """`e0b060` as three floats in [0, 1]."""
    return np.array([int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4)])


def along(flow: Field, texture: Field, length_px: int) -> Field:
    """`texture` smeared along the direction `flow` (radians): line integral convolution, Cabral & Leedom (1993)."""
    height, width = texture.shape
    rows, columns = np.indices(texture.shape).astype(float)
    step_y, step_x = np.sin(flow), np.cos(flow)
    total = texture.copy()
    for sign in (1.0, -1.0):
        y, x = rows.copy(), columns.copy()
        for _ in range(length_px):
            row, column = y.astype(int) % height, x.astype(int) % width
            y += sign * step_y[row, column]
            x += sign * step_x[row, column]
            total += texture[y.astype(int) % height, x.astype(int) % width]
    return np.asarray(total / (2 * length_px + 1))


def cells(y: Field, x: Field, rng: np.random.Generator, jitter: float = 0.8) -> tuple[Field, Field, NDArray[np.int64]]:
    """Worley cells of unit size in the given coordinates: distance to the border, distance to the seed, cell number."""
    row, column = np.floor(y).astype(int), np.floor(x).astype(int)
    low_y, low_x = row.min() - 2, column.min() - 2
    shape = (row.max() - low_y + 3, column.max() - low_x + 3)
    seed_y, seed_x = (rng.random(shape) - 0.5) * jitter + 0.5, (rng.random(shape) - 0.5) * jitter + 0.5
    first, second = np.full(y.shape, np.inf), np.full(y.shape, np.inf)
    number = np.zeros(y.shape, dtype=np.int64)
    for dy in (-1, 0, 1):
        for dx in (-1, 0, 1):
            r, c = row + dy - low_y, column + dx - low_x
            distance = np.hypot(row + dy + seed_y[r, c] - y, column + dx + seed_x[r, c] - x)
            nearer = distance < first
            second = np.where(nearer, first, np.minimum(second, distance))
            number = np.where(nearer, r * shape[1] + c, number)
            first = np.where(nearer, distance, first)
    return second - first, first, number


def relief(height: Field, strength: float, angle: float = -2.2) -> Field:
    """Light on a surface from `angle`, about 1 on the flat."""
    dy, dx = gradient(height)
    return np.asarray(np.clip(1 + strength * (dx * np.cos(angle) + dy * np.sin(angle)), 0.35, 1.8))


def gradient(field: Field) -> tuple[Field, Field]:
    """Change a pixel, (down, across)."""
    down, across = np.gradient(field)
    return np.asarray(down), np.asarray(across)


def per_cell(number: NDArray[np.int64], rng: np.random.Generator) -> Field:
    """A random value in [0, 1] for each cell."""
    return np.asarray(rng.random(int(number.max()) + 1)[number])


def mean_in_cells(canvas: Canvas, number: NDArray[np.int64]) -> Canvas:
    """Each cell in the mean colour that `canvas` has there."""
    flat = number.ravel()
    count = np.maximum(np.bincount(flat), 1)
    means = [np.bincount(flat, weights=canvas[..., c].ravel()) / count for c in range(3)]
    return np.stack([mean[number] for mean in means], axis=-1)
