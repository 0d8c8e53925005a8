"""`python -m worker.service.check`: one line of JSON about the device and network here, for `stylesmith doctor`."""

import json
import sys

from worker.contract.errors import WeightsUnavailable
from worker.settings import WorkerSettings


def examine() -> dict[str, str]:
    """What would paint here; `error` instead of `backbone` where no network can be had without a download."""
    import torch  # noqa: PLC0415  # its absence is an answer

    from worker.render.models import Models  # noqa: PLC0415  # as above

    settings = WorkerSettings()
    models = Models.of(settings)
    device = models.device
    name = torch.cuda.get_device_name(device) if device.type == "cuda" else f"{torch.get_num_threads()} threads"
    try:
        _, backbone = models.network(settings.backbone)
    except WeightsUnavailable as error:
        return {"device": str(device), "name": name, "error": str(error)}
    return {"device": str(device), "name": name, "backbone": backbone}


if __name__ == "__main__":
    try:
        found = examine()
    except (ImportError, RuntimeError, ValueError) as error:
        found = {"error": f"{type(error).__name__}: {error}"}
    sys.stdout.write(json.dumps(found) + "\n")
