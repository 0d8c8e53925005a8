"""The colours of a PNG that tells its gamma and its primaries and has no profile, as an ICC profile."""

import struct
from collections.abc import Mapping, Sequence

GAMMAS = (0.1, 4.0)
"""What a gAMA chunk may hold and be believed."""
SRGB_GAMMA, SRGB_CHROMATICITY = 0.45455, (0.3127, 0.329, 0.64, 0.33, 0.3, 0.6, 0.15, 0.06)
"""White, red, green and blue, each x and y (IEC 61966-2-1)."""
_D50 = (0.9642, 1.0, 0.8249)
_BRADFORD = ((0.8951, 0.2664, -0.1614), (-0.7502, 1.7135, 0.0367), (0.0389, -0.0685, 1.0296))
_SAME = 0.01

Vector = Sequence[float]
Matrix = Sequence[Sequence[float]]


def profile_of(info: Mapping[str | tuple[int, int], object]) -> bytes | None:
    """An ICC profile of what Pillow read from gAMA and cHRM, or None where they are sRGB's, absent or nonsense.

    A PNG with an iCCP or sRGB chunk has said more than these (PNG specification, section 4.3).
    """
    gamma, chromaticity = info.get("gamma"), info.get("chromaticity")
    if "icc_profile" in info or "srgb" in info or (gamma is None and chromaticity is None):
        return None
    gamma = gamma if isinstance(gamma, float) and GAMMAS[0] <= gamma <= GAMMAS[1] else SRGB_GAMMA
    points = chromaticity if isinstance(chromaticity, tuple) and len(chromaticity) == 8 else SRGB_CHROMATICITY
    if abs(gamma - SRGB_GAMMA) < _SAME and all(
        abs(a - b) < _SAME for a, b in zip(points, SRGB_CHROMATICITY, strict=True)
    ):
        return None
    try:
        return _profile(1 / gamma, _colorants(points))
    except (ArithmeticError, ValueError, struct.error):
        return None


def _colorants(points: Vector) -> list[Vector]:
    """XYZ of red, green and blue, as seen under D50 (ICC.1:2022, annex E)."""
    white, *primaries = ((x / y, 1.0, (1 - x - y) / y) for x, y in zip(points[::2], points[1::2], strict=True))
    shares = _solved(list(zip(*primaries, strict=True)), white)
    bent = [
        _times(_BRADFORD, [share * part for part in primary]) for share, primary in zip(shares, primaries, strict=True)
    ]
    scales = [to / of for to, of in zip(_times(_BRADFORD, _D50), _times(_BRADFORD, white), strict=True)]
    return [_solved(_BRADFORD, [scale * part for scale, part in zip(scales, cone, strict=True)]) for cone in bent]


def _times(matrix: Matrix, vector: Vector) -> list[float]:
    return [sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix]


def _solved(matrix: Matrix, result: Vector) -> list[float]:
    """The vector that `matrix` takes to `result`, by Cramer's rule. Raises ZeroDivisionError."""
    whole = _determinant(matrix)
    replaced = ([[*row[:n], value, *row[n + 1 :]] for row, value in zip(matrix, result, strict=True)] for n in range(3))
    return [_determinant(one) / whole for one in replaced]


def _determinant(matrix: Matrix) -> float:
    (a, b, c), (d, e, f), (g, h, i) = matrix
    return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)


def _profile(exponent: float, colorants: Sequence[Vector]) -> bytes:
    """A monitor's profile, version 2.4: a white point, three colorants and one curve (ICC.1:2001-04)."""
    curve = b"curv" + bytes(4) + struct.pack(">IH", 1, round(exponent * 256)) + bytes(2)
    tags = [(b"wtpt", _xyz_tag(_D50))]
    tags += [(name, _xyz_tag(colorant)) for name, colorant in zip((b"rXYZ", b"gXYZ", b"bXYZ"), colorants, strict=True)]
    tags += [(name, curve) for name in (b"rTRC", b"gTRC", b"bTRC")]
    at, table, body = 128 + 4 + 12 * len(tags), b"", b""
    for name, tag in tags:
        table += struct.pack(">4sII", name, at + len(body), len(tag))
        body += tag
    size = at + len(body)
    header = struct.pack(">I4sI4s4s4s", size, bytes(4), 0x02400000, b"mntr", b"RGB ", b"XYZ ")
    header += struct.pack(">6H4s", 2026, 1, 1, 0, 0, 0, b"acsp") + bytes(28) + _numbers(_D50)
    return header.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + body


def _xyz_tag(vector: Vector) -> bytes:
    return b"XYZ " + bytes(4) + _numbers(vector)


def _numbers(vector: Vector) -> bytes:
    """As s15Fixed16Number."""
    return struct.pack(">3i", *(round(part * 65536) for part in vector))
