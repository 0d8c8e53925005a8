"""`stylesmith doctor` is green where a mention would be answered, and says what to do where not."""

import json
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.queue.redis_server import redis_server
from tests.integration.bot.cli.terminal import STYLESMITH, environment, piped
from tests.sandboxes import Sandbox, running

LIMIT_S = 120.0


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with running(tmp_path_factory.mktemp("sandbox")) as started:
        yield started


@pytest.fixture
def sandbox(shared: Sandbox) -> Sandbox:
    shared.misbehave()
    return shared


@pytest.fixture
def settings(sandbox: Sandbox, tmp_path: Path) -> dict[str, str]:
    """A bot's, on a machine for the bot alone but for a test's own words."""
    return {
        "STYLESMITH_MASTODON_URL": sandbox.url,
        "STYLESMITH_MASTODON_TOKEN": sandbox.access.bot_token,
        "STYLESMITH_ALLOW_PRIVATE_HOSTS": "true",
        "STYLESMITH_DATA_DIR": str(tmp_path / "data"),
        "STYLESMITH_BACKBONE": "lite",
        "HOME": str(tmp_path),
    }


NO_TORCH = "import sys; sys.modules['torch'] = None; sys.argv[0] = 'stylesmith'; from bot.cli import main; main()"


def ended(
    folder: Path, settings: dict[str, str], *words: str, through: Sequence[str] = ()
) -> "subprocess.CompletedProcess[str]":
    """A command on a host without PyTorch, which is quick."""
    return subprocess.run(
        [*through, sys.executable, "-P", "-c", NO_TORCH, *words],
        cwd=folder,
        env=environment(settings),
        capture_output=True,
        text=True,
        check=False,
        timeout=LIMIT_S,
    )


def examined(
    folder: Path, settings: dict[str, str], through: Sequence[str] = ()
) -> tuple[int, dict[str, tuple[bool, str]]]:
    """Status and findings."""
    done = ended(folder, settings, "doctor", "--json", through=through)
    return done.returncode, {each["about"]: (each["ok"], each["says"]) for each in json.loads(done.stdout)}


@contextmanager
def process(folder: Path, noun: str, line: str, settings: dict[str, str]) -> Iterator[None]:
    """`stylesmith bot` or `worker`, from the moment when its log has `line`."""
    log = folder / f"{noun}.log"
    with log.open("wb") as file:
        started = subprocess.Popen([STYLESMITH, noun], cwd=folder, env=environment(settings), stdout=file, stderr=file)
    try:
        deadline = time.monotonic() + LIMIT_S
        while line not in log.read_text() and started.poll() is None and time.monotonic() < deadline:
            time.sleep(0.1)
        assert line in log.read_text()
        yield
    finally:
        started.terminate()
        started.wait()


def test_without_an_account_nothing_is_green(tmp_path: Path) -> None:
    status, found = examined(tmp_path, {"STYLESMITH_DATA_DIR": str(tmp_path / "data"), "HOME": str(tmp_path)})
    assert status == 1
    assert not found["account"][0]
    assert "stylesmith login mastodon" in found["account"][1]
    assert not found["bot"][0]
    assert not found["worker"][0]
    assert not (tmp_path / "data").exists()


def test_a_device_that_is_not_here_is_named_and_the_weights_are_not_blamed(tmp_path: Path) -> None:
    settings = {"STYLESMITH_DATA_DIR": str(tmp_path / "data"), "HOME": str(tmp_path), "STYLESMITH_DEVICE": "cuda:99"}
    done = subprocess.run(
        [STYLESMITH, "doctor", "--json"],
        cwd=tmp_path,
        env=environment(settings),
        capture_output=True,
        text=True,
        check=False,
        timeout=LIMIT_S,
    )
    found = {each["about"]: each["says"] for each in json.loads(done.stdout) if not each["ok"]}
    assert found["device"].startswith("STYLESMITH_DEVICE is cuda:99, but PyTorch sees")
    assert "weights" not in found


def test_half_an_account_is_none(tmp_path: Path, settings: dict[str, str]) -> None:
    status, found = examined(tmp_path, settings | {"STYLESMITH_MASTODON_TOKEN": ""})
    assert status == 1
    assert "STYLESMITH_MASTODON_TOKEN" in found["mastodon"][1]


