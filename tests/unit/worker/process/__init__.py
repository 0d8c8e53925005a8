"""Tests of `worker/process`."""
