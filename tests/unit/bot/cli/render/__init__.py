"""Tests of `bot/cli/render`."""
