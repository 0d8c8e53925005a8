"""Tests of `bot/flow`."""
