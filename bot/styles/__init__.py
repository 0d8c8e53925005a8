"""House styles: the pictures that can be asked for by name, and the curator who chooses among them."""
