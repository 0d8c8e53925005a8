"""Randomised scenarios with a judge of four invariants: nothing lost, answered twice, leaked or left behind."""
