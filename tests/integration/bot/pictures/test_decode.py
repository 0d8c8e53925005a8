"""The decoder: every odd picture becomes bare pixels or one clear reason, in a process that can do nothing else."""

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
from bot.pictures.decode import SafeDecoder
from bot.pictures.limits import Limits
from tests import PICTURES, ROOT
from tests.integration.bot.pictures.odd_pictures import FAMILIES, GOOD, photo, png, saved

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="seccomp, namespaces and /proc are Linux's")
PICTURE = saved(photo(), "PNG")
EXTRA_BYTES = 400 * 2**20


@pytest.fixture(scope="module")
def decoder() -> Iterator[SafeDecoder]:
    with SafeDecoder() as decoder:
        yield decoder


@pytest.fixture(scope="module")
def tight_decoder() -> Iterator[SafeDecoder]:
    """One whose process may take no more than 400 MB above what it has at rest."""
    with SafeDecoder() as decoder:
        [pid] = _decoders_of(decoder)
        rest_bytes = int(Path(f"/proc/{pid}/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    # Memory is what is tried here: on a busy machine the largest picture may outlast the house's wall clock.
    with SafeDecoder(replace(Limits(), memory_bytes=rest_bytes + EXTRA_BYTES, wall_s=60.0)) as decoder:
        yield decoder


def _decoders_of(decoder: SafeDecoder) -> set[int]:
    """Process ids of the decoders that wait for a picture."""
    decoder.confinement()
    assert decoder._server is not None
    children = Path(f"/proc/{decoder._server.process.pid}/task/{decoder._server.process.pid}/children")
    for _ in range(1000):
        if found := children.read_text().split():
            return {int(pid) for pid in found}
        time.sleep(0.01)
    raise AssertionError("no decoder was born")


def _wait_until_confined(pid: int) -> None:
    """Until it has imported everything, given up its rights, and sleeps for its picture."""
    for _ in range(1000):
        status = Path(f"/proc/{pid}/status").read_text()
        if "Seccomp:\t2" in status and "State:\tS" in status:
            return
        time.sleep(0.01)
    raise AssertionError("the decoder never got ready")


def outcome(decoder: SafeDecoder, data: bytes, declared: str = "") -> str:
    try:
        picture = decoder.normalise(data, declared)
    except PictureError as refusal:
        return refusal.reason
    image = Image.open(io.BytesIO(picture))
    assert image.mode == "RGB"
    assert bare_size(picture) == (image.height, image.width)
    assert not image.getexif()
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert b"Secret" not in picture
    return GOOD


def opened(decoder: SafeDecoder, data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(decoder.normalise(data)))


@LINUX
@pytest.mark.parametrize("family", FAMILIES)
def test_odd_pictures_end_as_they_should_within_400_MB(tight_decoder: SafeDecoder, family: str) -> None:
    odds = list(FAMILIES[family]())
    wrong = {
        odd.name: end for odd in odds if (end := outcome(tight_decoder, odd.data, odd.declared)) not in odd.expected
    }
    assert odds
    assert not wrong


def test_the_corpus_has_more_than_sixty_files() -> None:
    assert sum(1 for family in FAMILIES.values() for _ in family()) >= 60


@pytest.mark.parametrize("path", sorted(PICTURES.glob("*.jpg")), ids=lambda path: path.stem)
def test_real_photos_pass_in_their_size(decoder: SafeDecoder, path: Path) -> None:
    with Image.open(path) as photo:
        assert opened(decoder, path.read_bytes()).size == photo.size


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
        with SafeDecoder(replace(Limits().keeping(asked_px), wall_s=60.0)) as decoder:
            assert opened(decoder, data).size == kept


def test_a_file_of_ones_own_is_limited_by_memory_and_not_by_what_strangers_may_send() -> None:
    data = _large(6000, 8000)
    with SafeDecoder(Limits.own_files(3000, 2**32)) as decoder:
        assert opened(decoder, data).size == (3000, 2250)
    with SafeDecoder(replace(Limits(), wall_s=60.0)) as decoder:
        assert outcome(decoder, data) == PictureReason.TOO_MANY_BYTES
    assert Limits.own_files(512, 2**34).pixels > 2**29
    assert Limits.own_files(512, 0).memory_bytes == Limits().memory_bytes


def test_sixteen_bits_are_scaled_and_not_clipped(decoder: SafeDecoder) -> None:
    rows = b"".join(b"\0" + b"".join((1000 * x).to_bytes(2, "big") for x in range(64)) for _ in range(32))
    grey = opened(decoder, png(64, 32, 16, 0, rows))
    levels = [grey.getpixel((x, 5))[0] for x in range(64)]  # type: ignore[index]  # RGB pixels are tuples
    assert levels == pytest.approx([x * 1000 / 257 for x in range(64)], abs=1)


def test_transparency_becomes_white_and_never_shows_a_hidden_colour(decoder: SafeDecoder) -> None:
    hidden = Image.new("RGBA", (32, 32), (255, 0, 0, 0))
    hidden.putpixel((3, 3), (0, 0, 0, 255))
    assert set(opened(decoder, saved(hidden, "PNG")).getcolors() or ()) == {(1, (0, 0, 0)), (1023, (255, 255, 255))}
    half = Image.new("RGBA", (32, 32), (0, 0, 0, 128))
    half.putpixel((9, 9), (0, 0, 0, 0))
    assert opened(decoder, saved(half, "PNG")).getpixel((3, 3)) == pytest.approx((127, 127, 127), abs=1)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_turned_upright(decoder: SafeDecoder, orientation: int) -> None:
    upright = Image.new("RGB", (48, 32), "white")
    upright.paste("red", (0, 0, 16, 16))
    undone = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    stored = upright if orientation == 1 else upright.transpose(Image.Transpose(undone[orientation]))
    exif = Image.Exif()
    exif[0x0112] = orientation
    for kind in ("PNG", "TIFF"):
        found = opened(decoder, saved(stored, kind, exif=exif))
        assert found.size == upright.size
        assert ImageChops.difference(found, upright).getbbox() is None


def test_cmyk_keeps_its_colours(decoder: SafeDecoder) -> None:
    red = saved(Image.new("RGB", (32, 32), (200, 30, 40)).convert("CMYK"), "JPEG", quality=100)
    assert ImageStat.Stat(opened(decoder, red)).mean == pytest.approx([200, 30, 40], abs=6)


def test_a_wide_gamut_picture_is_converted_to_srgb(decoder: SafeDecoder) -> None:
    data = (PICTURES / "coffee_p3.jpg").read_bytes()
    as_stored, converted = Image.open(io.BytesIO(data)), opened(decoder, data)
    redder = ImageStat.Stat(converted.crop((168, 100, 184, 120))).mean[0]
    assert redder > ImageStat.Stat(as_stored.crop((168, 100, 184, 120))).mean[0]


def test_a_large_picture_is_scaled_to_what_a_render_can_use(decoder: SafeDecoder) -> None:
    found = opened(decoder, saved(photo(size=(5000, 2500)), "JPEG"))
    assert found.size == (2048, 1024)


def test_more_bytes_than_allowed_are_refused_before_any_process_sees_them(decoder: SafeDecoder) -> None:
    with pytest.raises(PictureError) as refusal:
        decoder.normalise(bytes(16 * 2**20 + 1))
    assert refusal.value.reason is PictureReason.TOO_MANY_BYTES


@LINUX
def test_a_decoder_that_hangs_is_ended_and_the_gate_lives_on() -> None:
    with SafeDecoder() as decoder:
        [pid] = _decoders_of(decoder)
        _wait_until_confined(pid)
        os.kill(pid, signal.SIGSTOP)
        decoder.limits = replace(Limits(), wall_s=0.5)
        with pytest.raises(PictureError) as refusal:
            decoder.normalise(PICTURE)
        assert (refusal.value.reason, refusal.value.retry) == (PictureReason.TOO_SLOW, False)
        assert not Path(f"/proc/{pid}").exists()


@LINUX
def test_a_decoder_that_was_killed_while_waiting_is_replaced(decoder: SafeDecoder) -> None:
    for pid in _decoders_of(decoder):
        os.kill(pid, signal.SIGKILL)
    assert outcome(decoder, PICTURE) == GOOD


@LINUX
@pytest.mark.parametrize(
    ("end", "reason"), [(signal.SIGXCPU, PictureReason.TOO_SLOW), (signal.SIGSEGV, PictureReason.BROKEN)]
)
def test_a_decoder_that_dies_over_a_picture_refuses_it(end: signal.Signals, reason: PictureReason) -> None:
    with SafeDecoder() as decoder:
        [pid] = _decoders_of(decoder)
        _wait_until_confined(pid)
        os.kill(pid, signal.SIGSTOP)
        for delay_s, sent in ((0.2, end), (0.3, signal.SIGCONT)):
            threading.Timer(delay_s, os.kill, (pid, sent)).start()
        with pytest.raises(PictureError) as refusal:
            decoder.normalise(PICTURE)
        assert (refusal.value.reason, refusal.value.retry) == (reason, False)


def test_a_machine_that_cannot_start_a_decoder_asks_for_another_try() -> None:
    with SafeDecoder(python="/nowhere/python") as decoder, pytest.raises(PictureError) as refusal:
        decoder.normalise(PICTURE)
    assert refusal.value.retry


@LINUX
@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGSTOP])
def test_the_process_that_bears_decoders_is_replaced_when_it_fails(end: signal.Signals) -> None:
    # A stopped one is waited for so long; a new one starts within it on a busy machine.
    with SafeDecoder(replace(Limits(), wall_s=5.0)) as decoder:
        [pid] = _decoders_of(decoder)
        assert decoder._server is not None
        _wait_until_confined(pid)
        os.kill(decoder._server.process.pid, end)
        assert outcome(decoder, PICTURE) == GOOD


