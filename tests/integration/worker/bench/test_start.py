"""A start is timed in a fresh Python, to its first loss."""

import subprocess

import pytest

from worker.bench import start


def test_a_fresh_python_is_timed_to_its_first_loss(capsys: pytest.CaptureFixture[str]) -> None:
    start.main(["--times", "1"])
    assert "median" in capsys.readouterr().out


def test_a_start_that_fails_is_not_timed() -> None:
    with pytest.raises(subprocess.CalledProcessError):
        start.started_s("no such network")
