"""What the bot is put together from, and what it refuses to be."""

import subprocess
import sys

import pytest

from bot.wiring import Unready, check_redis


@pytest.mark.parametrize(
    "url", ["redis://example.org:6379/0", "redis://10.0.0.7/0", "redis+sentinel://localhost,10.0.0.7/name/0"]
)
def test_a_redis_elsewhere_without_a_password_is_refused(url: str) -> None:
    with pytest.raises(Unready):
        check_redis(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "unix:///run/redis.sock",
        "redis://localhost/0",
        "redis://:pw@example.org/0",
        "redis+sentinel://127.0.0.1:1,localhost:2/name/0",
        "redis+sentinel://:pw@one.example,two.example/name/0",
    ],
)
def test_a_redis_nearby_or_with_a_password_is_taken(url: str) -> None:
    check_redis(url)


def test_the_bot_never_imports_torch() -> None:
    program = "import bot.wiring, bot.cli.bot, sys; sys.exit('torch' in sys.modules)"
    subprocess.run([sys.executable, "-c", program], check=True)
