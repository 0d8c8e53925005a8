"""The admin commands in the hands of somebody who does not run the bot: permission denied, in one sentence."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.clock import SystemClock
from bot.ledger import Ledger
from bot.pictures.confine import NOBODY
from tests import ROOT
from tests.fakes.mentions import mention

AS_NOBODY = f"""
import os, sys
import bot.cli.mention, bot.cli.person, rich.text
from bot.cli import main

os.setgroups([])
os.setresgid({NOBODY}, {NOBODY}, {NOBODY})
os.setresuid({NOBODY}, {NOBODY}, {NOBODY})
sys.argv[0] = "stylesmith"
main()
"""
"""Everything is loaded first: the Python that runs the tests may itself be closed to others."""

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")


@pytest.fixture(params=[0o700, 0o755], ids=["a closed directory", "a directory open to others"])
def data(request: pytest.FixtureRequest) -> Iterator[Path]:
    """A ledger with one mention, in a directory that everybody can reach."""
    with tempfile.TemporaryDirectory() as above:
        Path(above).chmod(0o755)
        directory = Path(above) / "data"
        ledger = Ledger(directory, SystemClock())
        ledger.record("mastodon", [mention(1, text="a secret wish")], "1")
        directory.chmod(request.param)
        yield directory
        ledger.close()


@pytest.mark.parametrize(
    "words",
    [["mention", "list"], ["mention", "show", "1"], ["mention", "replay", "1", "--yes"], ["person", "forget", "1"]],
    ids=" ".join,
)
def test_who_does_not_run_the_bot_sees_and_does_nothing(data: Path, words: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", AS_NOBODY, *words],
        env=os.environ | {"STYLESMITH_DATA_DIR": str(data), "PYTHONPATH": str(ROOT)},
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (77, "")
    assert "Permission denied" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (data / "audit.log").exists()


def test_the_ledgers_files_are_for_their_owner(data: Path) -> None:
    files = list(data.iterdir())
    assert {file.stat().st_mode & 0o077 for file in files} == {0}
    assert len(files) == 3
