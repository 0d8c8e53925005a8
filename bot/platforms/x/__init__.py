"""X's API v2."""
