"""The gate: every odd picture becomes bare pixels or one clear reason, in a process that can do nothing else."""

import io
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from bot.errors import PictureError, PictureReason
from bot.pictures.bare import bare_size
from bot.pictures.decode import Gate
from bot.pictures.limits import Limits
from tests import PICTURES, ROOT
from tests.integration.bot.pictures.odd_pictures import FAMILIES, GOOD, photo, png, saved

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="seccomp, namespaces and /proc are Linux's")
PICTURE = saved(photo(), "PNG")
EXTRA_BYTES = 400 * 2**20


@pytest.fixture(scope="module")
def gate() -> Iterator[Gate]:
    with Gate() as gate:
        yield gate


@pytest.fixture(scope="module")
def tight_gate() -> Iterator[Gate]:
    """A gate whose decoder may take no more than 400 MB above what it has at rest."""
    with Gate() as gate:
        [decoder] = _decoders_of(gate)
        rest_bytes = int(Path(f"/proc/{decoder}/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    # Memory is what is tried here: on a busy machine the largest picture may outlast the house's wall clock.
    with Gate(replace(Limits(), memory_bytes=rest_bytes + EXTRA_BYTES, wall_s=60.0)) as gate:
        yield gate


def _decoders_of(gate: Gate) -> set[int]:
    """Process ids of the decoders that wait for a picture."""
    gate.confinement()
    assert gate._server is not None
    children = Path(f"/proc/{gate._server.process.pid}/task/{gate._server.process.pid}/children")
    for _ in range(1000):
        if found := children.read_text().split():
            return {int(pid) for pid in found}
        time.sleep(0.01)
    raise AssertionError("no decoder was born")


def _wait_until_confined(decoder: int) -> None:
    """Until it has imported everything, given up its rights, and sleeps for its picture."""
    for _ in range(1000):
        status = Path(f"/proc/{decoder}/status").read_text()
        if "Seccomp:\t2" in status and "State:\tS" in status:
            return
        time.sleep(0.01)
    raise AssertionError("the decoder never got ready")


def outcome(gate: Gate, data: bytes, declared: str = "") -> str:
    try:
        picture = gate.normalise(data, declared)
    except PictureError as refusal:
        return refusal.reason
    image = Image.open(io.BytesIO(picture))
    assert image.mode == "RGB"
    assert bare_size(picture) == (image.height, image.width)
    assert not image.getexif()
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert b"Secret" not in picture
    return GOOD


def opened(gate: Gate, data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(gate.normalise(data)))


@LINUX
@pytest.mark.parametrize("family", FAMILIES)
def test_odd_pictures_end_as_they_should_within_400_MB(tight_gate: Gate, family: str) -> None:
    odds = list(FAMILIES[family]())
    wrong = {odd.name: end for odd in odds if (end := outcome(tight_gate, odd.data, odd.declared)) not in odd.expected}
    assert odds
    assert not wrong


def test_the_corpus_has_more_than_sixty_files() -> None:
    assert sum(1 for family in FAMILIES.values() for _ in family()) >= 60


@pytest.mark.parametrize("path", sorted(PICTURES.glob("*.jpg")), ids=lambda path: path.stem)
def test_real_photos_pass_in_their_size(gate: Gate, path: Path) -> None:
    with Image.open(path) as photo:
        assert opened(gate, path.read_bytes()).size == photo.size


def _large(height: int, width: int) -> bytes:
    """A JPEG with detail down to the pixel, cheap to make."""
    tile = Image.effect_noise((256, 256), 80).convert("RGB")
    picture = Image.new("RGB", (width, height))
    for y in range(0, height, 256):
        for x in range(0, width, 256):
            picture.paste(tile, (x, y))
    return saved(picture, "JPEG", quality=60)


def test_a_picture_is_kept_as_large_as_paintings_may_be() -> None:
    data = _large(3000, 4500)
    for asked_px, kept in ((512, (2048, 1365)), (2048, (2048, 1365)), (4096, (4096, 2731))):
        with Gate(replace(Limits().keeping(asked_px), wall_s=60.0)) as gate:
            assert opened(gate, data).size == kept


def test_a_file_of_ones_own_is_limited_by_memory_and_not_by_what_strangers_may_send() -> None:
    data = _large(6000, 8000)
    with Gate(Limits.own_files(3000, 2**32)) as gate:
        assert opened(gate, data).size == (3000, 2250)
    with Gate(replace(Limits(), wall_s=60.0)) as gate:
        assert outcome(gate, data) == PictureReason.TOO_MANY_BYTES
    assert Limits.own_files(512, 2**34).pixels > 2**29
    assert Limits.own_files(512, 0).memory_bytes == Limits().memory_bytes


def test_sixteen_bits_are_scaled_and_not_clipped(gate: Gate) -> None:
    rows = b"".join(b"\0" + b"".join((1000 * x).to_bytes(2, "big") for x in range(64)) for _ in range(32))
    grey = opened(gate, png(64, 32, 16, 0, rows))
    levels = [grey.getpixel((x, 5))[0] for x in range(64)]  # type: ignore[index]  # RGB pixels are tuples
    assert levels == pytest.approx([x * 1000 / 257 for x in range(64)], abs=1)


def test_transparency_becomes_white_and_never_shows_a_hidden_colour(gate: Gate) -> None:
    hidden = Image.new("RGBA", (32, 32), (255, 0, 0, 0))
    hidden.putpixel((3, 3), (0, 0, 0, 255))
    assert set(opened(gate, saved(hidden, "PNG")).getcolors() or ()) == {(1, (0, 0, 0)), (1023, (255, 255, 255))}
    half = Image.new("RGBA", (32, 32), (0, 0, 0, 128))
    half.putpixel((9, 9), (0, 0, 0, 0))
    assert opened(gate, saved(half, "PNG")).getpixel((3, 3)) == pytest.approx((127, 127, 127), abs=1)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_turned_upright(gate: Gate, orientation: int) -> None:
    upright = Image.new("RGB", (48, 32), "white")
    upright.paste("red", (0, 0, 16, 16))
    undone = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    stored = upright if orientation == 1 else upright.transpose(Image.Transpose(undone[orientation]))
    exif = Image.Exif()
    exif[0x0112] = orientation
    for kind in ("PNG", "TIFF"):
        found = opened(gate, saved(stored, kind, exif=exif))
        assert found.size == upright.size
        assert ImageChops.difference(found, upright).getbbox() is None


def test_cmyk_keeps_its_colours(gate: Gate) -> None:
    red = saved(Image.new("RGB", (32, 32), (200, 30, 40)).convert("CMYK"), "JPEG", quality=100)
    assert ImageStat.Stat(opened(gate, red)).mean == pytest.approx([200, 30, 40], abs=6)


def test_a_wide_gamut_picture_is_converted_to_srgb(gate: Gate) -> None:
    data = (PICTURES / "coffee_p3.jpg").read_bytes()
    as_stored, converted = Image.open(io.BytesIO(data)), opened(gate, data)
    redder = ImageStat.Stat(converted.crop((168, 100, 184, 120))).mean[0]
    assert redder > ImageStat.Stat(as_stored.crop((168, 100, 184, 120))).mean[0]


def test_a_large_picture_is_scaled_to_what_a_render_can_use(gate: Gate) -> None:
    found = opened(gate, saved(photo(size=(5000, 2500)), "JPEG"))
    assert found.size == (2048, 1024)


def test_more_bytes_than_allowed_are_refused_before_any_process_sees_them(gate: Gate) -> None:
    with pytest.raises(PictureError) as refusal:
        gate.normalise(bytes(16 * 2**20 + 1))
    assert refusal.value.reason is PictureReason.TOO_MANY_BYTES


@LINUX
def test_a_decoder_that_hangs_is_ended_and_the_gate_lives_on() -> None:
    with Gate() as gate:
        [decoder] = _decoders_of(gate)
        _wait_until_confined(decoder)
        os.kill(decoder, signal.SIGSTOP)
        gate.limits = replace(Limits(), wall_s=0.5)
        with pytest.raises(PictureError) as refusal:
            gate.normalise(PICTURE)
        assert (refusal.value.reason, refusal.value.retry) == (PictureReason.TOO_SLOW, False)
        assert not Path(f"/proc/{decoder}").exists()


@LINUX
def test_a_decoder_that_was_killed_while_waiting_is_replaced(gate: Gate) -> None:
    for decoder in _decoders_of(gate):
        os.kill(decoder, signal.SIGKILL)
    assert outcome(gate, PICTURE) == GOOD


@LINUX
@pytest.mark.parametrize(
    ("end", "reason"), [(signal.SIGXCPU, PictureReason.TOO_SLOW), (signal.SIGSEGV, PictureReason.BROKEN)]
)
def test_a_decoder_that_dies_over_a_picture_refuses_it(end: signal.Signals, reason: PictureReason) -> None:
    with Gate() as gate:
        [decoder] = _decoders_of(gate)
        _wait_until_confined(decoder)
        os.kill(decoder, signal.SIGSTOP)
        for delay_s, sent in ((0.2, end), (0.3, signal.SIGCONT)):
            threading.Timer(delay_s, os.kill, (decoder, sent)).start()
        with pytest.raises(PictureError) as refusal:
            gate.normalise(PICTURE)
        assert (refusal.value.reason, refusal.value.retry) == (reason, False)


def test_a_machine_that_cannot_start_a_decoder_asks_for_another_try() -> None:
    with Gate(python="/nowhere/python") as gate, pytest.raises(PictureError) as refusal:
        gate.normalise(PICTURE)
    assert refusal.value.retry


@LINUX
@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGSTOP])
def test_the_process_that_bears_decoders_is_replaced_when_it_fails(end: signal.Signals) -> None:
    with Gate(replace(Limits(), wall_s=1.0)) as gate:
        [decoder] = _decoders_of(gate)
        assert gate._server is not None
        _wait_until_confined(decoder)
        os.kill(gate._server.process.pid, end)
        assert outcome(gate, PICTURE) == GOOD


