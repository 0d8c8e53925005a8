"""What `stylesmith render` prints at its end."""

import sys
from collections.abc import Sequence
from typing import Any

import typer

from bot.cli.output import as_json, say
from bot.cli.render.painter import Result
from bot.cli.sentences import duration
from bot.text import printable


def report(results: Sequence[Result], *, estimate: bool, json: bool, to_stdout: bool) -> None:
    """JSON; or the total of an estimate, and in a pipe the names of the paintings."""
    known = [result.facts for result in results if result.facts]
    seconds = [facts["seconds"] for facts in known if facts["seconds"] is not None]
    memory_bytes = max((facts.get("memory_bytes") or 0 for facts in known), default=0)
    if json:
        total: dict[str, Any] = {"photos": len(known), "seconds": round(sum(seconds), 1)}
        total |= {"memory_bytes": memory_bytes} if estimate else {}
        told = [{"photo": r.photo} | ({"error": r.error} if r.error else r.facts or {}) for r in results]
        as_json({"estimates" if estimate else "paintings": told, "total": total})
    elif estimate and len(seconds) > 1:
        took = f"about {duration(sum(seconds))}, and up to {memory_bytes / 1e6:,.0f} MB of memory"
        say(f"All {len(seconds)}: {took}.")
    elif not estimate and not to_stdout and not sys.stdout.isatty():
        for facts in known:
            typer.echo(printable(facts["painting"], 4096))
