"""What tests ask of the server beside its API: plan faults, make people, read what happened."""

import json
from typing import Any

from pydantic import ValidationError
from starlette.exceptions import HTTPException

from bot.sandbox.calls import Call, Routes
from tests.fakes.mastodon.faults import FaultPlan
from tests.fakes.mastodon.stores import FaultyServer

ALL_SCOPES = "read write follow push"

routes = Routes()


def _server(call: Call) -> FaultyServer:
    assert isinstance(call.sandbox, FaultyServer)
    return call.sandbox


@routes("PUT /sandbox/faults")
async def plan(call: Call) -> Any:
    try:
        _server(call).database.faults.load(FaultPlan.model_validate_json(await call.request.body()))
    except ValidationError as error:
        raise HTTPException(422, str(error)) from error
    return {}


@routes("GET /sandbox/log")
async def log(call: Call) -> Any:
    """What happened after the entry `after`, in order."""
    rows = call.sandbox.database.rows(
        "SELECT * FROM log WHERE seq > ? ORDER BY seq", call.parameters.number("after") or 0
    )
    return [{"seq": r["seq"], "at": r["at"], "what": r["what"], **json.loads(r["detail"])} for r in rows]


@routes("POST /sandbox/people")
async def create_person(call: Call) -> Any:
    """A new account {acct, bot, note, fields}, and a token for it."""
    asking, accounts = await call.request.json(), call.sandbox.accounts
    if accounts.by_acct(asking["acct"]):
        raise HTTPException(422, "That name is taken")
    person = accounts.create(asking["acct"])
    about = {"note": asking.get("note"), "fields": json.dumps(asking.get("fields", []))}
    accounts.update(person, bot=int(bool(asking.get("bot"))), **about)
    return {"id": str(person), "token": accounts.issue_token("", person, ALL_SCOPES)}
