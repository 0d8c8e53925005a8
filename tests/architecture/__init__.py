"""The architecture, tested: rooms and their imports, settings and their effects."""
