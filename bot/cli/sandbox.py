"""`stylesmith sandbox`: a small Mastodon on this machine, with a page, to talk to the bot without an account."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer
from pydantic import SecretStr

from bot.cli.addresses import listening
from bot.cli.connections import checked, house_styles
from bot.cli.output import give_up, say
from bot.cli.sentences import why_no_folder
from bot.ledger.lock import EXIT_LOCKED, Locked, lock
from bot.sandbox.progress import PaintingProgress
from bot.sandbox.samples import house_styles as samples
from bot.sandbox.serve import serve
from worker.process.settings import SharedSettings

_DIRECTORY = Path("~/.local/share/stylesmith/sandbox")


def sandbox(
    *,
    host: Annotated[
        str, typer.Option(help="Address to listen on; anything but loopback lets others in.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one; access.json says which.")] = 8080,
    data_dir: Annotated[Path, typer.Option(help="Its posts, pictures, and access.json with the tokens.")] = _DIRECTORY,
    redis_url: Annotated[
        str, typer.Option(envvar="STYLESMITH_REDIS_URL", help="The bot's Redis, to show how far a painting is.")
    ] = "",
    public_url: Annotated[str, typer.Option(help="Its address as others see it, behind a proxy.")] = "",
) -> None:
    """A small Mastodon on this machine, with a page to talk to the bot."""
    _check_public(public_url)
    checked(SharedSettings, redis_url=SecretStr(redis_url))
    styles, directory = samples(house_styles()), _folder(data_dir)
    progress = PaintingProgress(redis_url) if redis_url else None
    listener, address = listening(host, port)
    with listener, _held(directory):
        serve(
            directory, listener, public_url or address, progress, styles=styles,
            ready=lambda: say(f"The sandbox is starting; {directory / 'access.json'} has its address and tokens."),
        )  # fmt: skip


def _check_public(url: str) -> None:
    """Ends the command unless this is an address for a browser, or nothing."""
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("unusable")
    if url and not (parts.scheme in ("http", "https") and parts.netloc):
        give_up("--public-url: this has to be an address such as https://sandbox.example.", 2)


def _folder(named: Path) -> Path:
    try:
        return named.expanduser()
    except RuntimeError:
        give_up(f"{named}: there is no such user; name another folder with --data-dir.", 2)


@contextmanager
def _held(directory: Path) -> Iterator[None]:
    """The folder for this sandbox alone; ends the command where another has it, or where nothing can be kept in it."""
    try:
        with lock(directory):
            yield
    except Locked:
        give_up(f"{directory} is used by another sandbox or bot; name another folder with --data-dir.", EXIT_LOCKED)
    except (OSError, sqlite3.Error) as error:
        give_up(f"{directory} cannot keep the sandbox's data ({_why(error)}); name another folder with --data-dir.", 2)


def _why(error: OSError | sqlite3.Error) -> str:
    return why_no_folder(error) if isinstance(error, OSError) else str(error)
