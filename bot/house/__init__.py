"""Paintings drawn by the project's own code: the house styles, free of anyone's rights, and a scene to try them on."""
