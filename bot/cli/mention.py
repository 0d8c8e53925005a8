"""`stylesmith mention`: what became of mentions, and taking one up again."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from bot.cli.audit import Yes, confirm
from bot.cli.connections import open_ledger, settings
from bot.cli.output import AsJson, ago, give_up, say
from bot.cli.tables import Listing, facts, show
from bot.ledger import JobRow, Ledger, Row, StaleRow, State, Unreadable
from bot.ledger.rows import ENDS
from bot.ledger.store import Access

app = typer.Typer(no_args_is_help=True, add_completion=False, help="See what became of mentions, or take one up again.")

_HEADINGS = ["mention", "platform", "state", "reason", "by", "seen", "changed"]

MentionId = Annotated[str, typer.Argument(metavar="ID", help="As `mention list` shows it.")]
Platform = Annotated[str, typer.Option(help="Where, if the id is known on several platforms.")]


@app.command("list")
def show_all(
    *,
    state: Annotated[list[State] | None, typer.Option(help="Only these; may be given again.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="The newest so many.")] = 30,
    json: AsJson = False,
) -> None:
    """The newest mentions and where they stand."""
    with open_ledger(settings().data_dir) as ledger:
        rows = ledger.recent(limit, *(state or ()))
    shown = [
        (r.id, r.platform, r.state, r.reason, r.mention.author.handle, _ago(r.recorded_at), _ago(r.changed_at))
        for r in rows
    ]
    show(lambda: Listing(_HEADINGS, shown, list(map(_plain, rows))), as_data=json)


@app.command("show")
def show_one(mention_id: MentionId, *, platform: Platform = "", json: AsJson = False) -> None:
    """Everything about one mention: its jobs, its pictures, our posts."""
    with open_ledger(settings().data_dir) as ledger:
        row = _find(ledger, mention_id, platform)
        jobs, posts = _jobs(ledger, row), ledger.posts(row.platform, row.id)
    about = _plain(row) | {
        "jobs": [{"id": job.job.id, "outcome": job.outcome, "painting": job.painting} for job in jobs],
        "posts": [{"id": post.id, "kind": post.kind} for post in posts],
    }
    facts(about, as_data=json)


@app.command()
def replay(mention_id: MentionId, *, platform: Platform = "", yes: Yes = False) -> None:
    """Take a mention that was declined, failed, withdrawn or ignored through everything once more."""
    chosen = settings()
    with open_ledger(chosen.data_dir, Access.WRITE) as ledger:
        row = _find(ledger, mention_id, platform)
        if row.state is State.ANSWERED:
            give_up(
                f"Mention {mention_id} was answered; there is one answer to a mention. Its author can reply 'again'."
            )
        if row.state not in ENDS:
            give_up(f"Mention {mention_id} is {row.state}; the bot is still working on it.")
        if not row.mention.author.id:
            give_up("What this mention said was removed; there is nothing to take up again.")
        action = f"take mention {mention_id} through everything once more, and answer it"
        confirm(yes, action, chosen.data_dir, "mention replay", f"{row.platform}:{row.id}")
        try:
            ledger.replay(row)
        except StaleRow:
            give_up(
                f"Mention {mention_id} changed just now; nothing was done. Look again with `stylesmith mention show`."
            )
        say("It is new again; a running bot takes it up within seconds.")


def _find(ledger: Ledger, mention_id: str, platform: str) -> Row:
    found = [row for name in ([platform] if platform else ["mastodon", "x"]) if (row := ledger.get(name, mention_id))]
    if len(found) != 1:
        none = f"The ledger has no mention {mention_id}; `stylesmith mention list` shows the newest."
        give_up("Several platforms have a mention of this id; say which with --platform." if found else none)
    return found[0]


def _jobs(ledger: Ledger, row: Row) -> list[JobRow]:
    try:
        return ledger.jobs(row)
    except Unreadable:
        say("A newer Stylesmith wrote down what is painted for it; this one cannot read that.")
        return []


def _plain(row: Row) -> dict[str, Any]:
    return {
        "platform": row.platform, "id": row.id, "state": row.state, "reason": row.reason,
        "author": row.mention.author.handle, "text": row.mention.text, "seen": _time(row.recorded_at),
        "changed": _time(row.changed_at), "due": _time(row.due_at), "tries": row.tries, "attempts": row.attempts,
        "replays": row.round, "answer": asdict(row.answer) if row.answer else None,
        "options": row.plan.options.model_dump(mode="json", exclude_defaults=True) if row.plan else None,
        "photos": row.plan.photos if row.plan else (),
    }  # fmt: skip


def _time(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")


def _ago(at: float) -> str:
    return ago(datetime.fromtimestamp(at, UTC))
