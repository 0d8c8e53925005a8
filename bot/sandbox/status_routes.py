"""Posts over HTTP: write, read, delete, threads, timelines (docs.joinmastodon.org/methods/statuses)."""

from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.sandbox.calls import Call, Routes
from bot.sandbox.errors import invalid, not_found
from bot.sandbox.parameters import Parameters
from bot.sandbox.posts import Draft

routes = Routes()


@routes("POST /api/v1/statuses")
async def create(call: Call) -> Any:
    me, given, sandbox = call.account("write:statuses"), call.parameters, call.sandbox
    key = call.request.headers.get("idempotency-key", "")
    post = sandbox.posts.made_with(me, key) if key else None
    if post is None:
        draft = _draft(given, key)
        sandbox.posts.check(me, draft)
        post = sandbox.posts.add(me, draft)
    return sandbox.entities.status(sandbox.posts.visible(post, me), me)


def _draft(given: Parameters, key: str) -> Draft:
    if given.text("scheduled_at"):
        raise invalid("Posts are not kept for later here; send it without scheduled_at")
    if given.all("poll[options]"):
        raise invalid("There are no polls here; send it without one")
    if given.text("in_reply_to_id") and given.number("in_reply_to_id") is None:
        raise HTTPException(404, "The post you are trying to reply to does not appear to exist.")
    spoiler = given.text("spoiler_text")
    return Draft(
        text=given.text("status"),
        media=given.ids("media_ids"),
        parent=given.number("in_reply_to_id"),
        visibility=given.text("visibility", "public"),
        spoiler=spoiler,
        sensitive=given.flag("sensitive") or bool(spoiler),
        language=given.maybe("language"),
        quoted=given.number("quoted_status_id"),
        key=key,
    )


@routes("GET /api/v1/statuses/{id:int}")
async def read(call: Call) -> Any:
    me = call.viewer()
    return call.sandbox.entities.status(call.post(me), me)


@routes("DELETE /api/v1/statuses/{id:int}")
async def delete(call: Call) -> Any:
    """The answer has the text, so that it can be drafted again."""
    me = call.account("write:statuses")
    row = call.post(me)
    if row["account"] != me:
        raise not_found()
    answer = {**call.sandbox.entities.status(row, me), "text": row["text"]}
    call.sandbox.posts.delete(row["id"], with_media=call.parameters.flag("delete_media"))
    return answer


@routes("GET /api/v1/statuses/{id:int}/context")
async def context(call: Call) -> Any:
    me, posts, entity = call.viewer(), call.sandbox.posts, call.sandbox.entities.status
    row = call.post(me)
    above, below = posts.ancestors(row, me), posts.descendants(row, me)
    return {"ancestors": [entity(r, me) for r in above], "descendants": [entity(r, me) for r in below]}


@routes("GET /api/v1/timelines/public")
async def public_timeline(call: Call) -> Response:
    me = call.viewer()
    return call.statuses(call.sandbox.posts.listed("visibility = 'public'", [], call.parameters.slice(20, 40), me), me)


@routes("GET /api/v1/timelines/home")
async def home_timeline(call: Call) -> Response:
    """Everything that the viewer may see, whomever they follow."""
    me = call.account("read:statuses")
    return call.statuses(call.sandbox.posts.listed("1 = 1", [], call.parameters.slice(20, 40), me), me)
