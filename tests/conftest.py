"""Comes before everything: how torch's threads behave in tests; it is read once, when torch is loaded."""

import os

import worker  # noqa: F401  # lets them spin only briefly

# Test pictures are so small that a second thread costs more than it brings, most of all beside other tests.
os.environ.setdefault("OMP_NUM_THREADS", "1")
