"""The bot's log: the same as the worker's."""

from worker.process.logs import JsonLines, PlainLines, Redaction, configure, describe, places

__all__ = ["JsonLines", "PlainLines", "Redaction", "configure", "describe", "places"]
