"""Tests of `worker/lite/training`."""
