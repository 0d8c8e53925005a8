"""Tests of `bot/styles`."""
