"""What is done where memory runs out."""

import os
import subprocess
import sys

import pytest
import torch

from worker.contract.errors import OutOfMemory
from worker.gatys import memory


@pytest.mark.parametrize(
    "error", [MemoryError(), torch.OutOfMemoryError("CUDA"), RuntimeError("can't allocate memory: you tried")], ids=str
)
def test_where_memory_runs_out_the_next_tile_is_half_as_large(error: Exception) -> None:
    assert memory.smaller(error, None, (700, 1024)) == 512
    assert memory.smaller(error, 512, (700, 1024)) == 256
    with pytest.raises(OutOfMemory):
        memory.smaller(error, 128, (700, 1024))


def test_an_error_that_says_something_else_is_raised_as_it_is() -> None:
    error = RuntimeError("shapes do not match")
    with pytest.raises(RuntimeError) as raised:
        memory.smaller(error, 512, (700, 1024))
    assert raised.value is error


def test_whoever_imports_the_contract_finds_the_environment_as_it_was() -> None:
    program = "import os; import worker.contract; print(os.environ.get('GOMP_SPINCOUNT'))"
    environment = {name: value for name, value in os.environ.items() if name != "GOMP_SPINCOUNT"}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "None"
