"""Tests of `worker/bench`."""
