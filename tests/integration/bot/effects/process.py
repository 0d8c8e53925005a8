"""The bot as a process."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
from pydantic import SecretStr

from tests import ROOT
from tests.integration.bot.cli.terminal import seen as seen_in_a_terminal
from tests.integration.bot.effects.case import Case, Experiment, until

PROGRAM = "from bot.settings import Settings; from bot.service import run; run(Settings())"


def as_environment(case: Case) -> dict[str, str]:
    """Of a bot whose Mastodon server is not there."""
    given = {
        "data_dir": case.folder,
        "redis_url": case.settings.redis_url.get_secret_value(),
        "mastodon_url": "http://127.0.0.1:9",
        "mastodon_token": "t",
        **{name: getattr(case.settings, name) for name in ("metrics_port", "metrics_host", "log_level", "log_json")},
    }
    return {f"STYLESMITH_{name.upper()}": str(value) for name, value in given.items()}


@contextmanager
def process(case: Case) -> Iterator[Path]:
    """A bot as a process, whose server is not there; its log's file once it listens, or has said nothing for long."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("STYLESMITH_")}
    environment |= as_environment(case) | {"PYTHONPATH": str(ROOT)}
    log = case.folder / "log"
    with (
        log.open("wb") as file,
        subprocess.Popen([sys.executable, "-c", PROGRAM], cwd=case.folder, env=environment, stderr=file) as running,
    ):
        try:
            # The first poll fails, which is logged as a warning: by then everything is set up.
            until(lambda: running.poll() is not None or b"poll" in log.read_bytes())
            yield log
        finally:
            running.terminate()
            running.wait()


def private_redis(case: Case) -> bool:
    """Whether the bot started a Redis of its own."""
    named = case.settings.redis_url.get_secret_value()
    with process(with_redis(case) if named else case):
        return (case.folder / "redis.sock").exists()


def serves(address: str) -> Experiment:
    """Whether the bot's health can be asked for at an address and the port that the test chose."""

    def told(case: Case) -> bool:
        port = case.settings.metrics_port or FREE_PORT
        with process(with_redis(case)):
            try:
                return httpx.get(f"http://{address}:{port}/live", trust_env=False).status_code == 200
            except httpx.TransportError:
                return False

    return told


def with_redis(case: Case) -> Case:
    return replace(case, settings=case.settings.model_copy(update={"redis_url": SecretStr(case.redis_url)}))


def logged(case: Case) -> bool:
    """Whether the log holds what is only news."""
    with process(with_redis(case)) as log:
        return b"listening" in log.read_bytes()


def is_json(case: Case) -> bool:
    """Whether a terminal is shown JSON."""
    _, text = seen_in_a_terminal(case.folder, 200, "bot", until="poll", **as_environment(with_redis(case)))
    return text.lstrip().startswith("{")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


FREE_PORT = free_port()
