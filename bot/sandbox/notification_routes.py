"""Notifications over HTTP, and their policy."""

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.sandbox.accounts import FRESH_POLICY
from bot.sandbox.errors import not_found
from bot.sandbox.parameters import account, asked, links, world
from bot.sandbox.server import Server


async def listed(request: Request) -> Response:
    """GET /api/v1/notifications."""
    me, asking, sandbox = account(request, "read:notifications"), await asked(request), world(request)
    clause, bounds = asking.slice(40, 80).clause()
    rows = sandbox.notifications.listed(me, asking.all("types"), clause, bounds)
    left_out = set(asking.all("exclude_types"))
    page = [sandbox.entities.notification(row) for row in rows if row["kind"] not in left_out]
    return JSONResponse(page, headers=links(request, [row["id"] for row in rows]))


async def one(request: Request) -> Response:
    """GET /api/v1/notifications/:id."""
    row = world(request).notifications.get(account(request, "read:notifications"), request.path_params["id"])
    if row is None:
        raise not_found()
    return JSONResponse(world(request).entities.notification(row))


async def grouped(request: Request) -> Response:
    """GET /api/v2/notifications: each in a group of its own."""
    me, asking, sandbox = account(request, "read:notifications"), await asked(request), world(request)
    clause, bounds = asking.slice(40, 80).clause()
    rows = sandbox.notifications.listed(me, asking.all("types"), clause, bounds)
    left_out = set(asking.all("exclude_types"))
    found = [sandbox.entities.notification(row) for row in rows if row["kind"] not in left_out]
    accounts = {one["account"]["id"]: one["account"] for one in found}
    statuses = {one["status"]["id"]: one["status"] for one in found if "status" in one}
    answer = {
        "accounts": [*accounts.values()],
        "statuses": [*statuses.values()],
        "notification_groups": [*map(_group, found)],
    }
    return JSONResponse(answer, headers=links(request, [row["id"] for row in rows]))


def _group(one: dict[str, Any]) -> dict[str, Any]:
    return {
        "group_key": one["group_key"], "notifications_count": 1, "type": one["type"],
        "most_recent_notification_id": one["id"], "page_min_id": one["id"], "page_max_id": one["id"],
        "latest_page_notification_at": one["created_at"],
        "sample_account_ids": [one["account"]["id"]], "status_id": one["status"]["id"] if "status" in one else None,
    }  # fmt: skip


async def clear(request: Request) -> Response:
    """POST /api/v1/notifications/clear, and /api/v1/notifications/:id/dismiss."""
    me = account(request, "write:notifications")
    world(request).notifications.clear(me, request.path_params.get("id"))
    return JSONResponse({})


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


def _policy(sandbox: Server, me: int) -> Response:
    if not sandbox.faults.plan.policy:
        raise not_found()
    sql = "SELECT count(*) FROM notification WHERE account = ? AND filtered = 1"
    pending = sandbox.database.value(sql, me)
    summary = {"pending_requests_count": pending, "pending_notifications_count": pending}
    return JSONResponse({**sandbox.people.policy(me), "summary": summary})


ROUTES = [
    Route("/api/v1/notifications", listed),
    Route("/api/v1/notifications/{id:int}", one),
    Route("/api/v1/notifications/{id:int}/dismiss", clear, methods=["POST"]),
    Route("/api/v1/notifications/clear", clear, methods=["POST"]),
    Route("/api/v2/notifications", grouped),
    Route("/api/v2/notifications/policy", read_policy, methods=["GET"]),
    Route("/api/v2/notifications/policy", change_policy, methods=["PATCH"]),
]
