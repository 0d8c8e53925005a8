"""Posts over HTTP: written, read, edited, boosted, kept; timelines (docs.joinmastodon.org/methods/statuses)."""

from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.sandbox.calls import Call, Routes
from bot.sandbox.errors import invalid, not_found
from bot.sandbox.parameters import Parameters
from bot.sandbox.posts import Draft

_SCOPES = {
    "bookmark": "write:bookmarks", "favourite": "write:favourites", "pin": "write:accounts", "mute": "write:mutes",
}  # fmt: skip
_CHANGES = [f"POST /api/v1/statuses/{{id:int}}/{un}{kind}" for kind in _SCOPES for un in ("", "un")]

routes = Routes()


@routes("POST /api/v1/statuses")
async def create(call: Call) -> Any:
    me, given, sandbox = call.account("write:statuses"), call.parameters, call.sandbox
    key = call.request.headers.get("idempotency-key", "")
    post = sandbox.posts.made_with(me, key) if key else None
    if post is None:
        _check(given)
        draft = _draft(
            given, visibility=given.text("visibility", "public"), parent=given.number("in_reply_to_id"),
            quoted=given.number("quoted_status_id"), key=key,
        )  # fmt: skip
        sandbox.posts.check(me, draft)
        post = sandbox.posts.add(me, draft)
    return sandbox.entities.status(sandbox.posts.visible(post, me), me)


def _check(given: Parameters) -> None:
    """Raises HTTPException for what no draft can hold."""
    if given.text("scheduled_at"):
        raise invalid("Posts are not kept for later here; send it without scheduled_at")
    if given.all("poll[options]"):
        raise invalid("There are no polls here; send it without one")
    if given.text("in_reply_to_id") and given.number("in_reply_to_id") is None:
        raise HTTPException(404, "The post you are trying to reply to does not appear to exist.")


def _draft(given: Parameters, **more: Any) -> Draft:
    """What a new post and an edited one say alike, and `more`."""
    spoiler = given.text("spoiler_text")
    return Draft(
        text=given.text("status"), media=given.ids("media_ids"), spoiler=spoiler,
        sensitive=given.flag("sensitive") or bool(spoiler), language=given.maybe("language"), **more,
    )  # fmt: skip


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


@routes("PUT /api/v1/statuses/{id:int}")
async def edit(call: Call) -> Any:
    me, given, sandbox = call.account("write:statuses"), call.parameters, call.sandbox
    row = call.post(me)
    if row["account"] != me or row["boost_of"]:
        raise not_found()
    draft = _draft(given, visibility=row["visibility"])
    sandbox.posts.check(me, draft)
    texts = given.all("media_attributes[][description]")
    sandbox.posts.edit(row, draft, dict(zip(given.ids("media_attributes[][id]"), texts, strict=False)))
    return sandbox.entities.status(call.post(me), me)


@routes("GET /api/v1/statuses/{id:int}/source")
async def source(call: Call) -> Any:
    row = call.post(call.account("read:statuses"))
    return {"id": call.sandbox.entities.id(row["id"]), "text": row["text"], "spoiler_text": row["spoiler"]}


@routes("GET /api/v1/statuses/{id:int}/history")
async def history(call: Call) -> Any:
    return call.sandbox.entities.history(call.post(call.viewer()))


@routes("POST /api/v1/statuses/{id:int}/reblog")
async def boost(call: Call) -> Any:
    me, sandbox = call.account("write:statuses"), call.sandbox
    made = sandbox.posts.boost(me, call.post(me))
    return sandbox.entities.status(sandbox.posts.visible(made, me), me)


@routes("POST /api/v1/statuses/{id:int}/unreblog")
async def unboost(call: Call) -> Any:
    me = call.account("write:statuses")
    row = call.post(me)
    call.sandbox.posts.unboost(me, row["id"])
    return call.sandbox.entities.status(row, me)


@routes(*_CHANGES)
async def change_relation(call: Call) -> Any:
    kind = call.last_word.removeprefix("un")
    me, accounts = call.account(_SCOPES[kind]), call.sandbox.accounts
    row = call.post(me)
    if call.last_word == "pin" and row["account"] != me:
        raise invalid("Someone else's post cannot be pinned")
    if call.last_word == "favourite":
        call.sandbox.posts.favourite(me, row)
    else:
        (accounts.unrelate if call.last_word.startswith("un") else accounts.relate)(kind, me, row["id"])
    return call.sandbox.entities.status(row, me)


@routes("GET /api/v1/statuses/{id:int}/favourited_by")
async def favourited_by(call: Call) -> Any:
    return _accounts(call, call.sandbox.accounts.sources("favourite", call.post(call.viewer())["id"]))


@routes("GET /api/v1/statuses/{id:int}/reblogged_by")
async def reblogged_by(call: Call) -> Any:
    return _accounts(call, call.sandbox.posts.boosters(call.post(call.viewer())["id"]))


def _accounts(call: Call, found: list[int]) -> Any:
    return [call.sandbox.entities.account(call.sandbox.accounts.known(one)) for one in found]


@routes("GET /api/v1/bookmarks", "GET /api/v1/favourites")
async def kept(call: Call) -> Response:
    kind = call.last_word.removesuffix("s")
    me = call.account(f"read:{kind}s")
    return call.timeline("id IN (SELECT target FROM relation WHERE kind = ? AND source = ?)", kind, me, viewer=me)


@routes("GET /api/v1/timelines/public")
async def public_timeline(call: Call) -> Response:
    return call.timeline("visibility = 'public'", viewer=call.viewer())


@routes("GET /api/v1/timelines/home")
async def home_timeline(call: Call) -> Response:
    """Everything that the viewer may see, whomever they follow."""
    return call.timeline("1 = 1", viewer=call.account("read:statuses"))
