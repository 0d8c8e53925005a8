"""Comparisons: how far a word goes, and where it ends."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.request.adjustments import A_LITTLE, A_LOT, degree, nudged
from bot.request.options import EDGE_PX
from worker.contract import Options

WORDS = [
    ("stronger", 1.0),
    ("a bit stronger", A_LITTLE),
    ("slightly softer", A_LITTLE),
    ("much stronger", A_LOT),
    ("stronger a lot", A_LOT),
    ("too much", 1.0),
    ("强一点", 1.0),
    ("稍微强一点", A_LITTLE),
    ("强一点点", A_LITTLE),
    ("强得多", A_LOT),
]


@pytest.mark.parametrize(("words", "steps"), WORDS)
def test_a_comparison_goes_as_far_as_it_says(words: str, steps: float) -> None:
    assert degree(words) == steps


STEPS = [
    pytest.param({}, {"strength": 1}, {"strength": 72}, id="stronger than the default"),
    pytest.param({"strength": 72}, {"strength": 1}, {"strength": 94}, id="stronger again"),
    pytest.param({"strength": 94}, {"strength": 1}, {"strength": 100}, id="not over a hundred"),
    pytest.param({"strength": 10}, {"strength": -1.8}, {"strength": 0}, id="not under nothing"),
    pytest.param({"strength": 20}, {"strength": 1.5}, {"strength": 53}, id="wilder than subtle is no wild"),
    pytest.param({}, {"style_scale": 1}, {"style_scale": 1.6}, id="bigger strokes"),
    pytest.param({"style_scale": 1.6}, {"style_scale": -1}, {"style_scale": 1.0}, id="and smaller again"),
    pytest.param({"style_scale": 3.0}, {"style_scale": 1}, {"style_scale": 4.0}, id="the biggest strokes"),
    pytest.param({"edge_px": 512}, {"edge_px": 1}, {"edge_px": 768}, id="a larger picture"),
    pytest.param({"edge_px": 3000}, {"edge_px": 1}, {"edge_px": 4096}, id="the largest picture"),
]


@pytest.mark.parametrize(("before", "nudges", "after"), STEPS)
def test_a_step_is_measured_from_what_was_painted(
    before: dict[str, float], nudges: dict[str, float], after: dict[str, object]
) -> None:
    assert nudged(Options.model_validate(before), nudges) == after


STEPS_OF_ANY_LENGTH = st.dictionaries(st.sampled_from(["strength", "style_scale", "edge_px"]), st.floats(-50, 50))


@given(strength=st.integers(0, 100), scale=st.floats(0.25, 4), edge=st.integers(*EDGE_PX), nudges=STEPS_OF_ANY_LENGTH)
def test_whatever_is_nudged_stays_a_valid_wish(
    strength: int, scale: float, edge: int, nudges: dict[str, float]
) -> None:
    before = Options(strength=strength, style_scale=scale, edge_px=edge)
    after = before.model_copy(update=nudged(before, nudges))
    assert Options.model_validate(after.model_dump()) == after
    for name, steps in nudges.items():
        assert (getattr(after, name) - getattr(before, name)) * steps >= -1e-3


def test_an_option_that_cannot_be_compared_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        nudged(Options(), {"seed": 1})
