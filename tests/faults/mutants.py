"""Eight defences, each with what its absence looks like and tests that have to notice; a pytest plugin applies one.

`pytest -p tests.faults.mutants TEST` with FAULTS_MUTANT=NAME runs TEST without that defence.
"""

import fcntl
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import Phase, settings

VARIABLE = "FAULTS_MUTANT"
KILLED = 1
"""pytest's exit status when a test failed: the mutant was noticed."""


def _no_posting_row() -> None:
    from bot.ledger import Ledger

    _set(Ledger, "begin_posting", lambda self, row: row)


def _no_horizon() -> None:
    from bot.policy import Rules

    _set(Rules, "horizon_s", lambda self, platform: 0.0)


def _not_unique() -> None:
    from rq import Queue

    real = Queue.enqueue_call

    def enqueue(self: Queue, *words: Any, **more: Any) -> Any:
        return real(self, *words, **more | {"unique": False})

    _set(Queue, "enqueue_call", enqueue)


def _no_flock() -> None:
    _set(fcntl, "flock", lambda file, operation: None)


def _no_overlap() -> None:
    from bot.platforms.mastodon import cursor as mastodon_trail

    real = mastodon_trail.LaggingCursor.__init__
    _set(mastodon_trail.LaggingCursor, "__init__", lambda self, overlap, *rest: real(self, 0, *rest))
    _set(mastodon_trail, "LATE_S", 0.0)


def _no_whole_files() -> None:
    from bot.pictures import store as pictures

    _set(pictures, "write_whole", Path.write_bytes)


def _no_lease() -> None:
    from worker.service.lease import Lease

    def enter(self: Any) -> Any:
        self.claimed = True
        self._thread.start()
        return self

    _set(Lease, "__enter__", enter)


def _no_reaper() -> None:
    from bot.flow import collect

    _set(collect, "is_lost", lambda parts, job, known: False)


def _set(where: object, name: str, what: object) -> None:
    """A program without this part; that is what a mutant is."""
    assert hasattr(where, name), f"the defence {name} is no longer there"
    setattr(where, name, what)


@dataclass(frozen=True)
class Mutant:
    remove: Callable[[], None]
    noticed_by: tuple[str, ...]


ANY_DEATH = "tests/unit/bot/flow/test_flow_any_death.py::TestAnyDeath"
MUTANTS = {
    "posting row": Mutant(
        _no_posting_row,
        ("tests/unit/bot/flow/test_publish.py::test_a_death_while_posting_is_settled_by_looking", ANY_DEATH),
    ),
    "horizon": Mutant(
        _no_horizon,
        ("tests/unit/bot/flow/test_publish.py::test_a_reply_that_becomes_visible_late_is_waited_for", ANY_DEATH),
    ),
    "unique": Mutant(_not_unique, ("tests/integration/bot/queue/test_rq.py::test_a_job_sent_twice_waits_once",)),
    "flock": Mutant(
        _no_flock,
        ("tests/unit/bot/ledger/test_lock.py::test_a_second_process_is_locked_out_until_the_first_is_killed",),
    ),
    "overlap": Mutant(
        _no_overlap,
        (
            "tests/integration/bot/platforms/mastodon/test_inbox.py"
            "::test_a_mention_that_shows_late_is_read_at_the_next_look",
        ),
    ),
    "whole files": Mutant(
        _no_whole_files, ("tests/faults/test_whole_files.py::test_a_picture_whose_writer_was_killed_is_not_there",)
    ),
    "lease": Mutant(
        _no_lease, ("tests/integration/worker/service/test_lease.py::test_a_claimed_job_is_known_to_be_painted",)
    ),
    "reaper": Mutant(
        _no_reaper,
        (
            "tests/unit/bot/flow/test_receive.py"
            "::test_a_job_that_kills_three_workers_is_given_up_with_one_polite_reply",
            ANY_DEATH,
        ),
    ),
}


def pytest_configure() -> None:
    """Called by pytest when this plugin is loaded. That a history fails is enough; none is made shorter."""
    settings.register_profile("mutant", settings.get_profile("no deadlines"), phases=[Phase.explicit, Phase.generate])
    settings.load_profile("mutant")
    apply()


def apply() -> None:
    """Remove the defence that the environment names."""
    if name := os.environ.get(VARIABLE):
        MUTANTS[name].remove()
