"""`stylesmith render`: paint pictures on this machine, without a queue or an account."""

from bot.cli.render.command import render

__all__ = ["render"]
