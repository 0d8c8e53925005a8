"""Every setting is documented, masked where it is secret, and can come from where the documentation says."""

import re
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from annotated_types import Le
from pydantic import SecretStr, ValidationError
from pydantic_settings import BaseSettings

from bot.cli.sentences import bad_settings
from bot.settings import Settings
from bot.wiring import rules_of
from tests import ROOT
from worker.process.redis_address import client_at
from worker.process.settings import secrets_of
from worker.settings import WorkerSettings

EXAMPLE = ROOT / ".env.example"


def documented() -> dict[str, str]:
    """Names and values that .env.example shows."""
    found = re.findall(r"^#?STYLESMITH_([A-Z0-9_]+)=(.*)$", EXAMPLE.read_text(encoding="utf-8"), re.MULTILINE)
    return {name.lower(): value for name, value in found}


def fields() -> set[str]:
    return set(Settings.model_fields) | set(WorkerSettings.model_fields)


def test_every_setting_is_in_the_example_and_nothing_else_is() -> None:
    assert set(documented()) == fields()


def test_the_example_shows_the_defaults_of_plain_settings() -> None:
    for settings in (Settings, WorkerSettings):
        for name, field in settings.model_fields.items():
            if isinstance(field.default, bool | int | float):
                assert float(documented()[name].replace("false", "0").replace("true", "1")) == field.default, name


def test_every_setting_says_what_it_decides() -> None:
    for settings in (Settings, WorkerSettings):
        assert [name for name, field in settings.model_fields.items() if not field.description] == []


