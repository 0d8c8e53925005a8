"""Writes the locks beside this file: every wheel with its SHA-256, for Python 3.11 on x86-64 Linux.

Run it with the project's own environment after changing a dependency: `.venv/bin/python deploy/lock.py`, with the name
of a lock to write that one alone. It asks the package index that pip is set up for, installs nothing, and fails when
something has no wheel.

To check what is locked for known weaknesses:
`.venv/bin/pip-audit --require-hashes --disable-pip -r deploy/requirements.txt`.
"""

import json
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent

TESTED_WITH = ("torch==2.14.1", "torchvision==0.29.1")
BUILD = ("hatchling", "editables")
OLDER = ("async-timeout>=4.0.3",)
"""Of redis-py on Python 3.11.0 to 3.11.2 (Debian's): pip leaves it out where the lock is written."""
UNUSED = {"requirements.txt": {"setuptools"}}
"""PyTorch asks for it to compile extensions, which nothing here does: a worker's image holds no build tool."""


def main() -> None:
    """Resolve and write each lock."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed, extras = project["dependencies"], project["optional-dependencies"]
    bot = (*needed, *extras["heic"], *OLDER)
    both = (*bot, *extras["worker"], *TESTED_WITH)
    locks = {
        "requirements-bot.txt": bot,
        "requirements.txt": both,
        # What installs this project itself, and a Redis for who has none: not in the images.
        "requirements-build.txt": BUILD,
        "requirements-redis.txt": (*extras["redis"], *OLDER),
        "requirements-test.txt": (*both, *extras["redis"], *BUILD, *extras["test"]),
        # Apart from the rest: botocore wants an older python-dateutil than the one that is shipped and tested.
        "requirements-s3.txt": (*extras["s3"], *extras["test-s3"]),
        "requirements-toot.txt": (*extras["test-toot"],),
    }
    for file in sys.argv[1:] or locks:
        lines = sorted(
            _line(package) for package in _resolved(locks[file]) if _name(package) not in UNUSED.get(file, ())
        )
        header = f"# Written by deploy/lock.py; {len(lines)} wheels for Python 3.11 on x86-64 Linux.\n"
        (HERE / file).write_text(header + "".join(lines), encoding="utf-8")


def _resolved(wanted: tuple[str, ...]) -> list[dict[str, Any]]:
    """pip's own answer to what would be installed in an empty environment."""
    with tempfile.NamedTemporaryFile() as report:
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed"]
        command += ["--only-binary", ":all:", "--report", report.name, *wanted]
        subprocess.run(command, check=True)  # noqa: S603  # pip, with the names in pyproject.toml
        packages: list[dict[str, Any]] = json.loads(report.read())["install"]
    return packages


def _name(package: dict[str, Any]) -> str:
    """As the index writes names."""
    return re.sub("[-_.]+", "-", package["metadata"]["name"]).lower()


def _line(package: dict[str, Any]) -> str:
    sha256 = package["download_info"]["archive_info"]["hashes"]["sha256"]
    return f"{_name(package)}=={package['metadata']['version']} \\\n    --hash=sha256:{sha256}\n"


if __name__ == "__main__":
    main()
