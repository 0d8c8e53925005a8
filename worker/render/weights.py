"""Where a network's weights come from: the package, a local file, or torchvision's server."""

import hashlib
import os
import re
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from enum import StrEnum
from importlib import resources
from pathlib import Path
from typing import IO

import httpx
import torch
from safetensors import safe_open
from torch import Tensor

from worker.contract.errors import WeightsUnavailable
from worker.gatys.normalise import dead_leaves, normalise
from worker.gatys.vgg import CONVS, VGG19_WIDTHS, Vgg

LITE_SHA256 = "420201c9298c65c62b27e320325629b964ffca59f947e8e10729e2b4b5043540"

_TORCHVISION_INDICES = (0, 2, 5, 7, 10, 12, 14, 16, 19, 21, 23, 25, 28)
"""Of the convolutions in torchvision's `features`, conv1_1 to conv5_1."""

_IMAGENET_MEAN, _IMAGENET_DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)

_UNFINISHED = ".part"
_ABANDONED_S = 3600

Progress = Callable[[int, int], None]
"""Called with bytes done and bytes in all."""


class Backbone(StrEnum):
    """The networks that a job can ask for."""

    AUTO = "auto"
    LITE = "lite"
    VGG19 = "vgg19"


def load(
    backbone: str,
    *,
    path: Path | None = None,
    device: torch.device,
    progress: Progress | None = None,
    url: str | None = None,
) -> tuple[Vgg, str]:
    """The network and its name: what `backbone` says, or for `auto` vgg19 where there is a GPU and weights, else lite.

    path: a local file to use instead of a download. url: a mirror of torchvision's file, whose name must end in
    `-` and the first digits of its SHA-256. Raises WeightsUnavailable, whose message says what to do.
    """
    network, name = _load(Backbone(backbone), path, device, progress, url)
    return network.to(device), name


def _load(
    backbone: Backbone, path: Path | None, device: torch.device, progress: Progress | None, url: str | None
) -> tuple[Vgg, str]:
    if backbone is Backbone.LITE:
        return _lite(), "lite"
    if path is not None:
        return _from_file(path)
    if backbone is Backbone.AUTO and device.type == "cpu":
        return _lite(), "lite"
    try:
        return _from_file(download(progress=progress, url=url))
    except WeightsUnavailable:
        if backbone is Backbone.VGG19:
            raise
        return _lite(), "lite"


def _lite() -> Vgg:
    with resources.as_file(resources.files("worker.lite") / "lite.safetensors") as path:
        return read_lite(path, LITE_SHA256)


def read_lite(path: Path, sha256: str) -> Vgg:
    """Lite from its own file: widths, pooling and the rest are in the header."""
    if not path.exists():
        raise WeightsUnavailable(f"{path} is missing from the installation: install stylesmith again.")
    if (found := _sha256(path)) != sha256:
        raise WeightsUnavailable(f"{path} is damaged (SHA-256 {found}, not {sha256}): install stylesmith again.")
    with safe_open(path, framework="pt") as file:
        header: dict[str, str] = file.metadata()
        tensors: dict[str, Tensor] = {name: file.get_tensor(name).float() for name in file.keys()}  # noqa: SIM118
    first, second, third, fourth, fifth = (int(width) for width in header["widths"].split(","))
    network = Vgg(
        (first, second, third, fourth, fifth),
        pool="average" if header["pool"] == "average" else "max",
        metrics=header["taps"].split(","),
    )
    mean = torch.tensor([float(value) for value in header["mean"].split(",")])
    network.load_state_dict(tensors | {"mean": mean.view(1, 3, 1, 1)})
    return network


def _from_file(path: Path) -> tuple[Vgg, str]:
    tensors, header = _tensors(path)
    try:
        if "conv11.weight" in tensors:
            return _quarter(tensors), "quarter"
        return _vgg19(tensors, bgr=header.get("input", "").startswith("BGR")), "vgg19"
    except (KeyError, RuntimeError) as exc:
        raise WeightsUnavailable(
            f"{path} does not hold VGG-19 up to relu5_1 under torchvision's names "
            f"(features.0.weight ... features.28.bias): {exc}"
        ) from exc


def _tensors(path: Path) -> tuple[dict[str, Tensor], dict[str, str]]:
    try:
        if path.suffix == ".safetensors":
            with safe_open(path, framework="pt") as file:
                return {name: file.get_tensor(name) for name in file.keys()}, file.metadata() or {}  # noqa: SIM118
        return torch.load(path, map_location="cpu", weights_only=True, mmap=True), {}
    except FileNotFoundError as exc:
        raise WeightsUnavailable(f"There is no file {path}: put VGG-19's weights there, or choose lite.") from exc
    except Exception as exc:  # readers raise whatever the broken file makes them stumble over
        raise WeightsUnavailable(f"{path} cannot be read as .safetensors or .pth: {exc}") from exc


