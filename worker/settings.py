"""The worker's own settings: STYLESMITH_… in the environment or .env; it needs Redis and knows no credentials."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from worker.process.settings import Home, SharedSettings


def _device(name: str) -> str:
    if not re.fullmatch(r"auto|cpu|mps|cuda(:[0-9]{1,2})?", name):
        raise ValueError("this has to be auto, cpu, mps or cuda, or one GPU of several as cuda:0, cuda:1 and so on")
    return name


class WorkerSettings(SharedSettings):
    """Everything an operator can decide about a worker; Redis, folder and log are in SharedSettings."""

    weights: Home | None = Field(None, description="File of VGG-19's weights, instead of a download")
    backbone: Literal["auto", "lite", "vgg19"] = Field("auto", description="Network to have warm before the first job")
    device: Annotated[str, AfterValidator(_device)] = Field("auto", description="auto, cpu, cuda or cuda:1")

    grace_s: float = Field(75, ge=0, le=86_400, description="Seconds that a painting may still take after SIGTERM")
    stall_s: float = Field(
        0, ge=0, le=86_400, description="Seconds without an iteration that end a worker; 0: 15, on a CPU 120"
    )
    recycle_jobs: int = Field(500, ge=1, le=10**9, description="Paintings after which a worker starts afresh")
    recycle_h: float = Field(6, gt=0, le=87_600, description="Hours after which a worker starts afresh")
    worker_metrics_port: int = Field(0, ge=0, le=65535, description="Port of the worker's /metrics; 0 is none")
    worker_metrics_host: str = Field("127.0.0.1", description="Address that port listens on")
