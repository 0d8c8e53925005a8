"""A fake store of pictures, in a dict."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.errors import PictureError, PictureReason
from bot.posts import Attachment, Media
from worker.contract import Rendered, RenderJob


@dataclass
class FakePictures:
    """Pictures in a dict; a URL's bytes are its own name."""

    stored: dict[str, bytes] = field(default_factory=dict)
    troubles: dict[str, list[PictureError]] = field(default_factory=dict)
    """By URL: raised one a try; a permanent one is raised for ever."""
    fetched: list[str] = field(default_factory=list)

    def fetch(self, attachment: Attachment) -> str:
        if attachment.media is Media.PENDING:
            raise PictureError(PictureReason.PENDING, retry=True)
        troubles = self.troubles.get(attachment.url, [])
        if troubles:
            raise troubles.pop(0) if troubles[0].retry else troubles[0]
        self.fetched.append(attachment.url)
        return self.keep(attachment.url.encode())

    def admit(self, data: bytes) -> str:
        return self.keep(data)

    def take(self, data: bytes, job: RenderJob, told: Rendered) -> str:
        return self.keep(data)

    def fitted(self, data: bytes, limit_bytes: int) -> bytes:
        return data[:limit_bytes]

    def keep(self, data: bytes) -> str:
        key = hashlib.sha256(data).hexdigest()
        self.stored[key] = data
        return key

    def read(self, key: str) -> bytes | None:
        return self.stored.get(key)

    def forget(self, keys: Sequence[str]) -> None:
        for key in keys:
            self.stored.pop(key, None)
