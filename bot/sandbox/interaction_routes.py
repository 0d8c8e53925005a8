"""Interactions with a post: edit, boost, bookmark, favourite or pin it; and who did."""

from collections.abc import Iterator

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.sandbox.errors import invalid, not_found
from bot.sandbox.parameters import Parameters, account, asked, links, viewer, world
from bot.sandbox.posts import Draft

_TIES = {"bookmark": "write:bookmarks", "pin": "write:accounts", "mute": "write:mutes"}


async def edit(request: Request) -> Response:
    """PUT /api/v1/statuses/:id."""
    me, asking, sandbox = account(request, "write:statuses"), await asked(request), world(request)
    row = sandbox.posts.visible(request.path_params["id"], me)
    if row["account"] != me or sandbox.boosts.boosted(row["id"]) is not None:
        raise not_found()
    media = tuple(int(one) for one in asking.all("media_ids") if one.isdigit())
    spoiler = asking.text("spoiler_text")
    draft = Draft(
        text=asking.text("status"), media=media, visibility=row["visibility"], spoiler=spoiler,
        sensitive=asking.truth("sensitive") or bool(spoiler), language=asking.maybe("language"),
    )  # fmt: skip
    sandbox.posts.check(me, draft)
    sandbox.edits.change(row, draft, dict(_descriptions(asking)))
    sandbox.record("edit", post=str(row["id"]), account=str(me), text=draft.text)
    return JSONResponse(sandbox.entities.status(sandbox.posts.visible(row["id"], me), me))


def _descriptions(asking: Parameters) -> Iterator[tuple[int, str]]:
    ids, texts = asking.all("media_attributes[][id]"), asking.all("media_attributes[][description]")
    yield from ((int(media), text) for media, text in zip(ids, texts, strict=False) if media.isdigit())


async def source(request: Request) -> Response:
    """GET /api/v1/statuses/:id/source: the words as they were typed."""
    me, sandbox = account(request, "read:statuses"), world(request)
    row = sandbox.posts.visible(request.path_params["id"], me)
    return JSONResponse({"id": sandbox.entities.id(row["id"]), "text": row["text"], "spoiler_text": row["spoiler"]})


async def history(request: Request) -> Response:
    """GET /api/v1/statuses/:id/history."""
    me, sandbox = viewer(request), world(request)
    row = sandbox.posts.visible(request.path_params["id"], me)
    return JSONResponse(sandbox.entities.history(row))


async def boost(request: Request) -> Response:
    """POST /api/v1/statuses/:id/reblog and unreblog."""
    me, sandbox = account(request, "write:statuses"), world(request)
    row = sandbox.posts.visible(request.path_params["id"], me)
    if request.url.path.endswith("/unreblog"):
        sandbox.boosts.unboost(me, row["id"])
        return JSONResponse(sandbox.entities.status(row, me))
    made = sandbox.boosts.boost(me, row)
    return JSONResponse(sandbox.entities.status(sandbox.posts.visible(made, me), me))


async def favourite(request: Request) -> Response:
    """POST /api/v1/statuses/:id/favourite and unfavourite."""
    me, sandbox = account(request, "write:favourites"), world(request)
    row = sandbox.posts.visible(request.path_params["id"], me)
    if request.url.path.endswith("/favourite"):
        if not sandbox.people.tied("favourite", me, row["id"]):
            sandbox.posts.favourite(me, row)
            sandbox.record("favourite", post=str(row["id"]), account=str(me))
    else:
        sandbox.people.untie("favourite", me, row["id"])
    return JSONResponse(sandbox.entities.status(row, me))


async def change_tie(request: Request) -> Response:
    """POST /api/v1/statuses/:id/(un)bookmark, (un)pin and (un)mute."""
    deed = request.url.path.rsplit("/", 1)[1]
    kind = deed.removeprefix("un")
    me, sandbox = account(request, _TIES[kind]), world(request)
    row = sandbox.posts.visible(request.path_params["id"], me)
    if deed == "pin" and row["account"] != me:
        raise invalid("Someone else's post cannot be pinned")
    (sandbox.people.untie if deed.startswith("un") else sandbox.people.tie)(kind, me, row["id"])
    return JSONResponse(sandbox.entities.status(row, me))


async def who_did(request: Request) -> Response:
    """GET /api/v1/statuses/:id/favourited_by and reblogged_by."""
    sandbox = world(request)
    post = sandbox.posts.visible(request.path_params["id"], viewer(request))["id"]
    favourites = request.url.path.endswith("/favourited_by")
    accounts = sandbox.people.sources("favourite", post) if favourites else sandbox.boosts.by(post)
    people = filter(None, map(sandbox.people.by_id, accounts))
    return JSONResponse([sandbox.entities.account(person) for person in people])


async def kept(request: Request) -> Response:
    """GET /api/v1/bookmarks and favourites."""
    kind = request.url.path.rsplit("/", 1)[1].removesuffix("s")
    me, asking, sandbox = account(request, f"read:{kind}s"), await asked(request), world(request)
    where = "id IN (SELECT target FROM tie WHERE kind = ? AND source = ?)"
    rows = sandbox.posts.listed(where, [kind, me], asking.slice(20, 40), me)
    page = [sandbox.entities.status(row, me) for row in rows]
    return JSONResponse(page, headers=links(request, [row["id"] for row in rows]))


ROUTES = [
    Route("/api/v1/statuses/{id:int}", edit, methods=["PUT"]),
    Route("/api/v1/statuses/{id:int}/source", source),
    Route("/api/v1/statuses/{id:int}/history", history),
    Route("/api/v1/statuses/{id:int}/reblog", boost, methods=["POST"]),
    Route("/api/v1/statuses/{id:int}/unreblog", boost, methods=["POST"]),
    Route("/api/v1/statuses/{id:int}/favourite", favourite, methods=["POST"]),
    Route("/api/v1/statuses/{id:int}/unfavourite", favourite, methods=["POST"]),
    *(
        Route(f"/api/v1/statuses/{{id:int}}/{un}{kind}", change_tie, methods=["POST"])
        for kind in _TIES
        for un in ("", "un")
    ),
    Route("/api/v1/statuses/{id:int}/favourited_by", who_did),
    Route("/api/v1/statuses/{id:int}/reblogged_by", who_did),
    Route("/api/v1/bookmarks", kept),
    Route("/api/v1/favourites", kept),
]
