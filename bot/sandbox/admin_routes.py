"""For tests only: plan faults, make people, read what the sandbox saw. There are no such routes unless asked for."""

import hmac
import json

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.sandbox.errors import ApiError
from bot.sandbox.faults import FaultPlan
from bot.sandbox.parameters import world

ALL_SCOPES = "read write follow push"


async def plan(request: Request) -> Response:
    """PUT /sandbox/faults: put a FaultPlan in force."""
    _allowed(request)
    try:
        world(request).misbehave(FaultPlan.model_validate_json(await request.body()))
    except ValidationError as error:
        raise ApiError(422, str(error)) from error
    return JSONResponse({})


async def log(request: Request) -> Response:
    """GET /sandbox/log?after=N: what happened, in order."""
    _allowed(request)
    after = int(request.query_params.get("after", "0"))
    rows = world(request).database.rows("SELECT * FROM log WHERE seq > ? ORDER BY seq", after)
    return JSONResponse([{"seq": r["seq"], "at": r["at"], "what": r["what"], **json.loads(r["detail"])} for r in rows])


async def create_person(request: Request) -> Response:
    """POST /sandbox/people {acct, bot, note, fields}: a new account and a token for it."""
    _allowed(request)
    asking = await request.json()
    people = world(request).people
    if people.by_acct(asking["acct"]):
        raise ApiError(422, "That name is taken")
    person = people.create(asking["acct"], bot=bool(asking.get("bot")), note=asking.get("note", ""))
    people.update(person, fields=json.dumps(asking.get("fields", [])))
    return JSONResponse({"id": str(person), "token": people.issue_token("", person, ALL_SCOPES)})


def _allowed(request: Request) -> None:
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    if not hmac.compare_digest(given.encode(), request.app.state.admin_token.encode()):
        raise ApiError(401, "The access token is invalid")


ROUTES = [
    Route("/sandbox/faults", plan, methods=["PUT"]),
    Route("/sandbox/log", log),
    Route("/sandbox/people", create_person, methods=["POST"]),
]
