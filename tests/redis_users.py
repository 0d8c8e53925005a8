"""The shipped users of Redis with passwords of the tests, where the server at hand knows all that they may do."""

import hashlib
import re
import subprocess
from collections.abc import Mapping

import pytest

from bot.queue.redis_server import executable
from tests import ROOT

_OLDEST = 7


def shipped_users(passwords: Mapping[str, str], *files: str) -> str:
    """The contents of these files of deploy/redis, passwords filled in as `deploy/make-secrets` does.

    Skips the test below Redis 7, which refuses commands that it does not know in a list of users.
    """
    said = subprocess.run([executable(), "--version"], check=True, capture_output=True, text=True).stdout
    version = re.search(r"v=(\d+)", said)
    if version is None or int(version[1]) < _OLDEST:
        pytest.skip(f"the shipped users need Redis {_OLDEST} or newer, and here is: {said.strip()}")
    users = "".join((ROOT / "deploy" / "redis" / name).read_text(encoding="utf-8") for name in files)
    for name, password in passwords.items():
        users = users.replace(f"{name.upper()}_SHA256", hashlib.sha256(password.encode()).hexdigest())
    return users
