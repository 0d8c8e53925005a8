"""Tests of `bot/sandbox`."""
