"""Uploaded files: kept as they came, served as nothing that a browser would run; of pictures a small version, too."""

import hashlib
import io
import sqlite3
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PIL import Image

from bot.errors import PictureError
from bot.pictures import heic
from bot.pictures.decode import SafeDecoder
from bot.pictures.encode import saved
from bot.pictures.formats import sniff
from bot.pictures.limits import Limits
from bot.sandbox.database import Database
from bot.sandbox.errors import invalid
from worker.process.files import write_whole

LIMIT_BYTES = 16 * 1024 * 1024
MATRIX_LIMIT_PX = 33_177_600
DESCRIPTION_LENGTH = 1500
PREVIEW_PX = 640
_PREVIEW_QUALITY = 80
IMAGE_TYPES = ("image/jpeg", "image/png", "image/gif", "image/webp", "image/avif", "image/heic", "image/heif")
_FORMATS = {"JPEG": "image/jpeg", "PNG": "image/png", "GIF": "image/gif", "WEBP": "image/webp", "AVIF": "image/avif"}
_UNREADABLE = (OSError, ValueError, SyntaxError, EOFError, OverflowError, struct.error, Image.DecompressionBombError)


def name_of(row: sqlite3.Row | dict[str, Any]) -> str:
    """The last part of a file's address: long enough that nobody guesses it."""
    return str(row["file"])[:32]


class Attachments:
    """The media of every post, by content in one folder."""

    mime_types: Sequence[str] = (*IMAGE_TYPES, "video/mp4")
    """What this server says that it takes."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self._folder = database.directory / "media"
        self._folder.mkdir(exist_ok=True, mode=0o700)

    def add(self, account: int, data: bytes, *, mime: str, description: str) -> int:
        """Keep a file that is not attached to any post yet. Raises HTTPException."""
        if not data:
            raise invalid("File content type is invalid, File is invalid")
        if len(data) > LIMIT_BYTES:
            raise invalid("File file size must be less than 16 MB")
        if len(description) > DESCRIPTION_LENGTH:
            raise invalid(f"Description is too long (maximum is {DESCRIPTION_LENGTH} characters)")
        name = hashlib.sha256(data).hexdigest()
        (self._folder / name).write_bytes(data)
        seen, width, height = ("video/mp4", 0, 0) if is_film(data) else measure(data)
        media = self._db.new_id()
        self._db.insert(
            "media", id=media, account=account, kind=_kind(seen or mime), mime=_served_as(seen, mime),
            file=name, description=description or None, width=width, height=height, size=len(data),
            ready_at=self._db.now(),
        )  # fmt: skip
        return media

    def get(self, media: int) -> sqlite3.Row | None:
        return self._db.row("SELECT * FROM media WHERE id = ?", media)

    def describe(self, media: int, description: str | None) -> None:
        self._db.run("UPDATE media SET description = coalesce(?, description) WHERE id = ?", description, media)

    def attach(self, account: int, post: int, ids: Sequence[int]) -> None:
        """Give unattached files of `account` to a post; others are passed over in silence, as Mastodon does."""
        for position, media in enumerate(ids):
            sql = "UPDATE media SET post = ?, position = ? WHERE id = ? AND account = ? AND post IS NULL"
            self._db.run(sql, post, position, media, account)

    def replace(self, account: int, post: int, ids: Sequence[int]) -> None:
        self._db.run("UPDATE media SET post = NULL WHERE post = ?", post)
        self.attach(account, post, ids)

    def of_post(self, post: int) -> list[sqlite3.Row]:
        return self._db.rows("SELECT * FROM media WHERE post = ? ORDER BY position", post)

    def path(self, row: sqlite3.Row) -> Path:
        return self._folder / str(row["file"])


def measure(data: bytes) -> tuple[str, int, int]:
    """(MIME type, width, height) from the header of a picture, nothing decoded; ("", 0, 0) when it is none.

    Of HEIC the type alone: Pillow does not read its header.
    """
    try:
        with Image.open(io.BytesIO(data), formats=tuple(_FORMATS)) as image:
            return _FORMATS.get(image.format or "", "image/jpeg"), image.width, image.height
    except (*_UNREADABLE, Image.DecompressionBombWarning):
        return (heic.MEDIA_TYPE if sniff(data) == heic.MEDIA_TYPE else ""), 0, 0


def is_film(data: bytes) -> bool:
    """An ISO base media file that no picture's brand names (ISO/IEC 14496-12 section 4.3), as an MP4 is."""
    return sniff(data[:4096]) == "video/mp4"


def _served_as(seen: str, declared: str) -> str:
    """MIME type to serve: the declared one where both are of pictures, so that the bot meets mislabelled files, too."""
    if seen.startswith("video/"):
        return seen
    return declared if seen and declared in IMAGE_TYPES else seen or "application/octet-stream"


def _kind(mime: str) -> str:
    family = mime.partition("/")[0]
    return family if family in {"image", "video", "audio"} else "unknown"


class Previews:
    """Made by the confined decoder that the bot uses, when first asked for, then kept in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._decoder = SafeDecoder(Limits(edge_px=PREVIEW_PX, png_pixels=0))

    def of(self, file: Path) -> Path | None:
        """The preview of `file`, a JPEG of at most 640 px; None where it is no picture that can be opened."""
        made = self._folder / f"{file.name}.jpg"
        if not made.exists():
            try:
                bare = self._decoder.normalise(file.read_bytes())
            except (PictureError, OSError):
                return None
            self._folder.mkdir(exist_ok=True, mode=0o700)
            write_whole(made, _smaller(bare))
        return made

    def close(self) -> None:
        self._decoder.close()


def _smaller(bare: bytes) -> bytes:
    """Pixels that came out of the decoder, in fewer bytes."""
    with Image.open(io.BytesIO(bare), formats=("JPEG", "PNG")) as image:
        return saved(image.convert("RGB"), "JPEG", quality=_PREVIEW_QUALITY, optimize=True, progressive=True)
