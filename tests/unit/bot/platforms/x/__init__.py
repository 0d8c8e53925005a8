"""Tests of `bot/platforms/x`."""
