"""Tests of `bot/request/vocabulary`."""
