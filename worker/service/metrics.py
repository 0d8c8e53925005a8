"""What a worker can be asked by Prometheus."""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server
from prometheus_client.process_collector import ProcessCollector

from worker.contract import Failed, Rendered

_SECONDS = (1, 2, 5, 10, 20, 40, 60, 90, 120, 180, 300, 600, 900, 1800)


class Metrics:
    """One worker process; counters start again with it, as Prometheus expects. `starts` says how often it did."""

    def __init__(self, starts: int = 0, gpu_bytes: Callable[[], float] = float) -> None:
        """gpu_bytes: asked at each scrape for the most memory that was held; zero where there is no GPU."""
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.seconds = Histogram(
            "stylesmith_render_seconds", "Time a painting took", ["backbone"], buckets=_SECONDS, registry=self.registry
        )
        self.outcomes = Counter("stylesmith_outcomes", "Jobs by what came of them", ["code"], registry=self.registry)
        self.rate = Gauge("stylesmith_iterations_per_second", "Of the newest painting", registry=self.registry)
        memory = Gauge("stylesmith_gpu_memory_peak_bytes", "Most GPU memory held so far", registry=self.registry)
        memory.set_function(gpu_bytes)
        Gauge("stylesmith_worker_starts", "Starts by this supervisor", registry=self.registry).set(starts)

    def ended(self, outcome: Rendered | Failed) -> None:
        if isinstance(outcome, Failed):
            self.outcomes.labels(outcome.code.value).inc()
            return
        self.outcomes.labels("rendered").inc()
        self.seconds.labels(outcome.backbone).observe(outcome.seconds)
        if outcome.seconds > 0:
            self.rate.set(outcome.iterations / outcome.seconds)

    def serve(self, host: str, port: int) -> None:
        """Answer on `port` from a thread; port 0 means not at all."""
        if port:
            start_http_server(port, host, self.registry)
