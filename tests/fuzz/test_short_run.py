"""A few seconds of seeded fuzzing in every check; `python -m tests.fuzz TARGET --minutes 60` is the long form."""

import pytest

from tests.fuzz.mutation import mutants
from tests.fuzz.targets import TARGETS, seeds

RUNS = {"mention": 1500, "gate": 4000, "decoder": 250, "heic": 250}


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("seed", [1, 2])
def test_no_mutated_input_breaks_a_promise(target: str, seed: int) -> None:
    for number, data in enumerate(mutants(seeds(target), RUNS[target], seed)):
        try:
            TARGETS[target](data)
        except Exception as error:
            raise AssertionError(f"input {number} of seed {seed}: {data[:200]!r}") from error


def test_the_mutator_repeats_itself_for_the_same_seed() -> None:
    assert list(mutants(seeds("gate"), 50, 7)) == list(mutants(seeds("gate"), 50, 7))
    assert list(mutants(seeds("gate"), 50, 7)) != list(mutants(seeds("gate"), 50, 8))
