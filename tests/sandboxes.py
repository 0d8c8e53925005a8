"""A real sandbox in a process of its own, and people in it who use Mastodon.py."""

import io
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from mastodon import Mastodon
from PIL import Image

from bot.sandbox.serve import ACCESS, Access, read_access
from tests import ROOT
from tests.fakes.mastodon.faults import FaultPlan, Rule

START_LIMIT_S = 60.0


class Sandbox:
    """A running sandbox, its faults at hand."""

    def __init__(self, access: Access) -> None:
        self.access = access
        self.url = access.url
        self.tokens = [access.person_token, access.bot_token]
        """Of everybody who was made so far."""
        self._http = httpx.Client(base_url=access.url, trust_env=False, timeout=30)

    def misbehave(self, *rules: Rule, **habits: Any) -> None:
        """Put a fault plan in force; without arguments the sandbox behaves again."""
        plan = FaultPlan(rules=rules, **habits)
        self._http.put("/sandbox/faults", content=plan.model_dump_json()).raise_for_status()

    def log(self, what: str = "") -> list[dict[str, Any]]:
        """What happened since the last `forget`, in order."""
        entries = self._http.get("/sandbox/log", params={"after": self._after}).raise_for_status().json()
        return [entry for entry in entries if not what or entry["what"] == what]

    _after = 0

    def forget(self) -> None:
        """Start the log anew."""
        entries = self._http.get("/sandbox/log", params={"after": self._after}).json()
        self._after = entries[-1]["seq"] if entries else self._after

    def posts(self, account: str, limit: int) -> list[dict[str, Any]]:
        """The newest of an account, as the bot sees them, newest first; Mastodon.py takes long over each."""
        headers = {"Authorization": f"Bearer {self.access.bot_token}"}
        path = f"/api/v1/accounts/{account}/statuses"
        answer = self._http.get(path, params={"limit": limit}, headers=headers).raise_for_status()
        return list(answer.json())

    def person(self, acct: str, **about: Any) -> Mastodon:
        """A new person, ready to post."""
        answer = self._http.post("/sandbox/people", json={"acct": acct, **about}).raise_for_status()
        self.tokens.append(answer.json()["token"])
        return self.client(self.tokens[-1])

    def client(self, token: str) -> Mastodon:
        """Mastodon.py, unmodified."""
        return Mastodon(access_token=token, api_base_url=self.url, request_timeout=30)

    @property
    def you(self) -> Mastodon:
        return self.client(self.access.person_token)

    def close(self) -> None:
        self._http.close()


@contextmanager
def running(directory: Path, redis_url: str = "", port: int = 0, styles: Path | None = None) -> Iterator[Sandbox]:
    """A sandbox with fault hooks, at a free port unless one is named, until the context ends.

    `styles` is a folder of house styles that its page offers.
    """
    (directory / ACCESS).unlink(missing_ok=True)
    command = [sys.executable, "-m", "tests.fakes.mastodon", str(directory), str(port)]
    command += [f"--styles={styles}"] if styles else []
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "STYLESMITH_REDIS_URL": redis_url})
    sandbox = None
    try:
        sandbox = Sandbox(_access(directory, process))
        yield sandbox
    finally:
        if sandbox:
            sandbox.close()
        process.terminate()
        process.wait(timeout=10)


def _access(directory: Path, process: "subprocess.Popen[bytes]") -> Access:
    deadline = time.monotonic() + START_LIMIT_S
    while time.monotonic() < deadline and process.poll() is None:
        if (directory / ACCESS).exists():
            access = read_access(directory)
            try:
                httpx.get(f"{access.url}/api/v1/streaming/health", trust_env=False).raise_for_status()
            except httpx.TransportError:
                pass
            else:
                return access
        time.sleep(0.05)
    raise AssertionError("the sandbox did not start")


def picture(colour: tuple[int, int, int] = (200, 30, 40), size: tuple[int, int] = (40, 30)) -> bytes:
    """A small PNG."""
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "PNG")
    return file.getvalue()
