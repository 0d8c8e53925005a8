"""Files that hold a secret."""

import os
from pathlib import Path

SECRETS = Path("~/.local/share/stylesmith/secrets")


def write_secret(path: Path, secret: str) -> None:
    """Write a file that only its owner can read, from its first byte on; it takes an older one's place."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(secret + "\n")
