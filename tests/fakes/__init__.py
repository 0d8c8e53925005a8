"""Fakes: small programs in place of the outside world. Those at the ports are in memory; X is a server."""
