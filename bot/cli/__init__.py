"""The command `stylesmith`: one file a noun, imported only when it is named, so that `--help` is quick."""

import errno
import sys
from collections.abc import Mapping
from contextlib import suppress
from importlib import import_module
from importlib.metadata import version
from typing import Any, Final

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from worker.process.standard_streams import NotPrinted, standard_streams

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
    "doctor": "Check whether the bot would start and answer, and say what to do where not.",
}


HELP: Final = ["-h", "--help"]


class Nouns(TyperGroup):
    """Knows every noun by its one line, and imports the one that is used."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.commands = {noun: TyperCommand(noun, help=line) for noun, line in NOUNS.items()}

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[Any, Any, list[str]]:
        """The noun's own commands in place of its line."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, _own(name) if command is not None and name else command, rest

    def invoke(self, ctx: Any) -> Any:
        """Runs the command; what is wrong with an option is said without the words of the library that found out."""
        try:
            return super().invoke(ctx)
        except typer.BadParameter as error:
            error.message = error.message.removeprefix("Value error, ")
            raise


def _own(noun: str) -> Any:
    """A noun's module holds either `app`, with verbs, or one function of the noun's name."""
    module = import_module(f"bot.cli.{noun}")
    app = getattr(module, "app", None)
    if app is None:
        app = typer.Typer(add_completion=False)
        app.command()(getattr(module, noun))
    return _plain(get_command(app))


def _plain(command: Any) -> Any:
    """A command whose help names no type of Python's: nothing after flags and arguments, else NUMBER, TEXT or PATH."""
    for each in command.get_params(typer.Context(command, help_option_names=HELP)):
        shown = each.display_type_rich(typer.Context(command)) or ""
        if each.param_type_name == "argument":
            each.display_type_rich = lambda ctx: None
        elif getattr(each, "is_flag", False):
            each.metavar = ""
        elif shown.startswith(("<int", "<float")):
            each.metavar = "NUMBER"
        elif each.metavar is None and shown in _NAMES:
            each.metavar = _NAMES[shown]
    for verb in getattr(command, "commands", {}).values():
        _plain(verb)
    return command


_NAMES: Final = {"<str>": "TEXT", "<path>": "PATH"}

_stylesmith = typer.Typer(
    cls=Nouns, no_args_is_help=True, pretty_exceptions_enable=False, context_settings={"help_option_names": HELP}
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(version("stylesmith"))
        raise typer.Exit


_VERSION: Final = typer.Option(
    False, "--version", help="Show the version and end.", is_eager=True, callback=_show_version
)


@_stylesmith.callback()
def stylesmith(*, show_version: bool = _VERSION) -> None:
    """Stylesmith: mention it with a photo and a painting; it answers with the photo painted in that style."""


def main() -> None:
    try:
        with standard_streams():
            _plain(get_command(_stylesmith))(prog_name="stylesmith")
    except NotPrinted as error:
        why = "it is closed" if error.errno == errno.EBADF else error.strerror
        with suppress(OSError):
            typer.echo(f"The output cannot be written ({why}); make room, or send it elsewhere.", err=True)
        sys.exit(1)
