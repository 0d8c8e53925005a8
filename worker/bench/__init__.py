"""Measures the engine: the floor, whole renders, and the reference recipes beside ours."""
