"""Who is about in the sandbox, and how long a painting will take."""

from bot.sandbox.presence import LATELY_S, Event, Presence


class Steady:
    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


def test_whoever_was_never_heard_of_is_missed_only_after_a_while() -> None:
    clock = Steady()
    presence = Presence(clock)
    assert presence.here(1) is None
    clock.at = LATELY_S
    assert presence.here(1) is False


def test_whoever_asks_now_and_then_is_here_and_whoever_stops_is_gone() -> None:
    clock = Steady()
    presence = Presence(clock)
    presence.heard(1)
    clock.at = LATELY_S - 1
    assert presence.here(1) is True
    clock.at = LATELY_S
    assert presence.here(1) is False


def test_an_open_stream_is_enough_to_be_here_and_hears_what_is_told() -> None:
    clock = Steady()
    presence = Presence(clock)
    with presence.listening(1) as queue:
        clock.at = 10 * LATELY_S
        assert presence.here(1) is True
        presence.tell(1, Event("update", 7))
        presence.tell(2, Event("update", 8))
        assert queue.get_nowait().about == 7
        assert queue.empty()
    clock.at = 12 * LATELY_S
    assert presence.here(1) is False
