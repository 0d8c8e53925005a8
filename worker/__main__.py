"""`python -m worker`: a supervisor and its painting process."""

import argparse
import sys

from worker.process.limits import keep_freed_memory, limit_spinning
from worker.process.logs import configure
from worker.process.settings import secrets_of
from worker.process.tied import module
from worker.service.release import ReleaseJob
from worker.service.supervisor import Supervisor
from worker.settings import WorkerSettings


def main() -> None:
    """Supervise, or with `--pulse` be the one who paints."""
    parser = argparse.ArgumentParser(prog="python -m worker", description=__doc__)
    parser.add_argument("--pulse", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--starts", type=int, default=0, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    settings = WorkerSettings()
    configure(level=settings.log_level, as_json=settings.log_json, secrets=secrets_of(settings))
    if arguments.pulse is not None:
        limit_spinning()
        keep_freed_memory()
        from worker.service.painter import paint_for_ever  # noqa: PLC0415  # torch only where painting is done

        paint_for_ever(settings, arguments.pulse, arguments.starts)
        return
    sys.exit(Supervisor(module("worker"), settings.grace_s, ReleaseJob(settings.redis_address)).run())


if __name__ == "__main__":
    main()
