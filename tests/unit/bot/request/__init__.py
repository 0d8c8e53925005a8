"""Tests of `bot/request`."""
