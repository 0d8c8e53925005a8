"""Finding people, posts and hashtags (docs.joinmastodon.org/methods/search and tags)."""

import re
from typing import Any

from starlette.responses import Response

from bot.sandbox.calls import Call, Routes
from bot.sandbox.database import Slice
from bot.sandbox.markup import tags
from bot.sandbox.server import Server

_MOST = 40
_POST_ADDRESS = re.compile(r"/@[^/]+/(\d{1,19})$")

routes = Routes()


@routes("GET /api/v2/search")
async def search(call: Call) -> Any:
    me, given, sandbox = call.viewer(), call.parameters, call.sandbox
    words, kind = given.text("q").strip(), given.text("type")
    limit = min(given.number("limit") or 20, _MOST)
    offset = given.number("offset") or 0
    found: dict[str, list[Any]] = {
        "accounts": _people(sandbox, words) if kind in ("", "accounts") else [],
        "statuses": _posts(sandbox, words, me) if kind in ("", "statuses") else [],
        "hashtags": _hashtags(sandbox, words) if kind in ("", "hashtags") else [],
    }
    return {name: rows[offset : offset + limit] for name, rows in found.items()}


@routes("GET /api/v1/accounts/search")
async def people(call: Call) -> Any:
    limit = min(call.parameters.number("limit") or _MOST, _MOST)
    return _people(call.sandbox, call.parameters.text("q").strip())[:limit]


def _people(sandbox: Server, words: str) -> list[Any]:
    """By handle, by name, or by the address of their page."""
    name = words.removeprefix(f"{sandbox.base}/").removeprefix("@").removesuffix(f"@{sandbox.host}")
    if not name:
        return []
    sql = "SELECT * FROM account WHERE instr(lower(acct), lower(?)) OR instr(lower(display_name), lower(?)) ORDER BY id"
    return [sandbox.entities.account(row) for row in sandbox.database.rows(sql, name, name)]


def _posts(sandbox: Server, words: str, me: int | None) -> list[Any]:
    """By what they say, or by their address; only for somebody who is signed in, as on Mastodon."""
    if not words or me is None:
        return []
    address = _POST_ADDRESS.search(words) if words.startswith(sandbox.base) else None
    where, value = ("id = ?", int(address[1])) if address else ("instr(lower(text), lower(?))", words)
    return [sandbox.entities.status(row, me) for row in sandbox.posts.listed(where, [value], Slice(_MOST), me)]


def _hashtags(sandbox: Server, words: str) -> list[Any]:
    rows = sandbox.database.rows("SELECT text FROM post WHERE visibility = 'public' AND instr(text, '#')")
    used = sorted({tag for row in rows for tag in tags(row["text"])})
    wanted = words.removeprefix("#").lower()
    return [_tag(sandbox, tag, False) for tag in used if wanted and tag.startswith(wanted)]


def _tag(sandbox: Server, name: str, following: bool) -> dict[str, Any]:
    return {**sandbox.entities.tag(name), "history": [], "following": following}


@routes("GET /api/v1/tags/{name}")
async def tag(call: Call) -> Any:
    me, name = call.viewer(), call.request.path_params["name"].lower()
    following = me is not None and call.sandbox.accounts.related(f"tag:{name}", me, 0)
    return _tag(call.sandbox, name, following)


@routes("POST /api/v1/tags/{name}/follow", "POST /api/v1/tags/{name}/unfollow")
async def follow_tag(call: Call) -> Any:
    me, name, accounts = call.account("write:follows"), call.request.path_params["name"].lower(), call.sandbox.accounts
    following = call.last_word == "follow"
    (accounts.relate if following else accounts.unrelate)(f"tag:{name}", me, 0)
    return _tag(call.sandbox, name, following)


@routes("GET /api/v1/followed_tags")
async def followed(call: Call) -> Any:
    sql = "SELECT kind FROM relation WHERE source = ? AND kind LIKE 'tag:%' ORDER BY kind"
    rows = call.sandbox.database.rows(sql, call.account("read:follows"))
    return [_tag(call.sandbox, row["kind"].removeprefix("tag:"), True) for row in rows]


@routes("GET /api/v1/timelines/tag/{name}")
async def timeline(call: Call) -> Response:
    me, name = call.viewer(), call.request.path_params["name"].lower()
    # A first sieve in SQL; the whole tag is compared here.
    where = "visibility = 'public' AND instr(lower(text), ?)"
    rows = call.sandbox.posts.listed(where, [f"#{name}"], call.parameters.slice(20, 40), me)
    return call.page([call.sandbox.entities.status(row, me) for row in rows if name in tags(row["text"])], rows)
