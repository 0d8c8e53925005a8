"""`stylesmith queue`: see and mend the queue of paintings."""

from typing import Annotated, Any

import typer
from rq.suspension import resume as resume_workers
from rq.suspension import suspend as suspend_workers

from bot.cli.audit import Yes, audit, confirm
from bot.cli.connections import open_redis, settings
from bot.cli.output import AsJson, ago, give_up, say
from bot.cli.tables import Listing, Watch, facts, show
from bot.queue.inspect import JobView, QueueView, State
from bot.queue.rq import RqQueue
from worker.contract import Failed, Rendered

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="See and mend the queue of paintings. Looking changes nothing."
)

_HEADINGS = ["job", "state", "place", "progress", "waiting for", "worker"]

JobName = Annotated[str, typer.Argument(metavar="ID", help="The job's id, as `queue list` shows it.")]


@app.command("list")
def show_all(
    *,
    ended: Annotated[bool, typer.Option("--all", help="Also those that ended.")] = False,
    watching: Watch = False,
    json: AsJson = False,
) -> None:
    """What is painted, queued and lost, in that order."""
    with open_redis(settings()) as connection:
        view = QueueView(connection)

        def look() -> Listing:
            jobs, paused = list(view.jobs(ended=ended)), view.paused()
            data = {"paused": paused, "jobs": [_plain(job) for job in jobs]}
            note = "" if jobs else "Nothing is painted and nothing waits."
            note = "The queue is paused; `stylesmith queue resume` goes on." if paused else note
            return Listing(_HEADINGS, list(map(_row, jobs)), data, note)

        show(look, as_data=json, watching=watching)


@app.command("show")
def show_one(job_id: JobName, *, json: AsJson = False) -> None:
    """Everything about one job."""
    with open_redis(settings()) as connection:
        job = QueueView(connection).job(job_id)
    if job is None:
        give_up(f"Redis has no job {job_id}.")
    facts({name: value for name, value in _plain(job).items() if json or value != 0}, as_data=json)


@app.command()
def retry(job_id: JobName, *, yes: Yes = False) -> None:
    """Forget what came of a job and paint it again. (`mention replay` starts from the mention instead.)"""
    chosen = settings()
    with open_redis(chosen) as connection:
        view = QueueView(connection).job(job_id)
        if view is None or view.job is None:
            give_up(f"Redis no longer has job {job_id}; try `stylesmith mention replay`.")
        if view.state in (State.PAINTING, State.QUEUED):
            give_up(f"Job {job_id} is {view.state} already.")
        confirm(yes, f"discard the outcome of {job_id} and paint it again", chosen.data_dir, "queue retry", job_id)
        queue = RqQueue(connection)
        queue.discard(job_id)
        queue.submit(view.job, [])
    say(
        f"Job {job_id} is queued again. Its painting is posted only if its mention is still open (`stylesmith mention "
        "list`); to answer one that has ended, use `stylesmith mention replay`."
    )


@app.command()
def cancel(job_id: JobName, *, yes: Yes = False) -> None:
    """Take a job from the queue, or stop it at its next iteration. Its author is told."""
    chosen = settings()
    with open_redis(chosen) as connection:
        view = QueueView(connection).job(job_id)
        if view is None:
            give_up(f"Redis has no job {job_id}.")
        if view.outcome is not None:
            give_up(f"Job {job_id} has ended already.")
        confirm(yes, f"cancel {job_id}", chosen.data_dir, "queue cancel", job_id)
        RqQueue(connection).cancel(job_id)
    say(f"Job {job_id} is cancelled.")


@app.command()
def purge(*, yes: Yes = False) -> None:
    """Cancel every job that waits; those being painted go on. Their authors are told."""
    chosen = settings()
    with open_redis(chosen) as connection:
        waiting = QueueView(connection).waiting()
        confirm(yes, f"cancel {len(waiting)} waiting jobs", chosen.data_dir, "queue purge", *waiting)
        for job_id in waiting:
            RqQueue(connection).cancel(job_id)
    say(f"{len(waiting)} jobs are cancelled.")


@app.command()
def pause() -> None:
    """Let no worker take another job; those being painted go on."""
    chosen = settings()
    with open_redis(chosen) as connection:
        audit(chosen.data_dir, "queue pause")
        suspend_workers(connection)
    say("The queue is paused.")


@app.command()
def resume() -> None:
    """Go on after a pause."""
    chosen = settings()
    with open_redis(chosen) as connection:
        audit(chosen.data_dir, "queue resume")
        resume_workers(connection)
    say("The queue goes on.")


def _row(job: JobView) -> tuple[object, ...]:
    done = ""
    if job.progress is not None:
        done = f"{job.progress.fraction:.0%} {job.progress.stage}"
    elif isinstance(job.outcome, Failed):
        done = job.outcome.code.value
    elif isinstance(job.outcome, Rendered):
        done = f"{job.outcome.seconds:.1f} s"
    return job.id, job.state.value, job.place or "", done, ago(job.enqueued_at), job.worker


def _plain(job: JobView) -> dict[str, Any]:
    return {
        "id": job.id, "state": job.state.value, "place": job.place, "worker": job.worker,
        "enqueued_at": job.enqueued_at.isoformat() if job.enqueued_at else None,
        "progress": job.progress.model_dump(mode="json", exclude={"id"}) if job.progress else None,
        "outcome": job.outcome.model_dump(mode="json", exclude={"id"}) if job.outcome else None,
        "options": job.job.options.model_dump(mode="json", exclude_defaults=True) if job.job else None,
        "pictures": [key for key in (job.job.photo, *job.job.styles) if key] if job.job else None,
        "deadline_s": job.job.deadline_s if job.job else None,
    }  # fmt: skip
