"""Comes before everything: how torch's threads behave in tests; it is read once, when torch is loaded."""

import os

from hypothesis import settings

import worker  # noqa: F401  # lets them spin only briefly

# Test pictures are so small that a second thread costs more than it brings, most of all beside other tests.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# A busy machine is no failure: no test depends on how long an example takes.
settings.register_profile("no deadlines", deadline=None)
settings.load_profile("no deadlines")
