"""Pictures on disk under their SHA-256: decoded safely on the way in, written whole, removed by retention."""

import contextlib
import logging
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bot.errors import PictureError, PictureReason, TransportDown
from bot.pictures.decode import SafeDecoder
from bot.pictures.fetch import Fetcher
from bot.pictures.film import is_film
from bot.pictures.painted import LARGEST_BYTES, is_as_asked, is_bare, signed
from bot.posts import Attachment, Media
from worker.contract import Film, Rendered, RenderJob
from worker.contract.blobs import KEY, key_of
from worker.process.files import write_whole

log = logging.getLogger(__name__)

_UNFINISHED_KEPT_S = 3600


class StoredPictures:
    """The Pictures port (bot.ports) over a folder with two rooms: people's pictures and our paintings."""

    def __init__(self, folder: Path, fetcher: Fetcher, decoder: SafeDecoder) -> None:
        self._inputs = folder / "inputs"
        self._paintings = folder / "paintings"
        self._fetcher = fetcher
        self._decoder = decoder
        for room in (self._inputs, self._paintings):
            room.mkdir(parents=True, exist_ok=True, mode=0o700)

    def fetch(self, attachment: Attachment) -> str:
        if attachment.media is Media.OTHER:
            raise PictureError(PictureReason.FORMAT)
        if attachment.media is Media.PENDING or not attachment.url:
            raise PictureError(PictureReason.PENDING, retry=True)
        fetched = self._fetcher.fetch(attachment.url, attachment.fallback_urls)
        return self.admit(fetched.data, fetched.declared)

    def admit(self, data: bytes, declared: str = "") -> str:
        return _store(self._inputs, self._decoder.normalise(data, declared))

    def take(self, data: bytes, job: RenderJob, told: Rendered) -> str:
        """Store a painting that came back from a worker; return its SHA-256.

        It is stored as it is when it is proved to be pixels and our provenance; else it is decoded as if it came
        from a stranger, and its pixels are stored. Raises PictureError where they are not what was asked for.
        """
        if job.options.film is not Film.NONE:
            return self._take_film(data, job)
        if not is_bare(data, job, told):
            log.error("a worker handed back more than a painting", extra={"job": job.id, "bytes": len(data)})
            data = signed(self._decoder.normalise(data), job, told)
        if not is_as_asked(data, job, told, self.read(job.photo) if job.photo else None):
            log.error("a worker handed back what was not asked for", extra={"job": job.id, "bytes": len(data)})
            raise PictureError(PictureReason.BROKEN)
        return self.keep(data)

    def _take_film(self, data: bytes, job: RenderJob) -> str:
        if not is_film(data, job.options.film):
            log.error("a worker handed back no film", extra={"job": job.id, "bytes": len(data)})
            raise PictureError(PictureReason.BROKEN)
        return self.keep(data)

    def keep(self, data: bytes) -> str:
        """Store a painting that is proved; return its SHA-256."""
        return _store(self._paintings, data)

    def fitted(self, data: bytes, limit_bytes: int) -> bytes:
        """The best quality that fits, made where pictures are decoded."""
        with SafeDecoder(replace(self._decoder.limits, input_bytes=LARGEST_BYTES, fit_bytes=limit_bytes)) as decoder:
            return decoder.normalise(data)

    def read(self, key: str) -> bytes | None:
        for path in self._places(key):
            with contextlib.suppress(FileNotFoundError):
                return path.read_bytes()
        return None

    def forget(self, keys: Sequence[str]) -> None:
        for key in keys:
            for path in self._places(key):
                path.unlink(missing_ok=True)

    def sweep(self, kept_s: float) -> int:
        """Remove what has had its time, and files that a killed process left unfinished; return how many went."""
        return sum(_sweep(room, time.time() - kept_s) for room in (self._inputs, self._paintings))

    def _places(self, key: str) -> tuple[Path, ...]:
        return (self._inputs / key, self._paintings / key) if KEY.fullmatch(key) else ()


def _store(room: Path, data: bytes) -> str:
    """Stored under its SHA-256, which is returned; storing it again renews its time."""
    key = key_of(data)
    try:
        write_whole(room / key, data)
    except OSError as exc:
        raise TransportDown(f"cannot store a picture: {exc.strerror}") from exc
    return key


def _sweep(room: Path, oldest: float) -> int:
    gone = 0
    for path in room.iterdir():
        limit = time.time() - _UNFINISHED_KEPT_S if path.name.startswith(".") else oldest
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_mtime < limit:
                path.unlink()
                gone += 1
    return gone
