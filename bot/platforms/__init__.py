"""Adapters from the APIs of Mastodon and X to the ports."""
