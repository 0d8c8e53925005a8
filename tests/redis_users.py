"""The shipped users of Redis with passwords of the tests, where the server at hand knows all that they may do."""

import hashlib
import re
import subprocess
from collections.abc import Mapping

import pytest

from bot.queue.redis_server import executable
from tests import ROOT


def shipped_users(passwords: Mapping[str, str], *files: str) -> str:
    """The contents of these files of deploy/redis, passwords filled in as `deploy/make-secrets` does.

    Skips the test where they would be refused.
    """
    skip_below_redis_7()
    users = "".join((ROOT / "deploy" / "redis" / name).read_text(encoding="utf-8") for name in files)
    for name, password in passwords.items():
        users = users.replace(f"{name.upper()}_SHA256", hashlib.sha256(password.encode()).hexdigest())
    return users


def skip_below_redis_7() -> None:
    """Skips the test where the server refuses the shipped users, for it does not know all their commands."""
    said = subprocess.run([executable(), "--version"], check=True, capture_output=True, text=True).stdout
    version = re.search(r"v=(\d+)", said)
    if version is None or int(version[1]) < 7:
        pytest.skip(f"the shipped users need Redis 7 or newer, and here is: {said.strip()}")
