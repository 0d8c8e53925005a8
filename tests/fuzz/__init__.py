"""Random and coverage-guided abuse of what reads strangers' bytes: the mention parser and the gate's parent side."""
