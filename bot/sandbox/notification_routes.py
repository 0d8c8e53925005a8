"""Notifications over HTTP, and their policy."""

import json

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.sandbox.asking import account, asked, links, world
from bot.sandbox.people import FRESH_POLICY
from bot.sandbox.problems import not_found
from bot.sandbox.world import World


async def listed(request: Request) -> Response:
    """GET /api/v1/notifications."""
    me, asking, sandbox = account(request, "read:notifications"), await asked(request), world(request)
    clause, bounds = asking.slice(40, 80).clause()
    rows = sandbox.alerts.listed(me, asking.all("types"), clause, bounds)
    left_out = set(asking.all("exclude_types"))
    page = [sandbox.entities.notification(row) for row in rows if row["kind"] not in left_out]
    return JSONResponse(page, headers=links(request, [row["id"] for row in rows]))


async def one(request: Request) -> Response:
    """GET /api/v1/notifications/:id."""
    row = world(request).alerts.get(account(request, "read:notifications"), request.path_params["id"])
    if row is None:
        raise not_found()
    return JSONResponse(world(request).entities.notification(row))


async def read_policy(request: Request) -> Response:
    """GET /api/v2/notifications/policy."""
    me = account(request, "read:notifications")
    return _policy(world(request), me)


async def change_policy(request: Request) -> Response:
    """PATCH /api/v2/notifications/policy."""
    me, asking, sandbox = account(request, "write:notifications"), await asked(request), world(request)
    policy = sandbox.people.policy(me)
    changed = {name: asking.text(name) for name in FRESH_POLICY if asking.text(name) in ("accept", "filter", "drop")}
    sandbox.people.update(me, policy=json.dumps(policy | changed))
    return _policy(sandbox, me)


def _policy(sandbox: World, me: int) -> Response:
    if not sandbox.faults.plan.policy:
        raise not_found()
    sql = "SELECT count(*) FROM notification WHERE account = ? AND filtered = 1"
    pending = sandbox.database.value(sql, me)
    summary = {"pending_requests_count": pending, "pending_notifications_count": pending}
    return JSONResponse({**sandbox.people.policy(me), "summary": summary})


ROUTES = [
    Route("/api/v1/notifications", listed),
    Route("/api/v1/notifications/{id:int}", one),
    Route("/api/v2/notifications/policy", read_policy, methods=["GET"]),
    Route("/api/v2/notifications/policy", change_policy, methods=["PATCH"]),
]
