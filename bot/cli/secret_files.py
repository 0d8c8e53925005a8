"""Files that hold a secret."""

import os
import tempfile
from pathlib import Path

SECRETS = Path(os.environ.get("STYLESMITH_DATA_DIR") or "~/.local/share/stylesmith") / "secrets"
"""Beside the ledger: the one place that can be written in a container, too."""


def write_secret(path: Path, secret: str) -> None:
    """Write a file that only its owner can read, from its first byte on; it takes an older one's place."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(secret + "\n")


def takes_secret(path: Path) -> bool:
    """Whether such a file could be written; asked before anybody goes to fetch the secret."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=path.parent):
            return not path.is_dir()
    except OSError:
        return False
