"""The painting process with the real studio: torch, a network kept warm, and RQ's loop around them."""

import logging
from collections.abc import Callable

import torch

from worker.contract import FailureCode, Progress, Rendered, RenderJob
from worker.contract.blobs import Blobs
from worker.contract.errors import WeightsUnavailable
from worker.render.models import best_device
from worker.render.paint import Studio, paint
from worker.service.heartbeat import Pulse
from worker.service.rq_worker import work
from worker.settings import WorkerSettings

log = logging.getLogger(__name__)

STALL_GPU_S, STALL_CPU_S = 15.0, 120.0
"""An iteration takes milliseconds on a GPU, at 4096 px with VGG-19 half a minute on a laptop."""


def paint_for_ever(settings: WorkerSettings, pulse: int, starts: int) -> None:
    """Load, then work until it is time to end."""
    device = best_device() if settings.device == "auto" else torch.device(settings.device)
    studio = Studio(device, settings.weights)
    try:
        _, backbone = studio.network(settings.backbone)
    except WeightsUnavailable as error:
        raise SystemExit(str(error)) from error
    log.info("painting with %s on %s", backbone, device)

    def painter(
        job: RenderJob,
        blobs: Blobs,
        on_progress: Callable[[Progress], None],
        should_stop: Callable[[], FailureCode | None],
    ) -> Rendered:
        return paint(job, blobs, studio, on_progress, should_stop)

    on_gpu = device.type == "cuda"
    work(
        settings,
        painter,
        Pulse(pulse),
        stall_s=STALL_GPU_S if on_gpu else STALL_CPU_S,
        starts=starts,
        gpu_bytes=lambda: torch.cuda.max_memory_allocated(device) if on_gpu else 0.0,
    )
