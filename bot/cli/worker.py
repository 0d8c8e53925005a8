"""`stylesmith worker`: run one here, or list those that live."""

import os
import sys
from dataclasses import asdict

import typer

from bot.cli.operator import AsJson, ago, as_json, operators_redis, table
from bot.queue.inspect import QueueView
from bot.settings import Settings
from worker.process.tied import module

app = typer.Typer(invoke_without_command=True, help="Run a worker on this machine; `list` shows those that live.")


@app.callback()
def run(context: typer.Context) -> None:
    """Paint whatever comes: a supervisor and one painting process. Ctrl-C or SIGTERM finishes the job in hand."""
    if context.invoked_subcommand is None:
        # The worker is another room: this process becomes it rather than importing it.
        os.execv(sys.executable, module("worker"))  # noqa: S606  # no shell, no input


@app.command("list")
def show_all(*, json: AsJson = False) -> None:
    """The workers that gave a sign of life lately."""
    with operators_redis(Settings()) as connection:
        workers = QueueView(connection).workers()
    if json:
        as_json([asdict(worker) for worker in workers])
        return
    headings = ["worker", "state", "painting", "done", "up for", "heard of"]
    rows = ((w.name, w.state, " ".join(w.jobs), w.done, ago(w.since), f"{ago(w.heard_at)} ago") for w in workers)
    table(headings, rows)
