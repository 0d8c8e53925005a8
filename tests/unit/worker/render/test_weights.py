"""Weights: lite from the package, VGG-19 from a file or a server, and a sentence that helps when there is none."""

import hashlib
import os
import socketserver
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from worker.contract.errors import WeightsUnavailable
from worker.gatys.vgg import STYLE_TAPS, Vgg
from worker.render import weights

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def torchvision_features() -> nn.Module:
    """torchvision's own layers with random weights; it cannot be asked for the trained ones without a network."""
    from torchvision.models.vgg import cfgs, make_layers  # takes seconds, and other files' process does without

    torch.manual_seed(0)
    return make_layers(cfgs["E"]).eval().requires_grad_(False)


@pytest.fixture(scope="module")
def state_dict(torchvision_features: nn.Module) -> dict[str, Tensor]:
    return {f"features.{name}": tensor for name, tensor in torchvision_features.state_dict().items()}


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory, state_dict: dict[str, Tensor]) -> Path:
    """A folder as a server keeps it: the file's name ends in the first digits of its SHA-256."""
    folder = tmp_path_factory.mktemp("shelf")
    torch.save(state_dict, folder / "vgg19.pth")
    digest = hashlib.sha256((folder / "vgg19.pth").read_bytes()).hexdigest()
    (folder / "vgg19.pth").rename(folder / f"vgg19-{digest[:8]}.pth")
    (folder / "vgg19-00000000.pth").write_bytes(b"another file")
    return folder


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder without writing to stderr."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def server(shelf: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(shelf))) as http:
        threading.Thread(target=http.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{http.server_port}"
        http.shutdown()


def name_of(shelf: Path) -> str:
    return next(path.name for path in shelf.iterdir() if "00000000" not in path.name)


def likeness(first: Tensor, second: Tensor) -> float:
    return torch.cosine_similarity(first.flatten(), second.flatten(), dim=0).item()


def test_the_shipped_lite_is_the_one_whose_hash_the_code_knows() -> None:
    network, name = weights.load("lite", device=CPU)
    assert name == "lite"
    taps = network(torch.rand(1, 3, 32, 32, generator=torch.Generator().manual_seed(0)), STYLE_TAPS)
    assert all(f.isfinite().all() for f in taps.values())


def test_auto_takes_lite_where_there_is_no_gpu() -> None:
    assert weights.load("auto", device=CPU)[1] == "lite"


def test_a_changed_lite_is_refused_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "lite.safetensors"
    path.write_bytes(b"not the weights")
    with pytest.raises(WeightsUnavailable, match=r"is damaged .* install stylesmith again"):
        weights.read_lite(path, weights.LITE_SHA256)


def test_a_missing_lite_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(WeightsUnavailable, match="is missing from the installation: install stylesmith again"):
        weights.read_lite(tmp_path / "lite.safetensors", weights.LITE_SHA256)


def test_vgg19_from_a_file_sees_what_torchvision_sees(
    tmp_path: Path, torchvision_features: nn.Module, state_dict: dict[str, Tensor]
) -> None:
    path = tmp_path / "vgg19.safetensors"
    save_file(state_dict, path)
    assert_sees_what_torchvision_sees(*weights.load("vgg19", path=path, device=CPU), torchvision_features)


def assert_sees_what_torchvision_sees(network: Vgg, name: str, torchvision_features: nn.Module) -> None:
    assert name == "vgg19"
    x = torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    mean, deviation = (torch.tensor(v).view(1, 3, 1, 1) for v in ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)))
    theirs = torchvision_features[:2]((x - mean) / deviation)  # type: ignore[index]  # nn.Sequential
    # torchvision pads with zeros, we with the border's pixels: they agree inside.
    ours = network(x, ("relu1_1",))["relu1_1"]
    assert likeness(ours[:, :, 1:-1, 1:-1], theirs[:, :, 1:-1, 1:-1]) == pytest.approx(1, abs=1e-5)


