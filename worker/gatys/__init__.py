"""Neural style after Gatys, Ecker and Bethge: arithmetic only."""
