"""Accounts over HTTP: credentials, profiles, posts, follows and blocks (docs.joinmastodon.org/methods/accounts)."""

import json
import sqlite3

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.sandbox.errors import not_found
from bot.sandbox.parameters import Parameters, account, asked, links, viewer, world

_FIELDS = 4
_DEEDS = ("follow", "unfollow", "block", "unblock", "mute", "unmute")
_SCOPES = {"follow": "write:follows", "block": "write:blocks", "mute": "write:mutes"}


async def verify_credentials(request: Request) -> Response:
    """GET /api/v1/accounts/verify_credentials."""
    me = account(request, "read:accounts", "profile")
    return JSONResponse(world(request).entities.own_account(_person(request, me)))


async def update_credentials(request: Request) -> Response:
    """PATCH /api/v1/accounts/update_credentials."""
    me = account(request, "write:accounts")
    asking = await asked(request)
    bot = asking.maybe("bot")
    world(request).people.update(
        me, display_name=asking.maybe("display_name"), note=asking.maybe("note"),
        bot=None if bot is None else int(asking.truth("bot")), fields=_fields(asking),
    )  # fmt: skip
    return JSONResponse(world(request).entities.own_account(_person(request, me)))


def _fields(asking: Parameters) -> str | None:
    """`fields_attributes[0][name]` and `[value]` as JSON, or None when there are none."""
    names = [asking.maybe(f"fields_attributes[{n}][name]") for n in range(_FIELDS)]
    values = [asking.text(f"fields_attributes[{n}][value]") for n in range(_FIELDS)]
    kept = [{"name": name, "value": value} for name, value in zip(names, values, strict=True) if name]
    return json.dumps(kept) if any(name is not None for name in names) else None


async def profile(request: Request) -> Response:
    """GET /api/v1/accounts/:id."""
    return JSONResponse(world(request).entities.account(_person(request)))


async def lookup(request: Request) -> Response:
    """GET /api/v1/accounts/lookup?acct=."""
    person = world(request).posts.named((await asked(request)).text("acct").removeprefix("@"))
    if person is None:
        raise not_found()
    return JSONResponse(world(request).entities.account(person))


async def statuses(request: Request) -> Response:
    """GET /api/v1/accounts/:id/statuses."""
    person, asking, me = _person(request), await asked(request), viewer(request)
    where = "account = ?" + (" AND parent IS NULL" if asking.truth("exclude_replies") else "")
    if asking.truth("exclude_reblogs"):
        where += " AND id NOT IN (SELECT post FROM boost)"
    if asking.truth("pinned"):
        where += " AND id IN (SELECT target FROM tie WHERE kind = 'pin')"
    if asking.truth("only_media"):
        where += " AND id IN (SELECT post FROM media)"
    rows = world(request).posts.listed(where, [person["id"]], asking.slice(20, 40), me)
    page = [world(request).entities.status(row, me) for row in rows]
    return JSONResponse(page, headers=links(request, [row["id"] for row in rows]))


async def connected(request: Request) -> Response:
    """GET /api/v1/accounts/:id/followers and following."""
    sandbox, person = world(request), _person(request)["id"]
    followers = request.url.path.endswith("/followers")
    found = (sandbox.people.sources if followers else sandbox.people.targets)("follow", person)
    return JSONResponse([sandbox.entities.account(_person(request, one)) for one in found])


async def relationships(request: Request) -> Response:
    """GET /api/v1/accounts/relationships?id[]=."""
    me = account(request, "read:follows")
    ids = [int(text) for text in (await asked(request)).all("id") if text.isdigit()]
    known = [other for other in ids if world(request).people.by_id(other)]
    return JSONResponse([world(request).entities.relationship(me, other) for other in known])


async def change_tie(request: Request) -> Response:
    """POST /api/v1/accounts/:id/(un)follow and (un)block."""
    deed = request.url.path.rsplit("/", 1)[1]
    kind = deed.removeprefix("un")
    me = account(request, _SCOPES[kind], "follow")
    other = _person(request)["id"]
    people = world(request).people
    (people.untie if deed.startswith("un") else people.tie)(kind, me, other)
    if kind == "block":
        people.untie("follow", other, me)
    elif deed == "follow":
        world(request).notifications.add(other, me, "follow", None)
    return JSONResponse(world(request).entities.relationship(me, other))


def _person(request: Request, known: int | None = None) -> sqlite3.Row:
    found = world(request).people.by_id(request.path_params["id"] if known is None else known)
    if found is None:
        raise not_found()
    return found


ROUTES = [
    Route("/api/v1/accounts/verify_credentials", verify_credentials),
    Route("/api/v1/accounts/update_credentials", update_credentials, methods=["PATCH"]),
    Route("/api/v1/accounts/relationships", relationships),
    Route("/api/v1/accounts/lookup", lookup),
    Route("/api/v1/accounts/{id:int}", profile),
    Route("/api/v1/accounts/{id:int}/statuses", statuses),
    Route("/api/v1/accounts/{id:int}/followers", connected),
    Route("/api/v1/accounts/{id:int}/following", connected),
    *(Route(f"/api/v1/accounts/{{id:int}}/{deed}", change_tie, methods=["POST"]) for deed in _DEEDS),
]
