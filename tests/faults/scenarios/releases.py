"""Rows of another release, a newer ledger, and another server under the same data."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bot.ledger.schema import FILE
from tests.faults.observations import HANDLE, pictures
from tests.faults.oracle import Ask
from tests.faults.proxy import Proxy, before
from tests.faults.scenarios.scenario import Context, Scenario

OFTEN = 0.12
"""Chance, at each mention, that another release was there."""


@dataclass(frozen=True)
class Damage:
    """One value of one row that this release cannot read, and what it was."""

    table: str
    column: str
    mention: str
    was: str
    now: str


def _newer(field: str, text: str) -> str:
    """With a field that this release does not know, somewhere inside."""
    value = json.loads(text)
    (value[field] if field else value)["grain"] = 3
    return json.dumps(value)


_ROWS: dict[tuple[str, str], Callable[[str], str]] = {
    ("mention", "mention"): lambda text: text[: len(text) // 2],
    ("mention", "plan"): lambda text: _newer("options", text),
    ("mention", "answer"): lambda text: json.dumps(json.loads(text) | {"about": "poem"}),
    ("mention", "state"): lambda text: "dreaming",
    ("job", "job"): lambda text: _newer("options", text),
    ("job", "outcome"): lambda text: json.dumps({"outcome": "half painted"}),
    ("post", "kind"): lambda text: "story",
}


class Releases(Scenario):
    """The program goes back to this release and forth again; others are answered all the while."""

    name = "releases"

    def __init__(self) -> None:
        self._damages: list[Damage] = []

    def settings(self) -> dict[str, str]:
        return {"SKETCH_S": "0.5"}

    def ask(self, context: Context, number: int) -> None:
        who = f"person{number % 20}"
        context.asked(Ask(context.world.write(who, HANDLE, pictures(number)), who, pictures=True))

    def meanwhile(self, context: Context) -> None:
        if len(context.asks) in (context.run.mentions // 4, context.run.mentions // 2):
            self._newer_ledger(context)
        elif context.dice.random() < OFTEN or len(context.asks) == context.run.mentions // 3:
            self._another_release(context)

    def _another_release(self, context: Context) -> None:
        """One open row of each table is as a newer release may have left it."""
        with _no_bot(context) as db:
            kinds = list(_ROWS.items())
            context.dice.shuffle(kinds)
            for (table, column), changed in kinds:
                found = db.execute(_ONE[table].format(column=column)).fetchone()
                if found is None or any(damage.mention == found[0] for damage in self._damages):
                    continue
                mention, was = found
                damage = Damage(table, column, mention, was, changed(was))
                self._damages.append(damage)
                context.deeds[f"{table}.{column}"] += 1
                context.asks[mention].kind = f"damaged {table}.{column}"
                _write(db, damage, damage.now)
                if context.dice.random() < 0.5:
                    return

    def _newer_ledger(self, context: Context) -> None:
        """The bot does not start on it, and says so in a sentence; nor does a command change it."""
        with _no_bot(context) as db:
            (version,) = db.execute("PRAGMA user_version").fetchone()
            db.execute("PRAGMA user_version = 99")
            db.commit()
            for words in (("mention", "list"), ("bot",)):
                done = context.command(*words)
                if done.returncode == 0 or "Traceback" in done.stderr:
                    context.complaints.append(f"a newer ledger: {words} ended with {done.returncode}: {done.stderr}")
            db.execute(f"PRAGMA user_version = {version}")

    def calm(self, context: Context) -> None:
        """The newer release is there again, and reads what it wrote; before it, an operator looks."""
        looked = context.command("mention", "list", "--limit", "10000")
        if looked.returncode or "Traceback" in looked.stderr:
            context.complaints.append(f"mention list ended with {looked.returncode}: {looked.stderr[-500:]}")
        super().calm(context)
        with _no_bot(context) as db:
            for damage in self._damages:
                _write(db, damage, damage.was)


class Moved(Scenario):
    """The bot's account moves to another server: what is asked there is answered, what was asked before is let be."""

    name = "moved"
    platforms = ("mastodon",)
    """An account on X has the same id wherever its API is."""

    def ask(self, context: Context, number: int) -> None:
        if number == context.run.mentions // 2:
            self._move(context)
        who = f"person{number % 20}"
        context.asked(Ask(context.world.write(who, HANDLE, pictures(number)), who, pictures=True))

    def _move(self, context: Context) -> None:
        context.until(lambda: self.ready(context), 60)
        looks = context.log().count("first look")
        proxy: Proxy = context.stack.enter_context(before(context.world.address))
        context.installed.bot.environment |= context.world.at(proxy.address)
        context.installed.bot.kill()
        if not context.until(lambda: context.log().count("first look") > looks, 120):
            context.complaints.append("it did not look around at the new server")


_ONE = {
    "mention": "SELECT id, {column} FROM mention WHERE {column} IS NOT NULL AND state IN ('new', 'ready', 'queued',"
    " 'decided', 'posting') ORDER BY random() LIMIT 1",
    "job": "SELECT m.id, j.{column} FROM job j JOIN mention m ON m.id = j.mention WHERE j.{column} <> ''"
    " AND m.state IN ('new', 'ready', 'queued', 'decided', 'posting') ORDER BY random() LIMIT 1",
    "post": "SELECT mention, {column} FROM post ORDER BY random() LIMIT 1",
}


def _write(db: sqlite3.Connection, damage: Damage, value: str) -> None:
    key = "id" if damage.table == "mention" else "mention"
    other = damage.was if value == damage.now else damage.now
    db.execute(
        f"UPDATE {damage.table} SET {damage.column} = ? WHERE {key} = ? AND {damage.column} = ?",
        (value, damage.mention, other),
    )


@contextmanager
def _no_bot(context: Context) -> Iterator[sqlite3.Connection]:
    """The ledger while no bot has it."""
    installed = context.installed
    installed.minding = False
    installed.bot.kill()
    db = sqlite3.connect(installed.folder / "data" / FILE)
    try:
        yield db
        db.commit()
    finally:
        db.close()
        installed.minding = True
