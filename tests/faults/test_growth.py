"""The measurement of a growing ledger measures: the long form is `python -m tests.faults.growth`."""

from pathlib import Path

import pytest

from tests.faults.growth import grow


def test_a_small_ledger_grows_and_is_measured(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    grow(tmp_path, 1700)
    [first, last] = capsys.readouterr().out.splitlines()
    assert (first.split(":")[0].strip(), last.split(":")[0].strip()) == ("1,040", "1,700")
    assert all(what in first for what in ("bytes each", "page", "due", "move"))
