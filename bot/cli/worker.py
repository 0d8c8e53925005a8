"""`stylesmith worker`: run one here, or list those that live."""

import os
import sys
from dataclasses import asdict

import redis
import typer

from bot.cli.connections import checked, open_redis, require_painter, settings
from bot.cli.output import AsJson, ago, say
from bot.cli.tables import Listing, Watch, show
from bot.queue.inspect import QueueView
from worker.process.redis_address import client_at
from worker.process.tied import module
from worker.settings import WorkerSettings

app = typer.Typer(
    invoke_without_command=True,
    add_completion=False,
    help="Run a worker on this machine; `list` shows those that live.",
)


@app.callback()
def run(context: typer.Context) -> None:
    """Paint whatever comes: a supervisor and one painting process. Ctrl-C or SIGTERM finishes the job in hand."""
    if context.invoked_subcommand is None:
        chosen = checked(WorkerSettings)
        require_painter()
        _say_what_it_waits_for(chosen)
        # The worker is another room: this process becomes it rather than importing it.
        os.execv(sys.executable, module("worker"))  # noqa: S606  # no shell, no input


def _say_what_it_waits_for(chosen: WorkerSettings) -> None:
    """At once, where loading PyTorch takes a while before the worker would say so itself."""
    try:
        with client_at(chosen.redis_address, socket_timeout=2, socket_connect_timeout=2) as connection:
            connection.ping()
    except redis.RedisError as error:
        private = not chosen.redis_url.get_secret_value()
        where = f"No bot runs here with a private Redis in {chosen.data_dir}, and STYLESMITH_REDIS_URL is not set"
        what = where if private else f"Redis does not answer ({type(error).__name__})"
        say(f"{what}; the worker starts and waits.")


@app.command("list")
def show_all(*, watching: Watch = False, json: AsJson = False) -> None:
    """The workers that gave a sign of life lately."""
    with open_redis(settings()) as connection:
        view = QueueView(connection)

        def look() -> Listing:
            workers = view.workers()
            rows = [
                (w.name, w.state, " ".join(w.jobs), w.done, ago(w.since), f"{ago(w.heard_at)} ago") for w in workers
            ]
            note = "" if workers else "No worker lives; `stylesmith worker` starts one."
            return Listing(_HEADINGS, rows, [asdict(worker) for worker in workers], note)

        show(look, as_data=json, watching=watching)


_HEADINGS = ["worker", "state", "painting", "done", "up for", "heard of"]
