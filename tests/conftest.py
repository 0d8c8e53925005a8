"""Comes before everything: importing `worker` first lets torch's threads sleep while they wait (see there)."""

import worker  # noqa: F401
