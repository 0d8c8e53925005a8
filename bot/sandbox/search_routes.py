"""Finding people, posts and hashtags (docs.joinmastodon.org/methods/search and tags)."""

import re
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.sandbox.markup import tags
from bot.sandbox.parameters import account, asked, links, viewer, world
from bot.sandbox.posts import Slice
from bot.sandbox.server import Server

_MOST = 40
_POST_ADDRESS = re.compile(r"/@[^/]+/(\d{1,19})$")


async def search(request: Request) -> Response:
    """GET /api/v2/search?q=."""
    me, asking, sandbox = viewer(request), await asked(request), world(request)
    words, kind = asking.text("q").strip(), asking.text("type")
    limit = min(asking.number("limit") or 20, _MOST)
    offset = asking.number("offset") or 0
    found: dict[str, list[Any]] = {
        "accounts": _people(sandbox, words) if kind in ("", "accounts") else [],
        "statuses": _posts(sandbox, words, me) if kind in ("", "statuses") else [],
        "hashtags": _hashtags(sandbox, words) if kind in ("", "hashtags") else [],
    }
    return JSONResponse({name: rows[offset : offset + limit] for name, rows in found.items()})


async def people(request: Request) -> Response:
    """GET /api/v1/accounts/search?q=."""
    asking = await asked(request)
    limit = min(asking.number("limit") or _MOST, _MOST)
    return JSONResponse(_people(world(request), asking.text("q").strip())[:limit])


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


async def tag(request: Request) -> Response:
    """GET /api/v1/tags/:name, POST …/follow and …/unfollow."""
    sandbox, name = world(request), request.path_params["name"].lower()
    me = account(request, "write:follows") if request.method == "POST" else viewer(request)
    deed = request.url.path.rsplit("/", 1)[1]
    if request.method == "POST" and me is not None:
        (sandbox.people.tie if deed == "follow" else sandbox.people.untie)(f"tag:{name}", me, 0)
    return JSONResponse(_tag(sandbox, name, me is not None and sandbox.people.tied(f"tag:{name}", me, 0)))


async def followed(request: Request) -> Response:
    """GET /api/v1/followed_tags."""
    me, sandbox = account(request, "read:follows"), world(request)
    rows = sandbox.database.rows("SELECT kind FROM tie WHERE source = ? AND kind LIKE 'tag:%' ORDER BY kind", me)
    return JSONResponse([_tag(sandbox, row["kind"].removeprefix("tag:"), True) for row in rows])


async def timeline(request: Request) -> Response:
    """GET /api/v1/timelines/tag/:name."""
    me, asking, sandbox = viewer(request), await asked(request), world(request)
    name = request.path_params["name"].lower()
    # A first sieve in SQL; the whole tag is compared here.
    where = "visibility = 'public' AND instr(lower(text), ?)"
    rows = sandbox.posts.listed(where, [f"#{name}"], asking.slice(20, 40), me)
    page = [sandbox.entities.status(row, me) for row in rows if name in tags(row["text"])]
    return JSONResponse(page, headers=links(request, [row["id"] for row in rows]))


ROUTES = [
    Route("/api/v2/search", search),
    Route("/api/v1/accounts/search", people),
    Route("/api/v1/tags/{name}", tag),
    Route("/api/v1/tags/{name}/follow", tag, methods=["POST"]),
    Route("/api/v1/tags/{name}/unfollow", tag, methods=["POST"]),
    Route("/api/v1/followed_tags", followed),
    Route("/api/v1/timelines/tag/{name}", timeline),
]