@LINUX
def test_a_decoder_dies_with_the_process_that_bore_it() -> None:
    with SafeDecoder() as decoder:
        [pid] = _decoders_of(decoder)
        assert decoder._server is not None
        _wait_until_confined(pid)
        decoder._server.process.kill()
        for _ in range(500):
            if not Path(f"/proc/{pid}").exists() or "Z" in Path(f"/proc/{pid}/stat").read_text().split()[2]:
                return
            time.sleep(0.01)
        raise AssertionError("it lives on")


def test_decoders_come_from_a_new_process_after_one_died(decoder: SafeDecoder) -> None:
    [pid] = _decoders_of(decoder)
    before = decoder._server
    _wait_until_confined(pid)
    os.kill(pid, signal.SIGSEGV)
    assert outcome(decoder, PICTURE) == PictureReason.BROKEN
    assert decoder._server is not before
    assert outcome(decoder, PICTURE) == GOOD


def test_pictures_from_many_threads_are_served_one_after_the_other(decoder: SafeDecoder) -> None:
    results: list[str] = []
    threads = [threading.Thread(target=lambda: results.append(outcome(decoder, PICTURE))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [GOOD] * 6


@LINUX
def test_every_layer_of_confinement_is_in_force_here(decoder: SafeDecoder) -> None:
    expected = {"rlimits", "no_new_privs", "undumpable", "seccomp", "unprivileged", "dies_with_parent"}
    assert expected <= decoder.confinement()


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
def test_the_decoder_inherits_no_environment(decoder: SafeDecoder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STYLESMITH_MASTODON_TOKEN", "canary-token")
    decoders = _decoders_of(decoder)
    assert decoders
    for pid in decoders:
        _wait_until_confined(pid)
        assert b"canary" not in Path(f"/proc/{pid}/environ").read_bytes()
        assert b"canary" not in Path(f"/proc/{pid}/cmdline").read_bytes()
