"""`stylesmith login mastodon` and `login x`: let the bot use an account, and keep the secrets to their owner."""

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.output import ask, give_up, say
from bot.errors import NotSent, PlatformError, RateLimited, Refused, Unauthorized, Unknown
from bot.platforms.mastodon.client import MastodonClient
from bot.platforms.mastodon.setup import SCOPES, WIDE_SCOPES, Introduced, Registration, introduce, suffices
from bot.platforms.x.http import fetch_keys
from worker.process.files import write_whole

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Let the bot use an account.")

SECRETS = Path(os.environ.get("STYLESMITH_DATA_DIR") or "~/.local/share/stylesmith") / "secrets"
"""Beside the ledger: the one place that can be written in a container, too."""
_FILE = SECRETS / "mastodon_token"
_PRINTED = Path("-")


@app.command("mastodon")
def login_mastodon(
    url: Annotated[
        str, typer.Argument(envvar="STYLESMITH_MASTODON_URL", help="The server, as https://mastodon.social")
    ],
    *,
    file: Annotated[Path, typer.Option(help="Where the token is written, for you alone; - prints it.")] = _FILE,
    set_up: Annotated[bool, typer.Option(help="Also mark the account as a bot, with a bio and open mentions.")] = True,
) -> None:
    """Let the bot use your Mastodon account: shows an address, asks for the code, writes the token.

    Tried with GoToSocial 0.16 and Takahe 0.11 beside Mastodon's API itself; Pleroma and Akkoma speak it, too.
    """
    path = file.expanduser()
    if path != _PRINTED and not _takes_secret(path):
        give_up(f"{path} cannot be written; --file names another place, and --file - prints the token.")
    token, address = _granted(url)
    if path == _PRINTED:
        typer.echo(token)
    else:
        _write_secret(path, token)
    if set_up:
        with _explained(url, "the token works and is kept; run this again to set the account up."):
            _tell(introduce(MastodonClient(address, token)))
    say(f"Done: the token is {'printed' if path == _PRINTED else f'in {path}. Put these lines into .env:'}")
    if path != _PRINTED:
        typer.echo(f"STYLESMITH_MASTODON_URL={address}")
        typer.echo(f"STYLESMITH_MASTODON_TOKEN_FILE={path}")


def _granted(url: str) -> tuple[str, str]:
    """A token that the server was seen to take, and the server's address; ends the command where there is none."""
    for scopes in (SCOPES, WIDE_SCOPES):
        address, token = _walk(url, scopes)
        with _explained(url, "nothing was written; is this account allowed to sign in there?"):
            if suffices(MastodonClient(address, token)):
                return token, address
        if scopes is SCOPES:
            say(f"{url} knows no narrow scopes, so the bot has to ask for `{' '.join(WIDE_SCOPES)}`. Once more:")
    give_up(f"{url} gave a token and lets it do nothing, even with `{' '.join(WIDE_SCOPES)}`; nothing was written.")


def _walk(url: str, scopes: Sequence[str]) -> tuple[str, str]:
    """Server's address and token: the app, the page, the code."""
    with _explained(url, "is the address right, such as https://mastodon.social?"):
        registration = Registration(url, scopes)
        page = registration.page()
    say("Open this address as the bot's account, and allow Stylesmith:")
    # Whole, whatever its length; `say` shortens.
    typer.echo(page, err=True)
    code = ask("Code")
    with _explained(url, "copy the whole code, which works once and for ten minutes, and try again."):
        return registration.url, registration.token(code)


@contextmanager
def _explained(url: str, advice: str) -> Iterator[None]:
    """Ends the command with what the server did instead, in words, and `advice`."""
    try:
        yield
    except PlatformError as error:
        why = next((words for kind, words in _WORDS.items() if isinstance(error, kind)), "it did not answer")
        give_up(f"{url} did not let the bot in: {why}; {advice}")


_WORDS: Mapping[type[PlatformError], str] = {
    Unauthorized: "it did not accept that",
    RateLimited: "it wants no more requests for now",
    Refused: "it refused that",
    NotSent: "no server was reached there",
    Unknown: "what answers there is no Mastodon server, or one in trouble",
}


def _tell(account: Introduced) -> None:
    bio = "has a bio that says how to ask" if account.note_written else "keeps its bio; say there how to ask"
    marked = "is marked as a bot" if account.bot else "cannot be marked as a bot on this server"
    say(f"@{account.handle} {marked} and {bio}. Say in it who runs the bot.")
    if not account.policy:
        say("This server has no notification policy that could be opened; strangers' mentions may be hidden.")


@app.command("x")
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
        _write_secret(folder / f"x_{name}", secret)
    say(f"Done: the keys of account {keys.user_id} are in {folder}. Put these lines into .env:")
    for name in asdict(keys):
        typer.echo(f"STYLESMITH_X_{name.upper()}_FILE={folder / f'x_{name}'}")
    say("Then set the account's 'Automated' label, and say in its bio that it is a bot and who runs it.")


def _ask_pin(address: str) -> str:
    say("Open this address as the bot's account, and allow the app:")
    say(address)
    return ask("PIN")


def _write_secret(path: Path, secret: str) -> None:
    """Write a file that only its owner can read, from its first byte on; it takes an older one's place."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_whole(path, f"{secret}\n".encode())


def _takes_secret(path: Path) -> bool:
    """Whether such a file could be written; asked before anybody goes to fetch the secret."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=path.parent):
            return not path.is_dir()
    except OSError:
        return False
