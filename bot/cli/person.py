"""`stylesmith person`: forget a person."""

from typing import Annotated

import typer

from bot.cli.audit import Yes, confirm
from bot.cli.connections import open_ledger, settings
from bot.cli.output import give_up, say
from bot.ledger.store import Access

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Forget a person.")


@app.callback()
def person() -> None:
    """Forget a person."""


@app.command()
def forget(
    handle: Annotated[str, typer.Argument(help="As they are mentioned: name@host; or the id of their account.")],
    *,
    yes: Yes = False,
) -> None:
    """Delete our replies to them, their pictures and paintings, and what they asked; ids stay so nothing is redone."""
    chosen = settings()
    with open_ledger(chosen.data_dir, Access.WRITE) as ledger:
        people = ledger.people(handle.removeprefix("@"))
        if not people:
            give_up(f"The ledger knows nothing of {handle}.")
        action = f"delete our replies to {handle}, their pictures and paintings, and what they asked"
        confirm(yes, action, chosen.data_dir, "person forget", *(f"{where}:{author}" for where, author in people))
        for platform, author in people:
            ledger.erasure.forget(platform, author)
        say("Marked. The bot removes replies and pictures within the hour, if it is running.")
