"""Backup of the poll cursors, in a small file of its own, for a bot whose ledger is lost."""

import json
from collections.abc import Callable
from pathlib import Path

from worker.process.files import write_whole

FILE = "anchors.json"
_SPACING_S = 3600.0


class CursorBackup:
    """For each platform some earlier cursors with their times, so that a lost ledger means reading a day again.

    Without it, a bot whose ledger is gone would take itself for new and start at the newest mention, and whoever was
    waiting would wait for ever.
    """

    def __init__(self, directory: Path, now: Callable[[], float], kept_s: float = 86_400.0) -> None:
        self._path = directory / FILE
        self._now = now
        self._kept_s = kept_s
        self._known: dict[str, list[tuple[float, str]]] = self._read()

    def oldest(self, platform: str) -> str | None:
        """The cursor to start from when the ledger knows none; None on the very first run."""
        known = self._known.get(platform)
        return known[0][1] if known else None

    def forget(self, platform: str) -> None:
        self._known.pop(platform, None)
        self._write()

    def note(self, platform: str, cursor: str) -> None:
        """Remembers `cursor`, about once an hour; one older than the time that mentions stay answerable is kept."""
        known = self._known.get(platform, [])
        now = self._now()
        if known and 0 <= now - known[-1][0] < _SPACING_S:
            return
        outdated = [at for at, _ in known if at < now - self._kept_s]
        known = [(at, value) for at, value in known if not outdated or at >= outdated[-1]]
        self._known[platform] = [*known, (now, cursor)]
        self._write()

    def _read(self) -> dict[str, list[tuple[float, str]]]:
        try:
            found = json.loads(self._path.read_text(encoding="utf-8"))
            return {platform: [(float(at), str(cursor)) for at, cursor in known] for platform, known in found.items()}
        except (FileNotFoundError, ValueError, TypeError, AttributeError):
            return {}

    def _write(self) -> None:
        write_whole(self._path, json.dumps(self._known).encode())
