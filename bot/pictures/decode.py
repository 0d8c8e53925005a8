"""Safe decoding of strangers' pictures: each file in a fresh, confined process."""

import contextlib
import logging
import signal
import socket
import sys
import threading
import time
from typing import Self

from bot.errors import PictureError, PictureReason
from bot.pictures import heic
from bot.pictures.bare import bare_size
from bot.pictures.confine import LAYERS, MINIMUM
from bot.pictures.forkserver import MOST_SPAWNED, ForkServer
from bot.pictures.formats import admit
from bot.pictures.limits import Limits

log = logging.getLogger(__name__)

_GREETING_BYTES = 200
_STARTS = 4


class Unconfined(Exception):
    """This machine does not confine the decoder as strangers' pictures need; the message names what is missing."""


class SafeDecoder:
    """Decodes one picture at a time, each in a process of its own; the next process is forked ahead."""

    def __init__(self, limits: Limits | None = None, python: str = sys.executable) -> None:
        self.limits = limits or Limits()
        self._python = python
        self._turn = threading.Lock()
        self._server: ForkServer | None = None
        self._spare: socket.socket | None = None

    def normalise(self, data: bytes, declared: str = "") -> bytes:
        """`data` as PNG or JPEG: RGB, sRGB, upright, opaque, no metadata, long side <= limits.edge_px.

        `declared` is the media type that its server gave, if any. Raises PictureError with the one reason that applies.
        """
        if len(data) > self.limits.input_bytes:
            raise PictureError(PictureReason.TOO_MANY_BYTES)
        admit(data, declared)
        with self._turn:
            _, verdict = self._ask(data)
        return checked(verdict, self.limits)

    def confinement(self) -> frozenset[str]:
        """Names of the layers that hold the decoder on this machine (see bot.pictures.confine), found by trying."""
        with self._turn:
            greeting, _ = self._ask(b"")
        return frozenset(greeting.split()[1:])

    def opens_heic(self) -> bool:
        """Whether HEIC is opened: the extra is installed and the least layers hold. Found by trying."""
        try:
            return bool(self.normalise(heic.SAMPLE.read_bytes()))
        except PictureError:
            return False

    def check_confinement(self, *, weaker_allowed: bool = False) -> frozenset[str]:
        """Log the layers that hold, those that do not, and whether HEIC is opened; return those that hold.

        Raises Unconfined below bot.pictures.confine.MINIMUM, unless `weaker_allowed`.
        """
        held = self._patiently_confined()
        missing = sorted(LAYERS - held)
        log.log(
            logging.WARNING if missing else logging.INFO,
            "decoder confined",
            extra={"by": sorted(held), "not_by": missing, "opens_heic": self.opens_heic()},
        )
        if MINIMUM - held and not weaker_allowed:
            raise Unconfined(", ".join(sorted(MINIMUM - held)))
        return held

    def _patiently_confined(self) -> frozenset[str]:
        """Several tries, since a busy machine starts a decoder late; none where it never starts."""
        for _ in range(_STARTS):
            with contextlib.suppress(PictureError):
                return self.confinement()
        return frozenset()

    def close(self) -> None:
        with self._turn:
            self._start_afresh()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _ask(self, data: bytes) -> tuple[str, bytes]:
        """Greeting of one decoder, and its answer on `data`."""
        try:
            return self._ask_once(data)
        except PictureError as refusal:
            if not refusal.retry:
                raise
        return self._ask_once(data)  # the one that waited had died

    def _ask_once(self, data: bytes) -> tuple[str, bytes]:
        try:
            answer = self._converse(data)
        except PictureError:
            self._start_afresh()
            raise
        greeting, _, verdict = answer.partition(b"\n")
        return greeting.decode("ascii", "replace"), verdict

    def _converse(self, data: bytes) -> bytes:
        """Write `data`, read until the decoder has gone, all within the wall clock and a cap on its answer."""
        deadline = time.monotonic() + self.limits.wall_s
        server = self._server = self._server or ForkServer(self.limits, self._python)
        decoder = self._spare = self._spare or server.spawn()
        try:
            _send(decoder, data, deadline)
            answer = _receive(decoder, self.limits.output_bytes + _GREETING_BYTES, deadline)
        except TimeoutError:
            raise PictureError(PictureReason.TOO_SLOW) from None
        decoder.close()
        status = server.end()
        if not answer.startswith(b"ready") or status == -signal.SIGKILL:  # a cautious kernel, an operator
            raise PictureError(PictureReason.TOO_SLOW, retry=True)
        if status == -signal.SIGXCPU:
            raise PictureError(PictureReason.TOO_SLOW)
        if status or server.spawned >= MOST_SPAWNED:
            self._start_afresh()
        else:
            self._spare = server.spawn()
        return answer

    def _start_afresh(self) -> None:
        if self._spare is not None:
            self._spare.close()
        if self._server is not None:
            self._server.close()
        self._spare = self._server = None


def checked(verdict: bytes, limits: Limits) -> bytes:
    """The picture in a decoder's verdict. The decoder may have been taken over: nothing that it says is believed."""
    word, _, picture = verdict.partition(b"\n")
    if word == b"ok" and len(picture) <= limits.output_bytes:
        size = bare_size(picture)
        if size is not None and min(size) > 0 and max(size) <= limits.edge_px:
            return picture
    told = word.removeprefix(b"no ").decode("ascii", "replace")
    if word.startswith(b"no ") and told in set(PictureReason):
        raise PictureError(PictureReason(told))
    raise PictureError(PictureReason.BROKEN)


def _send(decoder: socket.socket, data: bytes, deadline: float) -> None:
    decoder.settimeout(_left(deadline))
    try:
        decoder.sendall(data)
        decoder.shutdown(socket.SHUT_WR)
    except TimeoutError:
        raise
    except OSError:
        pass  # it died: what it said before tells why


def _receive(decoder: socket.socket, limit_bytes: int, deadline: float) -> bytes:
    answer = bytearray()
    with contextlib.suppress(ConnectionError):  # it died before it had read everything
        while len(answer) <= limit_bytes:
            decoder.settimeout(_left(deadline))
            piece = decoder.recv(2**20)
            if not piece:
                return bytes(answer)
            answer += piece
        raise PictureError(PictureReason.BROKEN)
    return bytes(answer)


def _left(deadline: float) -> float:
    """Seconds until then; never 0, which would mean not to wait at all."""
    return max(0.001, deadline - time.monotonic())
