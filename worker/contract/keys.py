"""Names and lifetimes of what crosses Redis: the queue, the one function, and a key for each part of a job."""

QUEUE = "renders"
"""Name of the one RQ queue (one, because only a single-queue worker pops with LMOVE, which survives a kill)."""

FUNCTION = "worker.jobs.render"
"""The only function a job may name."""

BLOB_TTL_S = 24 * 3600
OUTCOME_TTL_S = 7 * 24 * 3600
PROGRESS_TTL_S = 3600


def outcome_key(job_id: str) -> str:
    """Redis key of the JSON of a job's `Outcome`."""
    return f"stylesmith:outcome:{job_id}"


def progress_key(job_id: str) -> str:
    """Redis key of the JSON of a job's newest `Progress`."""
    return f"stylesmith:progress:{job_id}"


def cancel_key(job_id: str) -> str:
    """Redis key whose existence asks the worker to stop this job at its next iteration."""
    return f"stylesmith:cancel:{job_id}"


LEASE_S = 15
"""Seconds for which a worker's claim on a job lasts unless renewed. Redis counts them, so no clock has to agree."""


def lease_key(job_id: str) -> str:
    """Redis key that exists while a living worker paints this job; its value is the worker's name."""
    return f"stylesmith:lease:{job_id}"


WAKE_KEY = "stylesmith:wake"
"""Redis list the worker pushes a job id to when its outcome is stored; the bot blocks on it. Losing it costs a poll."""
