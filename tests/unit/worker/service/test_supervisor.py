"""When a painting process is judged dead: tables of reading, no clock but the numbers given."""

import pytest

from worker.service.heartbeat import Heartbeat, Phase, Reading, shared
from worker.service.supervisor import FIRST_S, LATE_S, LOADING_S, QUIET_S, Verdict, Watch


def painting(beats: int, began_s: float = 0) -> Reading:
    return Reading(beats, 0, Phase.PAINTING, began_s, deadline_s=100, stall_s=15)


@pytest.mark.parametrize(
    ("reading", "quiet_s", "verdict"),
    [
        pytest.param(painting(50), 14.9, None, id="between two iterations"),
        pytest.param(painting(50), 15.1, Verdict.STALLED, id="iterations stopped"),
        pytest.param(painting(2), 15.1, None, id="the first iteration loads a network"),
        pytest.param(painting(2), FIRST_S + 0.1, Verdict.STALLED, id="but not for ever"),
        pytest.param(Reading(1, 0, Phase.STARTING), LOADING_S - 1, None, id="weights are downloaded"),
        pytest.param(Reading(1, 0, Phase.STARTING), LOADING_S + 1, Verdict.STALLED, id="a start that never ends"),
        pytest.param(Reading(9, 0, Phase.IDLE), QUIET_S - 1, None, id="idle"),
        pytest.param(Reading(9, 0, Phase.IDLE), QUIET_S + 1, Verdict.STALLED, id="not even idling"),
        pytest.param(Reading(9, 0, Phase.STORING), QUIET_S + 1, Verdict.STALLED, id="storing without trying"),
    ],
)
def test_a_process_that_does_not_beat_is_judged_by_what_it_does(
    reading: Reading, quiet_s: float, verdict: Verdict | None
) -> None:
    watch = Watch()
    assert watch.judge(reading, 1000.0 - 950.0) is None
    assert watch.judge(reading, 50.0 + quiet_s) is verdict


def test_a_beat_starts_the_patience_afresh() -> None:
    watch = Watch()
    assert [watch.judge(painting(10 + n), 14.0 * n) for n in range(7)] == [None] * 7


def test_a_render_that_beats_past_its_deadline_is_ended() -> None:
    watch = Watch()
    assert watch.judge(painting(10), 100 + LATE_S - 0.1) is None
    assert watch.judge(painting(11), 100 + LATE_S + 0.1) is Verdict.OVERRAN


def test_the_supervisor_reads_what_the_worker_wrote() -> None:
    with shared() as descriptor:
        worker, supervisor = Heartbeat(descriptor), Heartbeat(descriptor)
        worker.named("host-1-abc")
        worker.enter(Phase.PAINTING, "m-1", 900, 15)
        worker.beat()
        reading = supervisor.read()
        assert (reading.phase, reading.job_id, reading.worker) == (Phase.PAINTING, "m-1", "host-1-abc")
        assert (reading.deadline_s, reading.stall_s, reading.beats - reading.first) == (900, 15, 2)
        supervisor.reset()
        assert supervisor.read() == Reading()
