"""`python -m tests.faults.easel`: the real supervisor and worker process with the quick painter."""

import argparse
import sys

from tests.faults.sketch import sketch
from worker.logs import log_to_stderr
from worker.process import work
from worker.pulse import Pulse
from worker.settings import WorkerSettings
from worker.undertaker import Undertaker
from worker.watchdog import Supervisor

COMMAND = [sys.executable, "-m", "tests.faults.easel"]


def main() -> None:
    """As worker.__main__."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.easel")
    parser.add_argument("--pulse", type=int)
    parser.add_argument("--starts", type=int, default=0)
    arguments = parser.parse_args()
    settings = WorkerSettings()
    log_to_stderr(settings.log_level, as_json=False)
    if arguments.pulse is None:
        Supervisor(COMMAND, settings.grace_s, Undertaker(settings.address)).run()
    else:
        work(settings, sketch, Pulse(arguments.pulse), stall_s=15, starts=arguments.starts)


if __name__ == "__main__":
    main()
