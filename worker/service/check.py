"""`python -m worker.service.check`: one line of JSON about the device and network here, for `stylesmith doctor`."""

import json
import sys

from worker.contract.errors import WeightsUnavailable
from worker.settings import WorkerSettings


def examine() -> dict[str, str]:
    """What would paint here; an `error` and what it is `about` where there is no such device, or no network on it."""
    import torch  # noqa: PLC0415  # its absence is an answer

    from worker.render.models import DeviceUnavailable, Models  # noqa: PLC0415  # as above

    settings = WorkerSettings()
    try:
        models = Models.of(settings)
    except DeviceUnavailable as error:
        return {"about": "device", "error": str(error)}
    device = models.device
    name = torch.cuda.get_device_name(device) if device.type == "cuda" else f"{torch.get_num_threads()} threads"
    try:
        _, backbone = models.network(settings.backbone)
    except WeightsUnavailable as error:
        return {"device": str(device), "name": name, "about": "weights", "error": str(error)}
    return {"device": str(device), "name": name, "backbone": backbone}


if __name__ == "__main__":
    try:
        found = examine()
    except (ImportError, RuntimeError, ValueError) as error:
        found = {"about": "device", "error": f"{type(error).__name__}: {error}"}
    sys.stdout.write(json.dumps(found) + "\n")
