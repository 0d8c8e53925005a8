"""`stylesmith login x`: walk through X's PIN flow and write the four keys to files that only their owner can read."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.output import ask, give_up, say
from bot.cli.secret_files import SECRETS, write_secret
from bot.errors import Unauthorized
from bot.platforms.x.pin import fetch_keys


def login_x(
    *,
    directory: Annotated[Path, typer.Option(help="Where the four keys are written.")] = SECRETS,
    url: Annotated[str, typer.Option(envvar="STYLESMITH_X_URL", help="Another address of X's API.", hidden=True)] = "",
) -> None:
    """Let the bot post as your X account: shows an address, asks for the PIN, writes the keys."""
    say("In X's developer console, create an app with read and write permission (OAuth 1.0a), and copy its two keys.")
    consumer_key = ask("API key")
    consumer_secret = typer.prompt("API key secret", err=True, hide_input=True).strip()
    try:
        keys = fetch_keys(consumer_key, consumer_secret, _ask_pin, url)
    except Unauthorized:
        give_up("X did not accept that. Check the two keys, that the app may read and write, and the PIN.")
    folder = directory.expanduser()
    for name, secret in asdict(keys).items():
        write_secret(folder / f"x_{name}", secret)
    say(f"Done: the keys of account {keys.user_id} are in {folder}. Put these lines into .env:")
    for name in asdict(keys):
        typer.echo(f"STYLESMITH_X_{name.upper()}_FILE={folder / f'x_{name}'}")
    say("Then set the account's 'Automated' label, and say in its bio that it is a bot and who runs it.")


def _ask_pin(address: str) -> str:
    say("Open this address as the bot's account, and allow the app:")
    say(address)
    return ask("PIN")
