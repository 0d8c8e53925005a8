"""What `stylesmith doctor` finds without a network."""

from pathlib import Path

import pytest

from bot.cli.doctor import unknown_settings


def test_a_misspelt_setting_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("STYLESMITH_MASTODON_TOKN", "x")
    monkeypatch.delenv("STYLESMITH_TEST_PROCESSES", raising=False)  # deploy/check's own
    assert unknown_settings() == ["STYLESMITH_MASTODON_TOKN"]


def test_only_secrets_come_from_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("STYLESMITH_REDIS_URL_FILE", "/run/secrets/redis_url")
    monkeypatch.setenv("STYLESMITH_DATA_DIR_FILE", "/run/secrets/data_dir")
    monkeypatch.delenv("STYLESMITH_TEST_PROCESSES", raising=False)
    assert unknown_settings() == ["STYLESMITH_DATA_DIR_FILE"]