@LINUX
def test_a_decoder_dies_with_the_process_that_bore_it() -> None:
    with Gate() as gate:
        [decoder] = _decoders_of(gate)
        assert gate._server is not None
        _wait_until_confined(decoder)
        gate._server.process.kill()
        for _ in range(500):
            if not Path(f"/proc/{decoder}").exists() or "Z" in Path(f"/proc/{decoder}/stat").read_text().split()[2]:
                return
            time.sleep(0.01)
        raise AssertionError("it lives on")


def test_decoders_come_from_a_new_process_after_one_died(gate: Gate) -> None:
    [decoder] = _decoders_of(gate)
    before = gate._server
    _wait_until_confined(decoder)
    os.kill(decoder, signal.SIGSEGV)
    assert outcome(gate, PICTURE) == PictureReason.BROKEN
    assert gate._server is not before
    assert outcome(gate, PICTURE) == GOOD


def test_pictures_from_many_threads_are_served_one_after_the_other(gate: Gate) -> None:
    results: list[str] = []
    threads = [threading.Thread(target=lambda: results.append(outcome(gate, PICTURE))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [GOOD] * 6


@LINUX
def test_every_layer_of_confinement_is_in_force_here(gate: Gate) -> None:
    expected = {"rlimits", "no_new_privs", "undumpable", "seccomp", "unprivileged", "dies_with_parent"}
    assert expected <= gate.confinement()


ESCAPES = {
    "open a file": "open('/etc/hostname').read()",
    "read the parent's environment": "open(f'/proc/{os.getppid()}/environ').read()",
    "write a file": "open('/tmp/escaped', 'w')",
    "open a socket": "socket.socket().connect(('127.0.0.1', 9))",
    "start a process": "os.fork()",
    "run a program": "os.execv('/bin/true', ['/bin/true'])",
    "start a thread": "threading.Thread(target=print).start()",
    "end its parent": "os.kill(os.getppid(), 9)",
    "ask for more rights": "resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64)); open('/etc/hostname')",
    "list a folder": "os.listdir('/')",
    "take all memory": "bytearray(2 * 2**30)",
}


@LINUX
@pytest.mark.parametrize("deed", ESCAPES)
def test_a_decoder_that_was_taken_over_cannot(deed: str) -> None:
    program = (
        "import os, resource, socket, threading\nfrom bot.pictures.confine import confine\nconfine(2**30, 5)\n"
        f"try:\n    {ESCAPES[deed]}\n"
        "except (OSError, ValueError, MemoryError, RuntimeError):\n    os.write(1, b'held')\nos._exit(0)"
    )
    root = ROOT
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, cwd=root, timeout=30, check=False)
    assert done.stdout == b"held", done.stderr


@LINUX
def test_the_decoder_inherits_no_environment(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STYLESMITH_MASTODON_TOKEN", "canary-token")
    decoders = _decoders_of(gate)
    assert decoders
    for decoder in decoders:
        _wait_until_confined(decoder)
        assert b"canary" not in Path(f"/proc/{decoder}/environ").read_bytes()
        assert b"canary" not in Path(f"/proc/{decoder}/cmdline").read_bytes()
