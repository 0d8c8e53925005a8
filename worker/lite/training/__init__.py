"""How lite's weights were made: a small network learns to see style as VGG-19 does."""