def test_the_caffe_weights_take_blue_first_and_0_to_255(tmp_path: Path, state_dict: dict[str, Tensor]) -> None:
    path = tmp_path / "caffe.safetensors"
    save_file(state_dict, path, {"input": "BGR 0-255 minus [103.939,116.779,123.68]"})
    network, _ = weights.load("vgg19", path=path, device=CPU)
    x = torch.rand(1, 3, 16, 16, generator=torch.Generator().manual_seed(0))
    bgr = x.flip(1) * 255 - torch.tensor((103.939, 116.779, 123.68)).view(1, 3, 1, 1)
    theirs = torch.relu(torch.conv2d(bgr, state_dict["features.0.weight"], state_dict["features.0.bias"]))
    assert likeness(network(x, ("relu1_1",))["relu1_1"][:, :, 1:-1, 1:-1], theirs) == pytest.approx(1, abs=1e-5)


def test_a_file_that_is_not_vgg19_is_refused_by_what_it_lacks(tmp_path: Path) -> None:
    path = tmp_path / "other.safetensors"
    save_file({"features.0.weight": torch.zeros(64, 3, 3, 3)}, path)
    with pytest.raises(WeightsUnavailable, match=r"does not hold VGG-19 up to relu5_1 .*features\.0\.bias"):
        weights.load("vgg19", path=path, device=CPU)


def test_a_pickle_that_would_run_code_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "evil.pth"
    torch.save({"features.0.weight": Path("/")}, path)
    with pytest.raises(WeightsUnavailable, match=r"cannot be read as \.safetensors or \.pth"):
        weights.load("vgg19", path=path, device=CPU)


def test_a_missing_file_is_refused_by_its_path(tmp_path: Path) -> None:
    with pytest.raises(WeightsUnavailable, match=r"There is no file .*nowhere\.pth"):
        weights.load("vgg19", path=tmp_path / "nowhere.pth", device=CPU)


