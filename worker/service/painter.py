"""The painting process: a network loaded once, and RQ's worker loop."""

import logging
from collections.abc import Callable

import torch

from worker.contract import FailureCode, Progress, Rendered, RenderJob
from worker.contract.blobs import Blobs
from worker.contract.errors import WeightsUnavailable
from worker.render.models import best_device
from worker.render.paint import Models, paint
from worker.service.heartbeat import Heartbeat
from worker.service.rq_worker import work
from worker.settings import WorkerSettings

log = logging.getLogger(__name__)

STALL_GPU_S, STALL_CPU_S = 15.0, 120.0
"""Longest time between two beats. An iteration at 4096 px with VGG-19 takes half a minute on a laptop."""


def paint_for_ever(settings: WorkerSettings, heartbeat: int, starts: int) -> None:
    """Loads the network, then works until SIGTERM or until the process is recycled."""
    device = best_device() if settings.device == "auto" else torch.device(settings.device)
    models = Models(device, settings.weights)
    try:
        _, backbone = models.network(settings.backbone)
    except WeightsUnavailable as error:
        raise SystemExit(str(error)) from error
    log.info("painting with %s on %s", backbone, device)

    def painter(
        job: RenderJob,
        blobs: Blobs,
        on_progress: Callable[[Progress], None],
        should_stop: Callable[[], FailureCode | None],
    ) -> Rendered:
        return paint(job, blobs, models, on_progress, should_stop)

    on_gpu = device.type == "cuda"
    work(
        settings,
        painter,
        Heartbeat(heartbeat),
        stall_s=STALL_GPU_S if on_gpu else STALL_CPU_S,
        starts=starts,
        gpu_bytes=lambda: torch.cuda.max_memory_allocated(device) if on_gpu else 0.0,
    )
