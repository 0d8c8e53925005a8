"""Files that hold a secret."""

import os
import tempfile
from pathlib import Path

from worker.process.files import write_whole

SECRETS = Path(os.environ.get("STYLESMITH_DATA_DIR") or "~/.local/share/stylesmith") / "secrets"
"""Beside the ledger: the one place that can be written in a container, too."""


def write_secret(path: Path, secret: str) -> None:
    """Write a file that only its owner can read, from its first byte on; it takes an older one's place."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_whole(path, f"{secret}\n".encode())


def takes_secret(path: Path) -> bool:
    """Whether such a file could be written; asked before anybody goes to fetch the secret."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=path.parent):
            return not path.is_dir()
    except OSError:
        return False
