"""Posts over HTTP: write, read, delete, threads, timelines (docs.joinmastodon.org/methods/statuses)."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.sandbox.errors import ApiError, invalid, not_found
from bot.sandbox.parameters import Parameters, account, asked, links, viewer, world
from bot.sandbox.posts import Draft


async def create(request: Request) -> Response:
    """POST /api/v1/statuses."""
    me = account(request, "write:statuses")
    asking = await asked(request)
    sandbox, key = world(request), request.headers.get("idempotency-key", "")
    made = sandbox.posts.made_with(me, key) if key and not sandbox.faults.plan.ignore_keys else None
    if made is not None:
        sandbox.record("repeat", post=str(made), key=key)
        if sandbox.faults.plan.repeats_answer_500:
            raise ApiError(500, "Internal server error")
        return JSONResponse(sandbox.entities.status(sandbox.posts.visible(made, me), me))
    if asking.text("scheduled_at"):
        raise invalid("Posts are not kept for later here; send it without scheduled_at")
    if asking.all("poll[options]"):
        raise invalid("There are no polls here; send it without one")
    draft = _draft(asking)
    sandbox.posts.check(me, draft)
    post = sandbox.posts.add(me, draft, listed_after_s=sandbox.faults.plan.listed_after_s)
    if key:
        sandbox.posts.remember(me, key, post)
    row = sandbox.posts.visible(post, me)
    sandbox.record(
        "post", post=str(post), account=str(me), parent=str(draft.parent or ""), key=key,
        media=len(draft.media), visibility=draft.visibility, text=draft.text,
    )  # fmt: skip
    return JSONResponse(sandbox.entities.status(row, me))


def _draft(asking: Parameters) -> Draft:
    parent = asking.text("in_reply_to_id")
    if parent and asking.number("in_reply_to_id") is None:
        raise ApiError(404, "The post you are trying to reply to does not appear to exist.")
    spoiler = asking.text("spoiler_text")
    return Draft(
        text=asking.text("status"),
        media=tuple(int(media) for media in asking.all("media_ids") if media.isdigit()),
        parent=asking.number("in_reply_to_id"),
        visibility=asking.text("visibility", "public"),
        spoiler=spoiler,
        sensitive=asking.truth("sensitive") or bool(spoiler),
        language=asking.maybe("language"),
        quoted=asking.number("quoted_status_id"),
    )


async def read(request: Request) -> Response:
    """GET /api/v1/statuses/:id."""
    me = viewer(request)
    sandbox = world(request)
    return JSONResponse(sandbox.entities.status(sandbox.posts.visible(request.path_params["id"], me), me))


async def delete(request: Request) -> Response:
    """DELETE /api/v1/statuses/:id; the answer has the text, so that it can be drafted again."""
    me, asking = account(request, "write:statuses"), await asked(request)
    sandbox = world(request)
    row = sandbox.posts.visible(request.path_params["id"], me)
    if row["account"] != me:
        raise not_found()
    answer = {**sandbox.entities.status(row, me), "text": row["text"]}
    sandbox.posts.delete(row["id"], with_media=asking.truth("delete_media"))
    sandbox.record("delete", post=str(row["id"]), account=str(me))
    return JSONResponse(answer)


async def context(request: Request) -> Response:
    """GET /api/v1/statuses/:id/context."""
    me, sandbox = viewer(request), world(request)
    row = sandbox.posts.visible(request.path_params["id"], me)
    above, below = sandbox.posts.ancestors(row, me), sandbox.posts.descendants(row, me)
    entity = sandbox.entities.status
    return JSONResponse({"ancestors": [entity(r, me) for r in above], "descendants": [entity(r, me) for r in below]})


async def timeline(request: Request) -> Response:
    """GET /api/v1/timelines/public and home: in so small a place both show everything the viewer may see."""
    asking, sandbox = await asked(request), world(request)
    home = request.url.path.endswith("/home")
    me = account(request, "read:statuses") if home else viewer(request)
    where = "1 = 1" if home else "visibility = 'public'"
    rows = sandbox.posts.listed(where, [], asking.slice(20, 40), me)
    page = [sandbox.entities.status(row, me) for row in rows]
    return JSONResponse(page, headers=links(request, [row["id"] for row in rows]))


ROUTES = [
    Route("/api/v1/statuses", create, methods=["POST"]),
    Route("/api/v1/statuses/{id:int}", read, methods=["GET"]),
    Route("/api/v1/statuses/{id:int}", delete, methods=["DELETE"]),
    Route("/api/v1/statuses/{id:int}/context", context),
    Route("/api/v1/timelines/public", timeline),
    Route("/api/v1/timelines/home", timeline),
]
