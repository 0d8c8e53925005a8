"""What `stylesmith doctor` finds without a network."""

from pathlib import Path

import pytest

from bot.cli.doctor import unknown_settings


def test_a_misspelt_setting_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("STYLESMITH_MASTODON_TOKN", "x")
    monkeypatch.delenv("STYLESMITH_TEST_PROCESSES", raising=False)  # deploy/check's own
    assert unknown_settings() == ["STYLESMITH_MASTODON_TOKN"]
