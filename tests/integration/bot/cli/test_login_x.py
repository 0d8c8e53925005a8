"""`stylesmith login x` against the fake X: the PIN flow, the files, and a bot that can post with them."""

from pathlib import Path

import typer
from typer.testing import CliRunner

from bot.cli.login import login_x
from bot.platforms.x.adapter import X
from bot.platforms.x.client import XClient
from bot.platforms.x.http import Keys
from bot.platforms.x.spending import Spending
from tests.fakes.x import FakeX, running

app = typer.Typer()
app.command()(login_x)


def login(fake: FakeX, folder: Path, typed: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["--directory", str(folder), "--url", fake.address], input=typed)
    return result.exit_code, result.output


def test_the_pin_flow_writes_keys_that_work_and_that_only_their_owner_reads(tmp_path: Path) -> None:
    with running() as fake:
        status, shown = login(fake, tmp_path / "secrets", "key\nkey-secret\n 1234567 \n")
        assert status == 0, shown
        files = {path.name: path for path in (tmp_path / "secrets").iterdir()}
        assert {path.stat().st_mode & 0o777 for path in files.values()} == {0o600}
        names = ("x_consumer_key", "x_consumer_secret", "x_access_token", "x_access_secret")
        keys = Keys(*(files[name].read_text().strip() for name in names))
        assert keys.user_id == fake.world.own
        assert X(XClient(keys, fake.address), Spending(1)).newest() == "1"
    assert f"STYLESMITH_X_ACCESS_TOKEN_FILE={files['x_access_token']}" in shown
    assert not any(secret in shown for secret in ("key-secret", "access-secret", "9000-token"))


def test_a_wrong_pin_writes_nothing_and_says_what_to_check(tmp_path: Path) -> None:
    with running() as fake:
        status, shown = login(fake, tmp_path / "secrets", "key\nkey-secret\n7654321\n")
    assert status == 1
    assert "PIN" in shown
    assert not (tmp_path / "secrets").exists()
