"""Tests of `worker/service`."""
