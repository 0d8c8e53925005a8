"""A real Prometheus with the shipped rules scrapes what bot and worker expose, and answers every panel's query."""

import json
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from prometheus_client import CollectorRegistry, start_http_server

from bot.errors import Intercepted
from bot.metrics import Metrics as BotMetrics
from tests import ROOT
from tests.integration.deploy.test_deploy import needs
from worker.service.metrics import Metrics as WorkerMetrics

DEPLOY = ROOT / "deploy"
PANELS = {
    (panel["title"], target["expr"])
    for panel in json.loads((DEPLOY / "grafana" / "stylesmith.json").read_text(encoding="utf-8"))["panels"]
    for target in panel["targets"]
}
ALERTS = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yml").read_text(encoding="utf-8"))["groups"][0]["rules"]
LIMIT_S = 120.0


class Limited:
    """A platform as the metrics see it."""

    name = "mastodon"

    def remaining(self) -> dict[str, float]:
        return {"posts": 20.0}


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def seed(registry: CollectorRegistry) -> None:
    """A value for every metric and label set, so that each has a series to be asked for."""
    for collector in {id(each): each for each in registry._names_to_collectors.values()}.values():
        names: Any = getattr(collector, "_labelnames", ())
        one: Any = collector.labels(*["x"] * len(names)) if names else collector  # type: ignore[attr-defined]
        for method in ("inc", "observe", "set"):
            if hasattr(one, method):
                getattr(one, method)(1)
                break


@contextmanager
def exposed(registry: CollectorRegistry) -> Iterator[int]:
    """Its metrics at a port of this machine, until the context ends."""
    server, thread = start_http_server(0, addr="127.0.0.1", registry=registry)
    try:
        yield int(server.server_port)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def prometheus(folder: Path, jobs: dict[str, int]) -> Iterator[httpx.Client]:
    """Prometheus with the shipped alerts, scraping each job on this machine every second, until the context ends."""
    shipped = yaml.safe_load((DEPLOY / "prometheus" / "prometheus.yml").read_text(encoding="utf-8"))
    assert {job["job_name"] for job in shipped["scrape_configs"]} == set(jobs)
    config = {
        "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
        "rule_files": [str(DEPLOY / "prometheus" / "alerts.yml")],
        "scrape_configs": [
            {"job_name": name, "static_configs": [{"targets": [f"127.0.0.1:{port}"]}]} for name, port in jobs.items()
        ],
    }
    (folder / "prometheus.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    port = free_port()
    command = ["prometheus", f"--config.file={folder / 'prometheus.yml'}", f"--storage.tsdb.path={folder / 'data'}"]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen([*command, f"--web.listen-address=127.0.0.1:{port}"], stdout=log, stderr=log)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=30) as client:
            yield client
    finally:
        server.terminate()
        server.wait()


def asked(client: httpx.Client, expression: str) -> list[dict[str, Any]]:
    """The samples of an instant query, empty while the server starts; a query it refuses fails the test."""
    try:
        answer = client.get("/api/v1/query", params={"query": expression})
    except httpx.TransportError:
        return []
    assert answer.status_code in (200, 503), answer.text
    return list(answer.json()["data"]["result"]) if answer.is_success else []


def until_some(client: httpx.Client, expression: str) -> list[dict[str, Any]]:
    deadline = time.monotonic() + LIMIT_S
    while not (found := asked(client, expression)):
        assert time.monotonic() < deadline, f"nothing for {expression}"
        time.sleep(0.5)
    return found


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """Prometheus over the registries of a bot and a worker, every metric of them alive."""
    bot = BotMetrics()
    bot.watch_budgets({"mastodon": Limited()})
    worker = WorkerMetrics()
    for each in (bot, worker):
        seed(each.registry)
    folder = tmp_path_factory.mktemp("prometheus")
    with (
        exposed(bot.registry) as ours,
        exposed(worker.registry) as theirs,
        prometheus(folder, {"stylesmith-bot": ours, "stylesmith-worker": theirs}) as client,
    ):
        yield client


@needs("prometheus")
def test_every_panels_query_is_answered_from_what_is_exposed(served: httpx.Client) -> None:
    """Selections of one label's value are widened: a seeded series has none of the real values."""
    for title, expression in sorted(PANELS):
        wide = expression.replace('{state=~"new|ready|queued|decided|posting"}', "")
        assert until_some(served, wide), title


@needs("prometheus")
def test_every_alerts_query_is_understood_and_its_metrics_are_scraped(served: httpx.Client) -> None:
    until_some(served, "up")
    answer = served.get("/api/v1/rules").raise_for_status().json()["data"]["groups"][0]["rules"]
    assert [rule["name"] for rule in answer] == [rule["alert"] for rule in ALERTS]
    deadline = time.monotonic() + LIMIT_S
    while any(rule["health"] == "unknown" for rule in answer) and time.monotonic() < deadline:
        time.sleep(0.5)
        answer = served.get("/api/v1/rules").raise_for_status().json()["data"]["groups"][0]["rules"]
    assert {rule["health"] for rule in answer} == {"ok"}


@needs("prometheus")
def test_what_happens_once_is_an_increase(tmp_path: Path) -> None:
    """A series that begins at one has none: each counter that an alert watches is there before anything happens."""
    bot, worker = BotMetrics(), WorkerMetrics()
    bot.expect(["mastodon"])
    watched = [rule["expr"] for rule in ALERTS if rule["alert"] in {"StylesmithCursorRewound", "StylesmithIntercepted"}]
    with (
        exposed(bot.registry) as ours,
        exposed(worker.registry) as theirs,
        prometheus(tmp_path, {"stylesmith-bot": ours, "stylesmith-worker": theirs}) as client,
    ):
        until_some(client, "stylesmith_gave_up_total")
        assert [asked(client, expression) for expression in watched] == [[], []]
        bot.rewound.labels("mastodon").inc()
        bot.platform_failed("mastodon", Intercepted(403))
        for expression in watched:
            assert until_some(client, expression)[0]["metric"]["platform"] == "mastodon"


@needs("prometheus")
def test_the_percentiles_on_the_dashboard_are_those_of_what_was_measured(tmp_path: Path) -> None:
    """Eighty of a hundred answers took 8 s, the others 50; the worker's own durations are scraped beside."""
    bot, worker = BotMetrics(), WorkerMetrics()
    shown = sorted(expression for _, expression in PANELS if "stylesmith_answer_seconds" in expression)
    with (
        exposed(bot.registry) as ours,
        exposed(worker.registry) as theirs,
        prometheus(tmp_path, {"stylesmith-bot": ours, "stylesmith-worker": theirs}) as client,
    ):
        bot.answer_seconds.observe(8)  # a first scrape, from which a rate is counted
        until_some(client, "stylesmith_answer_seconds_count > 0")
        for seconds in (*[8] * 80, *[50] * 20):
            bot.answer_seconds.observe(seconds)
        until_some(client, "rate(stylesmith_answer_seconds_count[15m]) > 0")
        until_some(client, "stylesmith_answer_seconds_count > 100")
        median, high = (float(until_some(client, expression)[0]["value"][1]) for expression in shown)
    assert 5 < median <= 10
    assert 45 < high <= 60
