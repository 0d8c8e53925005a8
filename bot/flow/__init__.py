"""The way of a mention: received, planned, painted, published, tidied."""
