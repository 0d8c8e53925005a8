"""Real processes, a real Redis, faults on purpose, and an oracle that believes only what the platform saw."""