def _vgg19(tensors: Mapping[str, Tensor], *, bgr: bool) -> Vgg:
    network = Vgg(VGG19_WIDTHS)
    for conv, index in zip(CONVS, _TORCHVISION_INDICES, strict=True):
        _fill(network, conv, tensors[f"features.{index}.weight"], tensors[f"features.{index}.bias"])
    if bgr:
        _expect(network, matrix=torch.eye(3).flip(0) * 255, offset=-torch.tensor((103.939, 116.779, 123.68)))
    else:
        deviation = torch.tensor(_IMAGENET_DEVIATION)
        _expect(network, matrix=torch.diag(1 / deviation), offset=-torch.tensor(_IMAGENET_MEAN) / deviation)
    normalise(network, dead_leaves())
    return network


def _quarter(tensors: Mapping[str, Tensor]) -> Vgg:
    """The quarter-width VGG-19 of Wang et al. (2020), read by path for measurements only."""
    network = Vgg((16, 32, 64, 128, 128))
    for conv in CONVS:
        theirs = conv.replace("_", "")
        _fill(network, conv, tensors[f"{theirs}.weight"], tensors[f"{theirs}.bias"])
    _expect(network, matrix=tensors["conv0.weight"][:, :, 0, 0], offset=tensors["conv0.bias"])
    normalise(network, dead_leaves())
    return network


def _fill(network: Vgg, conv: str, weight: Tensor, bias: Tensor) -> None:
    layer = network.conv(conv)
    layer.weight.copy_(weight)
    assert layer.bias is not None  # noqa: S101  # every convolution of a Vgg has one
    layer.bias.copy_(bias)


def _expect(network: Vgg, *, matrix: Tensor, offset: Tensor) -> None:
    """Make a network that wants `matrix @ rgb + offset` take RGB in [0, 1], by its mean and its first layer."""
    layer = network.conv("conv1_1")
    layer.weight.copy_(torch.einsum("ojhw,ji->oihw", layer.weight, matrix))
    network.mean.copy_(-torch.linalg.solve(matrix, offset).view(1, 3, 1, 1))


def download(*, progress: Progress | None = None, url: str | None = None, folder: Path | None = None) -> Path:
    """torchvision's VGG-19 file, from torch.hub's cache or downloaded into it; its hash is checked in both cases.

    A cached file that is damaged is fetched again. Raises WeightsUnavailable, whose message says what to do.
    """
    url = url or torchvision_url()
    target = (folder or Path(torch.hub.get_dir()) / "checkpoints") / url.partition("?")[0].rsplit("/", 1)[-1]
    try:
        expected = _digits(target)
        if target.exists() and _sha256(target).startswith(expected):
            return target
        target.parent.mkdir(parents=True, exist_ok=True)
        _fetch(url, target, expected, progress)
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as exc:
        raise WeightsUnavailable(
            f"VGG-19 could not be downloaded from {url} ({exc}). Download that file on another machine and put it "
            f"at {target}, name another file as the weights' path, or choose the backbone lite, which needs none."
        ) from exc
    return target


def _digits(target: Path) -> str:
    """The digits of its SHA-256 that a file has in its name, as torch.hub's files do. Raises ValueError."""
    found = re.fullmatch(r".*-([0-9a-f]{8,64})", target.stem)
    if found is None:
        raise ValueError("nothing vouches for it: its name has to end in eight or more digits of its SHA-256")
    return found[1]


def torchvision_url() -> str:
    """Where torchvision keeps its VGG-19 with ImageNet weights."""
    from torchvision.models import VGG19_Weights  # noqa: PLC0415  # half a second that lite never needs

    return str(VGG19_Weights.IMAGENET1K_V1.url)


def _fetch(url: str, target: Path, expected: str, progress: Progress | None) -> None:
    """Into a file of this process's own, which gets its name once what lies on the disk has the right hash."""
    _clear_unfinished(target)
    descriptor, path = tempfile.mkstemp(prefix=f"{target.name}.", suffix=_UNFINISHED, dir=target.parent)
    unfinished = Path(path)
    try:
        with os.fdopen(descriptor, "wb") as file:
            _stream(url, file, progress)
            file.flush()
            os.fsync(file.fileno())
        found = _sha256(unfinished)
        if not found.startswith(expected):
            raise OSError(f"its SHA-256 begins with {found[: len(expected)]}, not {expected}")
        unfinished.chmod(0o644)  # mkstemp's are for their owner alone; a cache is shared
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


def _stream(url: str, file: IO[bytes], progress: Progress | None) -> None:
    with httpx.stream("GET", url, follow_redirects=True, timeout=30) as response:
        response.raise_for_status()
        length = response.headers.get("Content-Length", "")
        total_bytes, done_bytes = int(length) if length.isdecimal() else 0, 0
        for chunk in response.iter_bytes(1 << 20):
            file.write(chunk)
            done_bytes += len(chunk)
            if progress is not None:
                progress(done_bytes, total_bytes)


def _clear_unfinished(target: Path) -> None:
    """What killed processes left: nobody has written to it for an hour."""
    for left in target.parent.glob(f"{target.name}.*{_UNFINISHED}"):
        with suppress(FileNotFoundError):
            if time.time() - left.stat().st_mtime > _ABANDONED_S:
                left.unlink()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
