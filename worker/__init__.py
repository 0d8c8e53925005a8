"""Makes pictures; knows no platform and no person."""
