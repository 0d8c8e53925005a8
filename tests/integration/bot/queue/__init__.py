"""Tests of `bot/queue`."""
