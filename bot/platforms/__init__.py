"""Adapters between a social network's API and our own words."""
