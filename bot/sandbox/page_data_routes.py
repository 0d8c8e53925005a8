"""What the page asks beyond the client API: who you are on it, threads with the state of each wish, and previews."""

import sqlite3
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from bot.pictures.formats import OPENED
from bot.pictures.limits import Limits
from bot.sandbox.attachments import LIMIT_BYTES
from bot.sandbox.calls import Call, Routes
from bot.sandbox.database import Slice
from bot.sandbox.errors import not_found
from bot.sandbox.page_words import language_of
from bot.sandbox.posts import MAX_MEDIA
from bot.sandbox.samples import Sample
from bot.sandbox.server import BOT, PERSON, Server

_UNSAVED = {"Cache-Control": "no-store"}
_MOST_THREADS = 200
_MOST_POSTS = 1000
_OPEN_FOR_S = 2 * 3600
"""A request without an answer is shown as waiting for so long."""

routes = Routes()


@routes("GET /sandbox/session")
async def session(call: Call) -> Response:
    """The token that the page uses. Whoever can open the page may speak as its person."""
    state, language = call.request.app.state, language_of(call.request)
    return JSONResponse(
        {
            "token": state.page_token, "handle": PERSON, "bot": BOT, "limits": _limits(),
            **{kind: [_sample(one, kind, language) for one in samples] for kind, samples in state.samples.items()},
        },
        headers=_UNSAVED | {"Vary": "Accept-Language"},
    )  # fmt: skip


def _limits() -> dict[str, Any]:
    """What the bot and this server take, so that anything else is said before it is sent."""
    limits = Limits()
    return {
        "types": sorted(OPENED), "bytes": min(LIMIT_BYTES, limits.input_bytes), "pixels": limits.pixels,
        "jpeg_pixels": limits.jpeg_pixels, "shortest": limits.shortest_px, "ratio": limits.ratio, "pictures": MAX_MEDIA,
    }  # fmt: skip


def _sample(sample: Sample, folder: str, language: str) -> dict[str, str]:
    address = f"/sandbox/{folder}/{sample.name}"
    return {
        "name": sample.name, "title": sample.title.get(language, sample.name), "credit": sample.credit,
        "says": sample.calls.get(language, ""), "thumbnail": address, "picture": f"{address}?whole",
    }  # fmt: skip


@routes("GET /sandbox/threads")
async def threads(call: Call) -> Response:
    """The threads by their first post, newest first, each with its replies and where its paintings stand."""
    me, part = call.account("read:statuses"), call.parameters.slice(20, _MOST_THREADS)
    one_more = Slice(part.limit + 1, part.max_id)
    roots = call.sandbox.posts.listed("id = root AND boost_of IS NULL", [], one_more, me)
    return await _answer(call, roots[: part.limit], me, older=len(roots) > part.limit)


@routes("GET /sandbox/threads/{id:int}")
async def thread(call: Call) -> Response:
    """The whole thread of a post, or what is left of it where its first post is gone."""
    me, posts = call.account("read:statuses"), call.sandbox.posts
    row = call.post(me)
    root = posts.get(row["root"])
    return await _answer(call, [root if root and posts.may_see(root, me) else row], me, older=False)


async def _answer(call: Call, roots: list[sqlite3.Row], me: int, *, older: bool) -> Response:
    sandbox = call.sandbox
    shown = [_thread(sandbox, root, me) for root in roots]
    await run_in_threadpool(_fill, call, shown)
    painters = await run_in_threadpool(sandbox.progress.workers) if sandbox.progress else 0
    answer = {
        "threads": shown, "older": older, "bot_here": sandbox.presence.here(sandbox.bot),
        "queue": sandbox.progress is not None, "painters": painters,
    }  # fmt: skip
    return JSONResponse(answer, headers=_UNSAVED)


def _thread(sandbox: Server, root: sqlite3.Row, me: int) -> dict[str, Any]:
    rows = [root, *sandbox.posts.descendants(root, me)]
    reached = {row["id"] for row in rows}
    # Answers to a deleted post have no parent: they stand at the end, or the answer "deleted" would be unseen.
    below = sandbox.posts.listed("root = ?", [root["id"]], Slice(_MOST_POSTS), me)
    rows += [row for row in reversed(below) if row["id"] not in reached]
    return {"id": str(root["id"]), "posts": [_entry(sandbox, row, me) for row in rows]}


def _entry(sandbox: Server, row: sqlite3.Row, me: int) -> dict[str, Any]:
    """A post as `me` may see it; `open` while it asks something of the bot and waits for the answer."""
    bot = sandbox.bot
    named = sandbox.database.row("SELECT 1 FROM named WHERE post = ? AND account = ?", row["id"], bot) is not None
    answered = sandbox.accounts.related("answer", bot, row["id"])
    fresh = sandbox.database.now() - row["created_at"] < _OPEN_FOR_S
    return {
        "status": sandbox.entities.status(row, me), "by_bot": row["account"] == bot,
        "accepted": sandbox.accounts.related("favourite", bot, row["id"]),
        "open": row["account"] != bot and named and not answered and fresh, "stages": [],
    }  # fmt: skip


def _fill(call: Call, found: list[dict[str, Any]]) -> None:
    """Ask the queue about every request that is still open."""
    progress = call.sandbox.progress
    for asking in (entry for thread in found for entry in thread["posts"] if entry["open"]):
        asking["stages"] = progress.stages(int(asking["status"]["id"])) if progress else []


@routes("GET /sandbox/preview/{key:str}")
async def preview(call: Call) -> Response:
    progress, key = call.sandbox.progress, call.request.path_params["key"]
    data = await run_in_threadpool(progress.preview, key) if progress else None
    if data is None:
        raise not_found()
    headers = {"Cache-Control": "private, max-age=600", "X-Content-Type-Options": "nosniff"}
    return Response(data, media_type="image/jpeg", headers=headers)
