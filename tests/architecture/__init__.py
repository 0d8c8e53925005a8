"""The architecture, tested: rooms and their imports."""
