"""The device that is painted on."""

import pytest

from worker.render.models import DeviceUnavailable, Models, best_device
from worker.settings import WorkerSettings


@pytest.mark.parametrize("device", ["auto", "cpu"])
def test_what_is_here_is_taken(device: str) -> None:
    expected = best_device().type if device == "auto" else device
    assert Models.of(WorkerSettings(_env_file=None, device=device)).device.type == expected


def test_a_gpu_that_is_not_here_is_refused_in_a_sentence_that_says_what_to_do() -> None:
    with pytest.raises(DeviceUnavailable) as raised:
        Models.of(WorkerSettings(_env_file=None, device="cuda:99"))
    said = str(raised.value)
    assert said.startswith("STYLESMITH_DEVICE is cuda:99, but PyTorch sees ")
    assert "set it to cpu, or to auto" in said
