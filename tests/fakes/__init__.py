"""Outside services as small programs at a port, faults included."""
