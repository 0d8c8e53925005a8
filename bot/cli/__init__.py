"""The command `stylesmith`: one file a noun, imported only when it is named, so that `--help` is quick."""

import sys
from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import version
from typing import Final

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

NOUNS: Final[Mapping[str, str]] = {
    "demo": "Try everything on this machine: somebody mentions the bot, it paints, it answers.",
    "render": "Paint pictures on this machine, without a queue or an account.",
    "bot": "Listen to mentions and answer them.",
    "worker": "Paint whatever comes; `worker list` shows who does.",
    "queue": "See and mend the queue of paintings.",
    "style": "See the house styles, and which suits a photo.",
    "mention": "See what became of mentions, or take one up again.",
    "person": "Forget a person.",
    "sandbox": "A small Mastodon on this machine, with a page to talk to the bot.",
    "login": "Let the bot use an account.",
    "doctor": "Check settings, Redis, credentials, device, weights and disk.",
}


class Nouns(TyperGroup):
    """Knows every noun by its one line, and imports the one that is used."""

    def list_commands(self, ctx: object) -> list[str]:
        return list(NOUNS)

    def get_command(self, ctx: object, cmd_name: str) -> TyperCommand | None:
        return TyperCommand(cmd_name, help=NOUNS[cmd_name]) if cmd_name in NOUNS else None

    def resolve_command(self, ctx, args):  # type: ignore[no-untyped-def]  # Typer keeps its classes to itself
        """The noun's own commands in place of its line."""
        self.commands = {name: TyperCommand(name) for name in NOUNS}
        name, command, rest = super().resolve_command(ctx, args)
        return name, _own(name) if command is not None and name else command, rest


def _own(noun: str):  # type: ignore[no-untyped-def]  # Typer keeps its classes to itself
    """A noun's module holds either `app`, with verbs, or one function of the noun's name."""
    module = import_module(f"bot.cli.{noun}")
    app = getattr(module, "app", None)
    if app is None:
        app = typer.Typer(add_completion=False)
        app.command()(getattr(module, noun))
    return get_command(app)


_stylesmith = typer.Typer(
    cls=Nouns,
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@_stylesmith.callback()
def stylesmith(*, show_version: bool = typer.Option(False, "--version", help="Show the version and end.")) -> None:
    """Stylesmith: mention it with a photo and a painting; it answers with the photo painted in that style."""
    if show_version:
        typer.echo(version("stylesmith"))
        raise typer.Exit


def main() -> None:
    """What the command runs."""
    if sys.argv[1:] == ["--version"]:
        typer.echo(version("stylesmith"))
        return
    _stylesmith(prog_name="stylesmith")
