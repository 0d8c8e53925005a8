"""`stylesmith demo`: real processes on this machine, and a person who mentions the bot."""

from bot.cli.demo.command import demo

__all__ = ["demo"]
