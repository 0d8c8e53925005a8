"""One render, start to finish: models, pixels, faces, colours, estimates."""
