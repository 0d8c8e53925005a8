"""The render queue: RQ over Redis, what operators see of it, and the private Redis."""
