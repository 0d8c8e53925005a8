"""Tests of `bot/cli/demo`."""
