"""Mastodon's client API, and what other servers make of it."""
