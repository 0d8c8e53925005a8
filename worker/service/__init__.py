"""The worker as a service: a supervisor, its painting process, leases, outcomes and metrics."""
