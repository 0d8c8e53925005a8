"""Accounts over HTTP: credentials, profiles, posts, follows and blocks (docs.joinmastodon.org/methods/accounts)."""

import json
from typing import Any

from starlette.responses import Response

from bot.sandbox.calls import Call, Routes
from bot.sandbox.errors import not_found
from bot.sandbox.parameters import Parameters

_FIELDS = 4
_SCOPES = {"follow": "write:follows", "block": "write:blocks", "mute": "write:mutes"}
_CHANGES = [f"POST /api/v1/accounts/{{id:int}}/{un}{kind}" for kind in _SCOPES for un in ("", "un")]

routes = Routes()


@routes("GET /api/v1/accounts/verify_credentials")
async def verify_credentials(call: Call) -> Any:
    return _own_account(call, call.account("read:accounts", "profile"))


@routes("PATCH /api/v1/accounts/update_credentials")
async def update_credentials(call: Call) -> Any:
    me, given = call.account("write:accounts"), call.parameters
    bot = given.maybe("bot")
    call.sandbox.accounts.update(
        me, display_name=given.maybe("display_name"), note=given.maybe("note"),
        bot=None if bot is None else int(given.flag("bot")), fields=_fields(given),
    )  # fmt: skip
    return _own_account(call, me)


def _own_account(call: Call, me: int) -> Any:
    return call.sandbox.entities.own_account(call.sandbox.accounts.known(me))


def _fields(given: Parameters) -> str | None:
    """`fields_attributes[0][name]` and `[value]` as JSON, or None when there are none."""
    names = [given.maybe(f"fields_attributes[{n}][name]") for n in range(_FIELDS)]
    values = [given.text(f"fields_attributes[{n}][value]") for n in range(_FIELDS)]
    kept = [{"name": name, "value": value} for name, value in zip(names, values, strict=True) if name]
    return json.dumps(kept) if any(name is not None for name in names) else None


@routes("GET /api/v1/accounts/relationships")
async def relationships(call: Call) -> Any:
    me, sandbox = call.account("read:follows"), call.sandbox
    return [
        sandbox.entities.relationship(me, other) for other in call.parameters.ids("id") if sandbox.accounts.by_id(other)
    ]


@routes("GET /api/v1/accounts/lookup")
async def lookup(call: Call) -> Any:
    person = call.sandbox.posts.named(call.parameters.text("acct").removeprefix("@"))
    if person is None:
        raise not_found()
    return call.sandbox.entities.account(person)


@routes("GET /api/v1/accounts/{id:int}")
async def profile(call: Call) -> Any:
    return call.sandbox.entities.account(call.person())


@routes("GET /api/v1/accounts/{id:int}/statuses")
async def statuses(call: Call) -> Response:
    given = call.parameters
    where = "account = ?" + (" AND parent IS NULL" if given.flag("exclude_replies") else "")
    if given.flag("exclude_reblogs"):
        where += " AND boost_of IS NULL"
    if given.flag("pinned"):
        where += " AND id IN (SELECT target FROM relation WHERE kind = 'pin')"
    if given.flag("only_media"):
        where += " AND id IN (SELECT post FROM media)"
    return call.timeline(where, call.person()["id"], viewer=call.viewer())


@routes("GET /api/v1/accounts/{id:int}/followers", "GET /api/v1/accounts/{id:int}/following")
async def connected(call: Call) -> Any:
    sandbox, person = call.sandbox, call.person()["id"]
    find = sandbox.accounts.sources if call.last_word == "followers" else sandbox.accounts.targets
    return [sandbox.entities.account(sandbox.accounts.known(one)) for one in find("follow", person)]


@routes(*_CHANGES)
async def change_relation(call: Call) -> Any:
    kind = call.last_word.removeprefix("un")
    me, other, accounts = call.account(_SCOPES[kind], "follow"), call.person()["id"], call.sandbox.accounts
    (accounts.unrelate if call.last_word.startswith("un") else accounts.relate)(kind, me, other)
    if kind == "block":
        accounts.unrelate("follow", other, me)
    elif call.last_word == "follow":
        call.sandbox.notifications.add(other, me, "follow", None)
    return call.sandbox.entities.relationship(me, other)
