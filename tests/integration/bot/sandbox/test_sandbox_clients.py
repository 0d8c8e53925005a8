"""toot, masto.js and megalodon, unmodified, do in the sandbox what a person would."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.clients import TOOT, node, toot_is_here
from tests.sandboxes import Sandbox, picture, running


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with running(tmp_path_factory.mktemp("sandbox")) as started:
        yield started


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    (tmp_path / "photo.png").write_bytes(picture())
    return tmp_path / "photo.png"


class Toot:
    """The command, signed in as the sandbox's person."""

    def __init__(self, sandbox: Sandbox, home: Path) -> None:
        self._environment = {
            "PATH": os.environ["PATH"], "PYTHONPATH": str(TOOT), "XDG_CONFIG_HOME": str(home), "HOME": str(home),
            "LANG": "C.UTF-8", "NO_COLOR": "1",
        }  # fmt: skip
        host = sandbox.url.split("://", 1)[1]
        user = f"you@{host}"
        folder = home / "toot"
        folder.mkdir()
        app = {"instance": host, "base_url": sandbox.url, "client_id": "", "client_secret": ""}
        person = {"instance": host, "username": "you", "access_token": sandbox.access.person_token}
        config = {"apps": {host: app}, "users": {user: person}, "active_user": user}
        (folder / "config.json").write_text(json.dumps(config))

    def __call__(self, *words: str) -> str:
        command = [sys.executable, "-m", "toot", *words]
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60, env=self._environment)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def json(self, *words: str) -> Any:
        return json.loads(self(*words, "--json"))


@pytest.fixture
def toot(sandbox: Sandbox, tmp_path: Path) -> Toot:
    toot_is_here()
    home = tmp_path / "home"
    home.mkdir()
    return Toot(sandbox, home)


def test_toot_posts_with_a_picture_and_reads_it_everywhere(toot: Toot, photo: Path) -> None:
    posted = toot.json(
        "post", "@stylesmith please #mosaic", "--media", str(photo), "--description", "a hill", "--visibility", "public"
    )

    assert posted["media_attachments"][0]["description"] == "a hill"
    assert "@stylesmith please" in toot("thread", posted["id"])
    assert toot.json("status", posted["id"])["id"] == posted["id"]
    for line in (("public",), ("home",), ("tag", "mosaic")):
        assert "@stylesmith please" in toot("timelines", *line, "--limit", "5"), line


def test_toot_answers_boosts_likes_keeps_and_deletes(toot: Toot, sandbox: Sandbox) -> None:
    other = sandbox.person("ann").status_post("hello all")
    for deed in ("reblog", "favourite", "bookmark"):
        toot(deed, str(other.id))
    seen = toot.json("status", str(other.id))
    assert (seen["reblogged"], seen["favourited"], seen["bookmarked"], seen["reblogs_count"]) == (True, True, True, 1)
    assert "you" in toot("reblogged-by", str(other.id))
    assert "hello all" in toot("bookmarks")
    for deed in ("unreblog", "unfavourite", "unbookmark"):
        toot(deed, str(other.id))
    assert toot.json("status", str(other.id))["reblogs_count"] == 0

    mine = toot.json("post", "mine", "--reply-to", str(other.id))
    assert mine["in_reply_to_id"] == str(other.id)
    toot("pin", mine["id"])
    toot("unpin", mine["id"])
    toot("delete", mine["id"])
    assert "hello all" in toot("thread", str(other.id))


def test_toot_finds_people_and_follows_mutes_and_blocks_them(toot: Toot, sandbox: Sandbox) -> None:
    sandbox.person("bert", note="I like storms")
    assert "@bert" in toot("search", "bert")
    assert "storms" in toot("whois", "bert")
    toot("follow", "bert")
    assert "@bert" in toot("following", "you")
    assert "@you" in toot("followers", "bert")
    for deed in ("unfollow", "mute", "unmute", "block", "unblock"):
        toot(deed, "bert")
    toot("tags", "follow", "mosaic")
    assert "mosaic" in toot("tags", "followed")


def test_toot_looks_around(toot: Toot, sandbox: Sandbox) -> None:
    sandbox.person("carl").status_post("@you look")
    assert "look" in toot("notifications")
    toot("notifications", "--clear")
    assert "look" not in toot("notifications")
    assert "you" in toot("whoami")
    assert "Stylesmith sandbox" in toot("instance")
    for words in (("lists", "list"), ("blocked",), ("muted",), ("follow-requests", "list"), ("tags", "featured")):
        toot(*words)
    toot("update-account", "--display-name", "You again")
    assert "You again" in toot("whoami")
    toot("update-account", "--display-name", "You")


def test_toot_is_told_in_words_that_nothing_is_kept_for_later(toot: Toot) -> None:
    with pytest.raises(AssertionError, match="without scheduled_at"):
        toot("post", "later", "--scheduled-in", "1 hour")


def test_masto_js_does_everything_that_a_person_would(sandbox: Sandbox, photo: Path) -> None:
    assert "all of it" in node("masto.mjs", sandbox.url, str(photo))


def test_megalodon_does_everything_that_a_person_would(sandbox: Sandbox, photo: Path) -> None:
    assert "all of it" in node("megalodon.mjs", sandbox.url, str(photo))
