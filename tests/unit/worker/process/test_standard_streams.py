"""A command's standard streams: full, closed, left by their reader."""

import os
import subprocess
import sys

import pytest

from tests import ROOT

PROGRAM = """
from worker.process.standard_streams import NotPrinted, standard_streams
try:
    with standard_streams():
        import sys
        {}
except NotPrinted as error:
    import os
    os.write(3, f"not printed: {{error.strerror}}".encode())
    sys.exit(9)
"""
LONG = "print('x' * 200_000)"


def ended(body: str, streams: str) -> tuple[int, str, str]:
    """Exit status, what was told apart, and standard error."""
    reader, writer = os.pipe()
    script = f'exec 3>&{writer}; "$@" {streams}'
    command = ["bash", "-c", script, "bash", sys.executable, "-c", PROGRAM.format(body)]
    done = subprocess.run(
        command, cwd=ROOT, pass_fds=[writer], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    os.close(writer)
    with open(reader) as told:  # noqa: PTH123  # a pipe
        return done.returncode, told.read(), done.stderr


@pytest.mark.parametrize("body", ["print(1)", "print(1, flush=True)", LONG, "print(1); sys.exit(0)"])
@pytest.mark.parametrize(("streams", "why"), [(">/dev/full", "No space left on device"), (">&-", "Bad file")])
def test_output_that_takes_nothing_is_told_once(body: str, streams: str, why: str) -> None:
    status, told, errors = ended(body, streams)
    assert (status, errors) == (9, "")
    assert told.startswith(f"not printed: {why}")


@pytest.mark.parametrize("body", ["print(1)", LONG, "print(1); sys.exit(0)"])
def test_a_reader_that_went_away_ends_the_command_quietly(body: str) -> None:
    status, told, errors = ended(f"import time; time.sleep(0.5); {body}", "| true; exit ${PIPESTATUS[0]}")
    assert (status, told, errors) == (1, "", "")


def test_nothing_is_said_of_a_closed_output_that_is_not_used() -> None:
    assert ended("pass", "<&- >&- 2>&-") == (0, "", "")


def test_closed_errors_take_everything_and_a_closed_input_is_at_its_end() -> None:
    body = "print(sys.stdin.readline(), file=sys.stderr); assert sys.stderr.fileno() > 1"
    assert ended(body, "<&- 2>&-") == (0, "", "")


def test_a_status_and_what_was_printed_before_it_stay() -> None:
    assert ended("print(1, file=sys.stderr); sys.exit(5)", ">/dev/null") == (5, "", "1\n")