@pytest.mark.parametrize("settings", [Settings, WorkerSettings])
def test_the_uncommented_example_can_be_read(settings: type[BaseSettings], tmp_path: Path) -> None:
    text = re.sub(r"^#(STYLESMITH_)", r"\1", EXAMPLE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    env = tmp_path / ".env"
    env.write_text(text, encoding="utf-8")
    settings(_env_file=env)


@pytest.mark.parametrize("settings", [Settings, WorkerSettings])
def test_a_secret_comes_from_the_file_that_is_named(
    settings: type[Settings | WorkerSettings], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "address").write_text("redis://:s3cret@host/0\n")
    monkeypatch.setenv("STYLESMITH_REDIS_URL_FILE", str(tmp_path / "address"))
    read = settings(_env_file=None)
    assert read.redis_url == SecretStr("redis://:s3cret@host/0")
    assert set(secrets_of(read)) == {"redis://:s3cret@host/0", "s3cret"}


def test_a_password_is_hidden_as_it_is_written_and_as_it_is_meant() -> None:
    url = "redis://:a%2Fb@host/0"
    assert set(secrets_of(Settings(_env_file=None, redis_url=SecretStr(url)))) == {url, "a%2Fb", "a/b"}
    assert secrets_of(Settings(_env_file=None, blobs_url=SecretStr("s3://[x"))) == ["s3://[x"]


@pytest.mark.parametrize("folder", ["a#b", "a?b", "a%2Fb", "relative"])
def test_the_private_redis_is_found_in_whatever_folder(
    folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    address = Settings(_env_file=None, data_dir=Path(folder)).redis_address
    at = client_at(address).connection_pool.connection_kwargs["path"]
    assert Path(at) == tmp_path / folder / "redis.sock"


def test_a_secret_is_never_shown() -> None:
    settings = Settings(_env_file=None, mastodon_token=SecretStr("s3cret"), redis_url=SecretStr("redis://:pw@host/0"))
    shown = f"{settings!r} {settings} {settings.model_dump()}"
    assert "s3cret" not in shown
    assert "pw" not in shown


def test_a_wrong_value_is_named_without_being_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STYLESMITH_TRIES", "many-secrets")
    with pytest.raises(ValidationError) as caught:
        Settings(_env_file=None)
    assert "tries" in str(caught.value)
    assert "many-secrets" not in str(caught.value)


def test_lists_are_written_with_commas_or_spaces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STYLESMITH_DENIED", "a@b.example, c.example d.example")
    assert Settings(_env_file=None).denied == {"a@b.example", "c.example", "d.example"}


NUMBERS = [
    (settings, name)
    for settings in (Settings, WorkerSettings)
    for name, field in settings.model_fields.items()
    if isinstance(field.default, int | float) and not isinstance(field.default, bool)
]


def most(settings: type[BaseSettings], name: str) -> float:
    limits: list[Any] = [limit.le for limit in settings.model_fields[name].metadata if isinstance(limit, Le)]
    return float(min(limits))


@pytest.mark.parametrize("value", ["inf", "-inf", "nan", "1e300", "-1", "9" * 30, "9" * 5000])
@pytest.mark.parametrize(("settings", "name"), NUMBERS)
def test_no_number_is_endless_or_absurd(
    settings: type[BaseSettings], name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"STYLESMITH_{name.upper()}", value)
    with pytest.raises(ValidationError) as raised:
        settings(_env_file=None)
    said = bad_settings(raised.value)
    assert said.startswith(f"Some settings cannot be used. STYLESMITH_{name.upper()}: this has to be ")
    assert "Input should" not in said


def test_the_largest_numbers_can_be_worked_with() -> None:
    """Moments in the past for datetime, waits for threads, numbers for SQLite."""
    largest: dict[str, Any] = {name: most(settings, name) for settings, name in NUMBERS if settings is Settings}
    settings = Settings(_env_file=None, **largest)
    rules = rules_of(settings)
    now = datetime.now(UTC)
    assert now - rules.admission.max_age < now
    assert now - timedelta(hours=settings.follow_deletions_h) < now
    assert now - timedelta(seconds=rules.retention.ids_s) < now
    assert max(largest.values()) < min(threading.TIMEOUT_MAX, 2**31)


@pytest.mark.parametrize(
    ("settings", "name", "value", "words"),
    [
        (Settings, "bot_name", "\u00c4", "this has to be made of a to z and 0 to 9, and of 20 characters at most"),
        (Settings, "bot_name", "a" * 21, "20 characters at most"),
        (Settings, "bot_name", "anna-2", "a to z and 0 to 9"),
        (WorkerSettings, "device", "gpu", "this has to be auto, cpu, mps or cuda"),
        (WorkerSettings, "device", "cuda:-1", "cuda:0, cuda:1 and so on"),
        (WorkerSettings, "device", "cuda:\u0663", "cuda:0, cuda:1 and so on"),
        (WorkerSettings, "device", "cuda:9999999999", "cuda:0, cuda:1 and so on"),
        (Settings, "media_hosts", "https://foo/bar", "write names of hosts only"),
        (Settings, "media_hosts", "fine.example, foo.example/bar", "write names of hosts only"),
        (Settings, "media_hosts", "foo.example:443", "no port"),
        (Settings, "media_hosts", "*.foo.example", "no *"),
        (Settings, "media_hosts", "ann@foo.example", "write names of hosts only"),
        (Settings, "media_hosts", "foo..example", "write names of hosts only"),
        (Settings, "denied", "https://foo.example/@ann", "write name@host for an account"),
        (Settings, "allowed_bots", "foo.example/@ann", "write name@host for an account"),
    ],
)
def test_what_may_be_written_is_said_in_words(
    settings: type[BaseSettings], name: str, value: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"STYLESMITH_{name.upper()}", value)
    with pytest.raises(ValidationError) as raised:
        settings(_env_file=None)
    said = bad_settings(raised.value)
    assert said.startswith(f"Some settings cannot be used. STYLESMITH_{name.upper()}: ")
    assert words in said
    assert value not in said


@pytest.mark.parametrize("settings", [Settings, WorkerSettings])
def test_nobody_is_shown_a_regular_expression(settings: type[BaseSettings]) -> None:
    assert "pattern" not in str(settings.model_json_schema()["properties"])


def test_hosts_of_pictures_are_known_as_addresses_have_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STYLESMITH_MEDIA_HOSTS", "Files.Example.social., b\u00fccher.example 127.0.0.1, ::1, my_cdn")
    assert Settings(_env_file=None).media_hosts == {
        "files.example.social", "xn--bcher-kva.example", "127.0.0.1", "::1", "my_cdn"
    }  # fmt: skip


@pytest.mark.parametrize("name", ["DATA_DIR", "REDIS_URL_FILE"])
def test_the_home_of_nobody_is_a_sentence(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"STYLESMITH_{name}", "~nobody-of-this-name/x")
    with pytest.raises((ValidationError, OSError)) as raised:
        Settings(_env_file=None)
    assert any(words in bad_settings(raised.value) for words in ("write the whole path", "cannot be read: ~nobody"))


def test_a_secret_that_is_no_text_is_not_quoted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret").write_bytes(b"\xffs3cret")
    monkeypatch.setenv("STYLESMITH_MASTODON_TOKEN_FILE", str(tmp_path / "secret"))
    with pytest.raises(OSError, match="no text") as raised:
        Settings(_env_file=None)
    assert bad_settings(raised.value).endswith(f"cannot be read: {tmp_path / 'secret'}")


def test_settings_cannot_be_changed_after_reading() -> None:
    with pytest.raises(ValidationError):
        Settings(_env_file=None).tries = 5  # type: ignore[misc]  # that is the test


@pytest.mark.parametrize("url", ["", "https://mastodon.social", "http://127.0.0.1:8080", "https://[::1]:3000/"])
def test_an_address_of_a_server_is_taken(url: str) -> None:
    assert Settings(_env_file=None, mastodon_url=url, x_url=url).mastodon_url == url


@pytest.mark.parametrize("name", ["mastodon_url", "x_url"])
@pytest.mark.parametrize(
    "url", ["mastodon.social", "ftp://x", "https://", "https://[::1", "http://h:port", "http://h:0", "http://a b"]
)
def test_what_is_no_address_of_a_server_is_refused(name: str, url: str) -> None:
    given: dict[str, Any] = {name: url, "_env_file": None}
    with pytest.raises(ValidationError, match="begins with https://"):
        Settings(**given)
