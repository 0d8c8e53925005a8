"""Tests of `worker/gatys`."""