def test_vgg19_is_downloaded_once_with_progress(server: str, shelf: Path, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    url = f"{server}/{name_of(shelf)}"
    path = weights.download(url=url, folder=tmp_path, progress=lambda done, total: seen.append((done, total)))
    size = (shelf / name_of(shelf)).stat().st_size
    assert path.stat().st_size == size
    assert seen[-1] == (size, size)
    assert sorted(seen) == seen
    seen.clear()
    assert weights.download(url=url, folder=tmp_path, progress=lambda done, total: seen.append((done, total))) == path
    assert not seen


def test_the_downloaded_network_sees_the_same_and_is_cached_where_torch_hub_looks(
    server: str, shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, torchvision_features: nn.Module
) -> None:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    loaded = weights.load("vgg19", url=f"{server}/{name_of(shelf)}", device=CPU)
    assert_sees_what_torchvision_sees(*loaded, torchvision_features)
    assert (tmp_path / "hub" / "checkpoints" / name_of(shelf)).exists()


def test_a_download_with_the_wrong_hash_leaves_nothing_behind(server: str, tmp_path: Path) -> None:
    with pytest.raises(WeightsUnavailable, match=r"its SHA-256 begins with .*, not 00000000"):
        weights.download(url=f"{server}/vgg19-00000000.pth", folder=tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9/vgg19-dcbb9e9d.pth", "{server}/no-such-file.pth"], ids=["no server", "no file"]
)
def test_a_failed_download_says_exactly_what_to_do(url: str, server: str, tmp_path: Path) -> None:
    with pytest.raises(WeightsUnavailable) as refusal:
        weights.download(url=url.format(server=server), folder=tmp_path)
    sentence = str(refusal.value)
    assert "Download that file on another machine and put it at" in sentence
    assert str(tmp_path) in sentence
    assert "choose the backbone lite" in sentence


def test_torchvisions_address_ends_in_the_hash_that_is_checked() -> None:
    assert weights.torchvision_url().endswith("/vgg19-dcbb9e9d.pth")


BODY = bytes(range(1, 251)) * 20_000


@pytest.fixture
def mirror(tmp_path: Path) -> Iterator[str]:
    """Address of a file of five million bytes, none of them zero."""
    folder = tmp_path / "mirror"
    folder.mkdir()
    name = f"vgg19-{hashlib.sha256(BODY).hexdigest()[:8]}.pth"
    (folder / name).write_bytes(BODY)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as http:
        threading.Thread(target=http.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{http.server_port}/{name}"
        http.shutdown()


class Killed(BaseException):
    """The process ends where it stands."""


def test_two_that_fetch_at_once_leave_a_whole_file_although_one_dies(mirror: str, tmp_path: Path) -> None:
    cache = tmp_path / "cache"

    def dies(done: int, total: int) -> None:
        raise Killed

    def is_overtaken(done: int, total: int) -> None:
        if 2 * done > total:
            with pytest.raises(Killed):
                weights.download(url=mirror, folder=cache, progress=dies)

    assert weights.download(url=mirror, folder=cache, progress=is_overtaken).read_bytes() == BODY
    assert len(list(cache.iterdir())) == 1


@pytest.mark.parametrize("damage", [b"", BODY[:-1], BODY[:9] + b"\0" + BODY[10:]], ids=["empty", "short", "a hole"])
def test_a_damaged_file_in_the_cache_is_fetched_again(damage: bytes, mirror: str, tmp_path: Path) -> None:
    cached = tmp_path / mirror.rsplit("/", 1)[1]
    cached.write_bytes(damage)
    assert weights.download(url=mirror, folder=tmp_path).read_bytes() == BODY


def test_a_damaged_file_in_the_cache_is_not_used_when_there_is_no_server(tmp_path: Path) -> None:
    (tmp_path / "vgg19-dcbb9e9d.pth").write_bytes(b"half a file")
    with pytest.raises(WeightsUnavailable, match="could not be downloaded"):
        weights.download(url="http://127.0.0.1:9/vgg19-dcbb9e9d.pth", folder=tmp_path)


def test_what_a_killed_process_left_goes_after_an_hour(mirror: str, tmp_path: Path) -> None:
    name = mirror.rsplit("/", 1)[1]
    old, young = tmp_path / f"{name}.old.part", tmp_path / f"{name}.young.part"
    for left in (old, young):
        left.write_bytes(b"half")
    os.utime(old, (0, 0))
    weights.download(url=mirror, folder=tmp_path)
    assert not old.exists()
    assert young.exists()


@pytest.mark.parametrize("length", [b"many", b"-5", b"1e9", b"\xb2", b"7, 8"])
def test_a_server_that_tells_a_strange_length_is_a_reason_and_no_crash(length: bytes, tmp_path: Path) -> None:
    with socketserver.TCPServer(("127.0.0.1", 0), Strange) as server:
        server.RequestHandlerClass.length = length  # type: ignore[attr-defined]  # a class of this file
        threading.Thread(target=server.handle_request, daemon=True).start()
        with pytest.raises(WeightsUnavailable, match="could not be downloaded"):
            weights.download(url=f"http://127.0.0.1:{server.server_address[1]}/vgg19-00000000.pth", folder=tmp_path)


class Strange(socketserver.StreamRequestHandler):
    """Answers one request with four bytes and whatever length it was told to name."""

    length = b""

    def handle(self) -> None:
        self.rfile.readline()
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: " + self.length + b"\r\n\r\nbody")


@pytest.mark.parametrize(
    "url", ["http://mirror.example/vgg19.pth", "http://mirror.example/vgg19-.pth", "http://a.example"]
)
def test_a_name_that_vouches_for_nothing_is_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(WeightsUnavailable, match="nothing vouches for"):
        weights.download(url=url, folder=tmp_path)


@pytest.mark.parametrize(
    "url", ["http://[::1/vgg19-dcbb9e9d.pth", "vgg19-dcbb9e9d.pth", "http://a\x00b/vgg19-dcbb9e9d.pth"]
)
def test_an_address_that_is_none_is_a_reason_and_no_crash(url: str, tmp_path: Path) -> None:
    with pytest.raises(WeightsUnavailable):
        weights.download(url=url, folder=tmp_path)
