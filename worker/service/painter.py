"""The painting process: a network loaded once, and RQ's worker loop."""

import logging
import os

import torch

from worker.contract.errors import WeightsUnavailable
from worker.render.models import DeviceUnavailable, Models
from worker.render.paint import paint
from worker.service.heartbeat import Heartbeat
from worker.service.rq_worker import work
from worker.settings import WorkerSettings

log = logging.getLogger(__name__)

STALL_GPU_S, STALL_CPU_S = 15.0, 120.0
"""Longest time between two beats. An iteration at 4096 px with VGG-19 takes half a minute on a laptop."""


def paint_for_ever(settings: WorkerSettings, heartbeat: int, starts: int) -> None:
    """Loads the network, then works until SIGTERM or until the process is recycled."""
    models, backbone = _loaded(settings)
    device = models.device
    log.info("painting with %s on %s", backbone, device)
    on_gpu = device.type == "cuda"
    work(
        settings,
        lambda job, blobs, on_progress, should_stop: paint(job, blobs, models, on_progress, should_stop),
        Heartbeat(heartbeat),
        stall_s=STALL_GPU_S if on_gpu else STALL_CPU_S,
        starts=starts,
        gpu_bytes=lambda: torch.cuda.max_memory_allocated(device) if on_gpu else 0.0,
    )


def _loaded(settings: WorkerSettings) -> tuple[Models, str]:
    """The models with a network warm, and its name. Raises SystemExit: EX_CONFIG where starting again helps nobody."""
    try:
        models = Models.of(settings)
        _, backbone = models.network(settings.backbone)
    except (DeviceUnavailable, WeightsUnavailable) as error:
        log.error("%s", error)  # for whoever wrote the settings, who needs no traceback
        may_pass = isinstance(error, WeightsUnavailable) and settings.weights is None  # a download that failed
        raise SystemExit(1 if may_pass else os.EX_CONFIG) from error
    return models, backbone
