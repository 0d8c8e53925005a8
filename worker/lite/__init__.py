"""Lite, the small network that ships inside the package: its weights and its card."""
