"""Tests of `bot/platforms/mastodon`."""
