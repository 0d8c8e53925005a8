"""Clients that nobody here wrote: toot in an environment of its own, and the npm packages of tests/npm."""

import fcntl
import hashlib
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

from tests import ROOT

TOOT = ROOT / ".venv" / "toot"
_NPM = Path(__file__).parent / "npm"
_LIMIT_S = 150


def toot_is_here() -> None:
    """Skips where it is not."""
    if not (TOOT / "toot").is_dir():
        pytest.skip("toot is not here: deploy/check installs it apart from the rest, as it wants older packages")


@cache
def packages() -> Path:
    """The folder with `node_modules` that the lock names; skips where npm or its registry cannot be had."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("node and npm are not installed: the packages of tests/npm are not tried")
    want = hashlib.sha256((_NPM / "package-lock.json").read_bytes()).hexdigest()
    folder = ROOT / ".venv" / "npm"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:  # two test processes must not lay the same folder at once
        fcntl.flock(lock, fcntl.LOCK_EX)
        _lay(folder, want)
    return folder


def _lay(folder: Path, want: str) -> None:
    """Fetches the packages into the folder, unless its stamp says that they are there."""
    stamp = folder / "stamp"
    if stamp.is_file() and stamp.read_text() == want:
        return
    for name in ("package.json", "package-lock.json"):
        shutil.copy(_NPM / name, folder / name)
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", str(folder)]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=_LIMIT_S)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        pytest.skip("npm could not fetch the packages of tests/npm: they are not tried")
    stamp.write_text(want)


def node(script: str, *words: str) -> str:
    """Runs one of tests/npm's programs with those packages; what it prints. Fails with its words."""
    folder = packages()
    # A module is looked for beside the program, so the program goes there.
    shutil.copy(_NPM / script, folder / script)
    environment = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    command = ["node", str(folder / script), *words]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=_LIMIT_S, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