@pytest.mark.timeout(300)
def test_it_is_green_while_a_bot_and_a_worker_live_and_red_when_one_ends(
    tmp_path: Path, settings: dict[str, str]
) -> None:
    with redis_server(tmp_path / "redis") as url:
        settings |= {"STYLESMITH_REDIS_URL": url}
        with process(tmp_path, "bot", "listening", settings):
            with process(tmp_path, "worker", "is ready", settings):
                status, found = examined(tmp_path, settings)
                assert status == 0, found
                assert found["device"] == (
                    True,
                    "none: nothing for painting is installed here, which a bot does not need",
                )
                assert piped(tmp_path, "queue", "pause", **settings).returncode == 0
                assert "stylesmith queue resume" in examined(tmp_path, settings)[1]["queue"][1]
                assert piped(tmp_path, "queue", "resume", **settings).returncode == 0
            status, found = examined(tmp_path, settings)
            assert (status, found["bot"][0], found["worker"][0]) == (1, True, False)
        status, found = examined(tmp_path, settings)
        assert (status, found["bot"][0]) == (1, False)
        assert "no bot runs" in found["bot"][1]


def test_an_account_that_was_not_set_up_is_found_out(
    tmp_path: Path, sandbox: Sandbox, settings: dict[str, str]
) -> None:
    token = str(sandbox.person("unready").access_token)
    status, found = examined(tmp_path, settings | {"STYLESMITH_MASTODON_TOKEN": token})
    assert status == 1
    assert found["credentials"][0]
    assert not found["bot flag"][0]
    assert not found["notifications"][0]


def test_a_refused_token_asks_for_a_login(tmp_path: Path, settings: dict[str, str]) -> None:
    _, found = examined(tmp_path, settings | {"STYLESMITH_MASTODON_TOKEN": "revoked"})
    assert not found["credentials"][0]
    assert "stylesmith login mastodon" in found["credentials"][1]


def test_a_media_host_that_the_bot_would_not_fetch_from_is_named(tmp_path: Path, settings: dict[str, str]) -> None:
    _, found = examined(tmp_path, settings | {"STYLESMITH_ALLOW_PRIVATE_HOSTS": "false"})
    assert not found["media host"][0]
    assert "STYLESMITH_ALLOW_PRIVATE_HOSTS" in found["media host"][1]


@pytest.mark.parametrize("folder", ["/proc/nowhere/stylesmith", "/dev/null/stylesmith"])
def test_a_folder_that_cannot_be_made_is_not_called_full(tmp_path: Path, settings: dict[str, str], folder: str) -> None:
    _, found = examined(tmp_path, settings | {"STYLESMITH_DATA_DIR": folder})
    assert not found["disk"][0]
    assert "cannot be written" in found["disk"][1]


def test_it_says_what_holds_the_decoder(tmp_path: Path, settings: dict[str, str]) -> None:
    _, found = examined(tmp_path, settings)
    assert found["decoder"][0] == ({"seccomp", "rlimits"} <= set(found["decoder"][1].replace(",", "").split()))


@pytest.mark.skipif(
    shutil.which("setarch") is None or platform.machine() != "x86_64", reason="needs setarch, to be another processor"
)
def test_a_decoder_held_by_less_than_it_should_be_is_refused_as_the_bot_refuses_it(
    tmp_path: Path, settings: dict[str, str]
) -> None:
    without_seccomp = ["setarch", "i686"]
    status, found = examined(tmp_path, settings, without_seccomp)
    says = found["decoder"][1]
    assert (status, found["decoder"][0]) == (1, False)
    assert "not confined by seccomp" in says
    assert "STYLESMITH_ALLOW_WEAK_CONFINEMENT" in says
    bot = ended(tmp_path, settings, "bot", through=without_seccomp)
    assert bot.returncode == 78
    assert says in " ".join(bot.stderr.split())
    allowed = examined(tmp_path, settings | {"STYLESMITH_ALLOW_WEAK_CONFINEMENT": "true"}, without_seccomp)[1]
    assert allowed["decoder"][0]
    assert "; not by" in allowed["decoder"][1]
    assert "seccomp" in allowed["decoder"][1].partition("; not by")[2]


def test_people_read_one_line_a_finding(tmp_path: Path, settings: dict[str, str]) -> None:
    told = piped(tmp_path, "doctor", **settings | {"STYLESMITH_BACKBONE": "lite"})
    lines = told.stdout.splitlines()
    assert all(line.startswith(("ok  ", "FIX ")) for line in lines)
    assert any("lite is there" in line for line in lines)
    assert "mending before mentions are answered" in told.stderr
