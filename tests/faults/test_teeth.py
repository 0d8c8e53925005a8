"""A test that cannot fail proves nothing: without each defence, the test that guards it does fail."""

import os
import subprocess
import sys

import pytest

from tests import ROOT
from tests.faults.mutants import KILLED, MUTANTS, VARIABLE


@pytest.mark.parametrize(
    ("name", "test"), [(name, test) for name, mutant in MUTANTS.items() for test in mutant.noticed_by]
)
def test_removing_a_defence_makes_its_test_fail(name: str, test: str) -> None:
    command = [sys.executable, "-m", "pytest", "-p", "tests.faults.mutants", "-p", "no:cacheprovider", "-q", "-x"]
    mutated = subprocess.run(
        [*command, "-o", "addopts=", test],
        cwd=ROOT,
        env=os.environ | {VARIABLE: name, "PYTEST_ADDOPTS": ""},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert mutated.returncode == KILLED, mutated.stdout[-2000:] + mutated.stderr[-2000:]
    assert "is no longer there" not in mutated.stdout
