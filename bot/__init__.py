"""Talks to people; never imports torch."""
