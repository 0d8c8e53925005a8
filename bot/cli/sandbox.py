"""`stylesmith sandbox`: a small Mastodon on this machine, with a page, to talk to the bot without an account."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.connections import house_styles
from bot.sandbox.samples import house_styles as samples
from bot.sandbox.serve import serve

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
    directory = data_dir.expanduser()
    typer.echo(f"The sandbox is starting; {directory / 'access.json'} has its address and tokens.", err=True)
    serve(directory, host, port, redis_url, styles=samples(house_styles()), public_url=public_url)
