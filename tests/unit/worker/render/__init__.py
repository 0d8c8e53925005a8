"""Tests of `worker/render`."""
