"""Comes before everything: how torch's threads behave in tests; it is read once, when torch is loaded."""

import os

import pytest
from hypothesis import settings

import worker  # noqa: F401  # lets them spin only briefly

# Test pictures are so small that a second thread costs more than it brings, most of all beside other tests.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# A busy machine is no failure: no test depends on how long an example takes.
settings.register_profile("no deadlines", deadline=None)
settings.load_profile("no deadlines")


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """The unit tests as a whole go over two processes; -n 0 and --pdb keep them in one, as single files are."""
    one = config.option.usepdb or hasattr(config, "workerinput")
    whole = [arg.rstrip("/") for arg in config.args] == ["tests/unit"]
    if whole and not one and getattr(config.option, "numprocesses", 0) is None:
        config.option.numprocesses, config.option.dist = 2, "loadfile"
