"""Tests of `worker/contract`."""
