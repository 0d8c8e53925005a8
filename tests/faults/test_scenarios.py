"""Each scenario in its short form, with a fixed seed; `python -m tests.faults --scene NAME` draws one afresh."""

import pytest

from tests.faults.scenarios.full import Full
from tests.faults.scenarios.hostile_worker import HostileWorker
from tests.faults.scenarios.lasting import Firewall, Lasting
from tests.faults.scenarios.privacy import Privacy
from tests.faults.scenarios.races import Races
from tests.faults.scenarios.releases import Moved, Releases
from tests.faults.scenarios.scenario import Run, Scenario, play
from tests.faults.wall_clock import can_shift

# Servers are killed in the middle of an answer; what the client library leaves open then is closed by the collector.
pytestmark = [
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.timeout(900),
    pytest.mark.skipif(not can_shift(), reason="no compiler for the library that shifts the clock"),
]

SHORT = [
    (Lasting, "mastodon", 9),
    (Firewall, "x", 8),
    (Races, "mastodon", 12),
    (Privacy, "mastodon", 10),
    (Full, "x", 12),
    (Releases, "mastodon", 9),
    (Moved, "mastodon", 6),
    (HostileWorker, "x", 8),
]


@pytest.mark.parametrize(("scenario", "platform", "mentions"), SHORT, ids=[one[0].__name__ for one in SHORT])
def test_nothing_is_lost_answered_twice_leaked_or_left_behind(
    scenario: type[Scenario], platform: str, mentions: int
) -> None:
    run = Run(platform, mentions, seed=7, rate=6.0, every_s=1.5, horizon_s=1.5, lag_s=0.5)
    played = play(scenario(), run)
    assert played.complaints == []
    assert played.verdict.good, {name: played.asks.get(name) for name in played.wrong}
    assert played.begun <= played.allowed
