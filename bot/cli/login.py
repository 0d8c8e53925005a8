"""`stylesmith login mastodon` and `login x`: let the bot use an account, and keep the secrets to their owner."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.login_x import login_x
from bot.cli.operator import ask, give_up, say
from bot.cli.secret_files import SECRETS, write_secret
from bot.errors import NotSent, PlatformError, RateLimited, Refused, Unauthorized, Unknown
from bot.platforms.mastodon.client import MastodonClient
from bot.platforms.mastodon.setup import Introduced, Registration, introduce

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Let the bot use an account.")
app.command("x")(login_x)

_FILE = SECRETS / "mastodon_token"


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
    path = file.expanduser()
    with _takes_part(url, "is the address right, such as https://mastodon.social?"):
        registration = Registration(url)
        page = registration.page()
    say("Open this address as the bot's account, and allow Stylesmith:")
    # Whole, whatever its length; `say` shortens.
    typer.echo(page, err=True)
    code = ask("Code")
    with _takes_part(url, "copy the whole code, which works once and for ten minutes, and try again."):
        token = registration.token(code)
    write_secret(path, token)
    if set_up:
        with _takes_part(url, f"the token is in {path}; run this again to set the account up."):
            _tell(introduce(MastodonClient(registration.url, token)))
    say(f"Done: the token is in {path}. Put these lines into .env:")
    typer.echo(f"STYLESMITH_MASTODON_URL={registration.url}")
    typer.echo(f"STYLESMITH_MASTODON_TOKEN_FILE={path}")


@contextmanager
def _takes_part(url: str, advice: str) -> Iterator[None]:
    """Ends the command with what the server did instead, in words, and `advice`."""
    try:
        yield
    except PlatformError as error:
        why = next((words for kind, words in _WORDS.items() if isinstance(error, kind)), "it did not answer")
        give_up(f"{url} did not take part: {why}; {advice}")


_WORDS: Mapping[type[PlatformError], str] = {
    Unauthorized: "it did not accept that",
    RateLimited: "it wants no more requests for now",
    Refused: "it refused that",
    NotSent: "no server was reached there",
    Unknown: "what answers there is no Mastodon server, or one in trouble",
}


def _tell(account: Introduced) -> None:
    bio = "has a bio that says how to ask" if account.note_written else "keeps its bio; say there how to ask"
    say(f"@{account.handle} is marked as a bot and {bio}. Say in it who runs the bot.")
    if not account.policy:
        say("This server has no notification policy that could be opened; strangers' mentions may be hidden.")
