"""Tests of `worker/lite`."""
