"""Tests of `bot/pictures`."""
