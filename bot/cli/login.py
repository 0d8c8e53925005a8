"""`stylesmith login mastodon` and `login x`: let the bot use an account, and keep the secrets to their owner."""

import os
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.login_x import login_x
from bot.cli.operator import give_up, say
from bot.errors import PlatformError
from bot.platforms.mastodon.client import Line
from bot.platforms.mastodon.setup import Introduced, Registration, introduce

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Let the bot use an account.")
app.command("x")(login_x)

_FILE = Path("~/.local/share/stylesmith/secrets/mastodon_token")


@app.command("mastodon")
def login_mastodon(
    url: Annotated[
        str, typer.Argument(envvar="STYLESMITH_MASTODON_URL", help="The server, as https://mastodon.social")
    ],
    *,
    file: Annotated[Path, typer.Option(help="Where the token is written, readable by you alone.")] = _FILE,
    set_up: Annotated[bool, typer.Option(help="Also mark the account as a bot, with a bio and open mentions.")] = True,
) -> None:
    """Let the bot use your Mastodon account: shows an address, asks for the code, writes the token."""
    try:
        registration = Registration(url)
        say("Open this address as the bot's account, and allow Stylesmith:")
        # Whole, whatever its length; `say` shortens.
        typer.echo(registration.page(), err=True)
        token = registration.token(typer.prompt("Code", err=True))
        path = file.expanduser()
        _write(path, token)
        if set_up:
            _tell(introduce(Line(registration.url, token)))
    except PlatformError as error:
        give_up(f"{url} did not take part: {error}. Check the address and the code, and try again.")
    say(f"Done: the token is in {path}. Put these lines into .env:")
    typer.echo(f"STYLESMITH_MASTODON_URL={registration.url}")
    typer.echo(f"STYLESMITH_MASTODON_TOKEN_FILE={path}")


def _tell(account: Introduced) -> None:
    bio = "has a bio that says how to ask" if account.note_written else "keeps its bio; say there how to ask"
    say(f"@{account.handle} is marked as a bot and {bio}. Say in it who runs the bot.")
    if not account.policy:
        say("This server has no notification policy that could be opened; strangers' mentions may be hidden.")


def _write(path: Path, secret: str) -> None:
    """Mode 600 from its first byte on."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(secret + "\n")
