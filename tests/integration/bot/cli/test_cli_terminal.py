"""What the admin commands show in a narrow terminal, in a wide one and in a pipe; one sentence for each bad setting."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from bot.clock import SystemClock
from bot.ledger import Ledger
from bot.queue.rq import RqQueue, connect
from tests.fakes.mentions import mention
from tests.integration.bot.cli.terminal import STYLESMITH, environment, piped, seen
from worker.contract import Options, Progress, RenderJob, lease_key, progress_key

IDS = [f"mastodon-11767761{n}42389201-0" for n in range(5)]
WORKER = "stylesmith-worker-7d9f8b6c5-x2x4z.1234.a1b2c3"


@pytest.fixture
def connection(redis_url: str) -> Iterator[redis.Redis]:
    """A queue of five, the first of them being painted."""
    with connect(redis_url) as client:
        renders = RqQueue(client)
        for name in IDS:
            job = RenderJob(id=name, photo="0" * 64, styles=("1" * 64,), options=Options(seed=7, strength=70))
            renders.submit(job, [])
        client.lrem("rq:queue:renders", 0, IDS[0])
        client.set(lease_key(IDS[0]), WORKER)
        progress = Progress(id=IDS[0], fraction=0.25, stage="256 px")
        client.set(progress_key(IDS[0]), progress.model_dump_json())
        yield client


@pytest.fixture
def settings(redis_url: str, tmp_path: Path) -> dict[str, str]:
    return {"STYLESMITH_REDIS_URL": redis_url, "STYLESMITH_DATA_DIR": str(tmp_path)}


@pytest.mark.usefixtures("connection")
@pytest.mark.parametrize("columns", [60, 80, 200])
def test_an_id_is_on_one_line_however_narrow_the_terminal(
    tmp_path: Path, settings: dict[str, str], columns: int
) -> None:
    status, text = seen(tmp_path, columns, "queue", "list", **settings)
    assert status == 0
    lines = text.splitlines()
    assert max(map(len, lines)) <= columns
    for name in IDS:
        assert sum(name in line for line in lines) == 1
    assert WORKER in text or columns == 80  # there the name goes on below
    assert "painting" in text


@pytest.mark.usefixtures("connection")
def test_a_pipe_gets_a_line_for_each_job_with_tabs_between_the_columns(
    tmp_path: Path, settings: dict[str, str]
) -> None:
    ended = piped(tmp_path, "queue", "list", **settings)
    head, *rows = [line.split("\t") for line in ended.stdout.splitlines()]
    assert head == ["job", "state", "place", "progress", "waiting for", "worker"]
    assert [row[0] for row in rows] == IDS
    assert rows[0][1:4] == ["painting", "", "25% 256 px"]
    assert rows[0][5] == WORKER
    assert {len(row) for row in rows} == {6}


@pytest.mark.usefixtures("connection")
def test_one_job_is_shown_in_words(tmp_path: Path, settings: dict[str, str]) -> None:
    status, text = seen(tmp_path, 60, "queue", "show", IDS[0], **settings)
    assert status == 0
    assert "seed 7" in text
    assert "fraction 0.25, stage 256 px" in text
    assert not set("{}<>'[]()") & set(text)
    assert f"id\t{IDS[0]}" in piped(tmp_path, "queue", "show", IDS[0], **settings).stdout


def test_one_mention_is_shown_in_words(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, SystemClock())
    ledger.record("fake", [mention(1, text="a wish")], "1")
    ledger.close()
    status, text = seen(tmp_path, 60, "mention", "show", "1", "--platform", "fake", STYLESMITH_DATA_DIR=str(tmp_path))
    assert status == 0
    assert "a wish" in text
    assert not set("{}<>'[]()") & set(text)


@pytest.mark.usefixtures("connection")
@pytest.mark.parametrize("words", [("queue", "list", "--watch"), ("worker", "list", "--watch")], ids=" ".join)
def test_watching_goes_on_until_ctrl_c_which_is_no_failure(
    tmp_path: Path, settings: dict[str, str], words: tuple[str, ...]
) -> None:
    status, text = seen(tmp_path, 100, *words, until="Ctrl-C ends", **settings)
    assert status == 0
    assert "Traceback" not in text
    assert "Aborted" not in text


def test_watching_in_a_pipe_gives_one_json_after_the_other(
    tmp_path: Path, settings: dict[str, str], connection: redis.Redis
) -> None:
    with subprocess.Popen(
        [STYLESMITH, "queue", "list", "--watch", "--json"],
        env=environment(settings),
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        found: list[int] = []
        decoder, text = json.JSONDecoder(), ""
        while len(found) < 2:
            text += process.stdout.readline()
            try:
                value, end = decoder.raw_decode(text.lstrip())
            except ValueError:
                continue
            text = text.lstrip()[end:]
            found.append(len(value["jobs"]))
            connection.lrem("rq:queue:renders", 0, IDS[4])
            connection.zrem("rq:wip:renders", f"{IDS[4]}:1")
        process.terminate()
    assert found == [5, 4]


VERBS = [
    ("bot",), ("worker",), ("worker", "list"), ("queue", "list"), ("queue", "show", "x"), ("queue", "pause"),
    ("queue", "purge"), ("mention", "list"), ("mention", "show", "1"), ("mention", "replay", "1"),
    ("person", "forget", "x"), ("style", "list"), ("render", "a.jpg", "mosaic"),
]  # fmt: skip


@pytest.mark.parametrize("words", VERBS, ids=" ".join)
def test_one_bad_setting_is_one_sentence_in_every_verb(tmp_path: Path, words: tuple[str, ...]) -> None:
    name = "STYLESMITH_GRACE_S" if words == ("worker",) else "STYLESMITH_IN_FLIGHT"
    ended = piped(tmp_path, *words, **{name: "abc"})
    assert ended.returncode == 78
    said = (ended.stdout + ended.stderr).strip()
    assert said.startswith(f"Some settings cannot be used. {name}: this has to be a")
    assert len(said.splitlines()) == 1
    assert "abc" not in said


@pytest.mark.parametrize("words", VERBS, ids=" ".join)
def test_an_address_of_redis_that_is_none_is_one_sentence_too(tmp_path: Path, words: tuple[str, ...]) -> None:
    ended = piped(tmp_path, *words, STYLESMITH_REDIS_URL="localhost:6379")
    assert ended.returncode == 78
    assert ended.stderr.strip() == (
        "Some settings cannot be used. STYLESMITH_REDIS_URL: this has to be an address such as redis://localhost:6379/0"
    )


@pytest.mark.parametrize("words", [*VERBS, ("sandbox",), ("sandbox", "--redis-url", "HERE")], ids=" ".join)
@pytest.mark.parametrize("url", ["redis://:c4n4ry/s@h:1/0", "redis://h:c4n4ry", "redis://h/0?c4n4ry=1"])
def test_an_address_that_cannot_be_taken_apart_is_one_sentence_without_it(
    tmp_path: Path, words: tuple[str, ...], url: str
) -> None:
    given = {} if "HERE" in words else {"STYLESMITH_REDIS_URL": url}
    ended = piped(tmp_path, *(url if word == "HERE" else word for word in words), **given)
    assert ended.returncode == 78
    assert ended.stderr.startswith("Some settings cannot be used. STYLESMITH_REDIS_URL: this has to be an address")
    assert "%2F" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
    assert "c4n4ry" not in ended.stdout + ended.stderr


def test_doctor_says_the_same_of_a_bad_setting(tmp_path: Path) -> None:
    ended = piped(tmp_path, "doctor", STYLESMITH_IN_FLIGHT="0")
    assert ended.returncode == 1
    assert "STYLESMITH_IN_FLIGHT: this has to be at least 1" in ended.stdout


@pytest.mark.parametrize("words", [("queue", "list"), ("worker", "list"), ("queue", "pause")], ids=" ".join)
def test_where_nothing_runs_that_is_what_is_said(tmp_path: Path, words: tuple[str, ...]) -> None:
    ended = piped(tmp_path, *words, STYLESMITH_DATA_DIR=str(tmp_path / "none"))
    assert ended.returncode == 69
    assert "No bot runs here" in ended.stderr
    assert not (tmp_path / "none").exists() or words == ("queue", "pause")


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({}, "No bot runs here with a private Redis in"),
        ({"STYLESMITH_REDIS_URL": "redis://127.0.0.1:9/0"}, "Redis does not answer (ConnectionError)"),
    ],
    ids=["none is set", "none answers"],
)
def test_a_worker_says_at_once_that_it_waits_for_redis(tmp_path: Path, settings: dict[str, str], told: str) -> None:
    with subprocess.Popen(
        [STYLESMITH, "worker"],
        cwd=tmp_path,
        env=environment(settings | {"STYLESMITH_DATA_DIR": str(tmp_path)}),
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        assert told in process.stderr.readline()
        process.terminate()


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"STYLESMITH_REDIS_URL": "nonsense"}, "STYLESMITH_REDIS_URL: this has to be an address such as redis://"),
        ({"STYLESMITH_REDIS_URL_FILE": "/nowhere"}, "cannot be read: /nowhere"),
    ],
    ids=["no address", "no file"],
)
def test_a_worker_that_could_wait_for_ever_ends_with_a_sentence(
    tmp_path: Path, settings: dict[str, str], told: str
) -> None:
    ended = piped(tmp_path, "worker", **settings)
    assert ended.returncode == 78
    assert told in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


@pytest.mark.parametrize("words", [("render",), ("queue", "list"), ("login", "mastodon"), ("demo",)], ids=" ".join)
def test_help_names_no_type_of_pythons(tmp_path: Path, words: tuple[str, ...]) -> None:
    text = piped(tmp_path, *words, "-h").stdout
    assert not [name for name in ("<bool>", "<int", "<float", "<str>", "<path>", "<list") if name in text]
    assert "--help" in text
    assert "-h" in text


def complete(words: str) -> set[str]:
    """What bash is offered behind these words."""
    count = len(words.split(" ")) - 1
    asked = {"_STYLESMITH_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(count)}
    done = subprocess.run([STYLESMITH], env=os.environ | asked, capture_output=True, text=True, check=False)
    return set(done.stdout.split())


def test_the_shell_completes_the_whole_command(tmp_path: Path) -> None:
    assert {"render", "queue", "doctor"} <= complete("stylesmith ")
    assert complete("stylesmith re") == {"render"}
    assert {"list", "show", "cancel"} <= complete("stylesmith queue ")
    assert "--watch" in complete("stylesmith queue list --")
    assert "--estimate" in complete("stylesmith render --")


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_completion_is_installed_for_the_shell_that_asks(tmp_path: Path, shell: str) -> None:
    found = shutil.which(shell)
    if found is None:
        pytest.skip(f"{shell} is not installed: its completion is not tried")
    # `true` keeps the shell from becoming the command, which looks for the shell that started it.
    words = [found, "-c", f"{STYLESMITH} --install-completion; true"]
    subprocess.run(words, env=os.environ | {"HOME": str(tmp_path)}, capture_output=True, check=True)
    started = {
        "bash": "source ~/.bashrc; complete -p stylesmith",
        "zsh": "source ~/.zshrc; autoload -Uz _stylesmith; autoload +X _stylesmith; functions _stylesmith",
    }[shell]
    done = subprocess.run(
        [found, "-c", started], env=os.environ | {"HOME": str(tmp_path)}, capture_output=True, text=True, check=False
    )
    assert "stylesmith" in done.stdout, done.stderr
