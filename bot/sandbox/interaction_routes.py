"""Interactions with a post: edit, boost, bookmark, favourite or pin it; and who did."""

from typing import Any

from starlette.responses import Response

from bot.sandbox.calls import Call, Routes
from bot.sandbox.errors import invalid, not_found
from bot.sandbox.posts import Draft

_SCOPES = {
    "bookmark": "write:bookmarks", "favourite": "write:favourites", "pin": "write:accounts", "mute": "write:mutes",
}  # fmt: skip
_CHANGES = [f"POST /api/v1/statuses/{{id:int}}/{un}{kind}" for kind in _SCOPES for un in ("", "un")]

routes = Routes()


@routes("PUT /api/v1/statuses/{id:int}")
async def edit(call: Call) -> Any:
    me, given, sandbox = call.account("write:statuses"), call.parameters, call.sandbox
    row = call.post(me)
    if row["account"] != me or row["boost_of"]:
        raise not_found()
    spoiler = given.text("spoiler_text")
    draft = Draft(
        text=given.text("status"), media=given.ids("media_ids"), visibility=row["visibility"], spoiler=spoiler,
        sensitive=given.flag("sensitive") or bool(spoiler), language=given.maybe("language"),
    )  # fmt: skip
    sandbox.posts.check(me, draft)
    texts = given.all("media_attributes[][description]")
    sandbox.edits.change(row, draft, dict(zip(given.ids("media_attributes[][id]"), texts, strict=False)))
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
    where = "id IN (SELECT target FROM relation WHERE kind = ? AND source = ?)"
    return call.statuses(call.sandbox.posts.listed(where, [kind, me], call.parameters.slice(20, 40), me), me)
