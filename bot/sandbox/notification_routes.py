"""Notifications over HTTP, and their policy (docs.joinmastodon.org/methods/notifications)."""

import json
import sqlite3
from typing import Any

from starlette.responses import JSONResponse, Response

from bot.sandbox.accounts import FRESH_POLICY
from bot.sandbox.calls import Call, Routes
from bot.sandbox.errors import not_found

routes = Routes()


@routes("GET /api/v1/notifications")
async def listed(call: Call) -> Response:
    return call.page(*_listed(call))


@routes("GET /api/v2/notifications")
async def grouped(call: Call) -> Response:
    """Each in a group of its own."""
    found, rows = _listed(call)
    accounts = {one["account"]["id"]: one["account"] for one in found}
    statuses = {one["status"]["id"]: one["status"] for one in found if "status" in one}
    answer = {
        "accounts": [*accounts.values()],
        "statuses": [*statuses.values()],
        "notification_groups": [*map(_group, found)],
    }
    return JSONResponse(answer, headers=call.links(rows))


def _listed(call: Call) -> tuple[list[dict[str, Any]], list[sqlite3.Row]]:
    me, given, sandbox = call.account("read:notifications"), call.parameters, call.sandbox
    rows = sandbox.notifications.listed(me, given.all("types"), given.slice(40, 80))
    left_out = set(given.all("exclude_types"))
    return [sandbox.entities.notification(row) for row in rows if row["kind"] not in left_out], rows


def _group(one: dict[str, Any]) -> dict[str, Any]:
    return {
        "group_key": one["group_key"], "notifications_count": 1, "type": one["type"],
        "most_recent_notification_id": one["id"], "page_min_id": one["id"], "page_max_id": one["id"],
        "latest_page_notification_at": one["created_at"],
        "sample_account_ids": [one["account"]["id"]], "status_id": one["status"]["id"] if "status" in one else None,
    }  # fmt: skip


@routes("GET /api/v1/notifications/{id:int}")
async def one(call: Call) -> Any:
    row = call.sandbox.notifications.get(call.account("read:notifications"), call.id)
    if row is None:
        raise not_found()
    return call.sandbox.entities.notification(row)


@routes("POST /api/v1/notifications/clear", "POST /api/v1/notifications/{id:int}/dismiss")
async def clear(call: Call) -> Any:
    call.sandbox.notifications.clear(call.account("write:notifications"), call.request.path_params.get("id"))
    return {}


@routes("GET /api/v2/notifications/policy")
async def read_policy(call: Call) -> Any:
    return _policy(call, call.account("read:notifications"))


@routes("PATCH /api/v2/notifications/policy")
async def change_policy(call: Call) -> Any:
    me, given, accounts = call.account("write:notifications"), call.parameters, call.sandbox.accounts
    changed = {name: given.text(name) for name in FRESH_POLICY if given.text(name) in ("accept", "filter", "drop")}
    accounts.update(me, policy=json.dumps(accounts.policy(me) | changed))
    return _policy(call, me)


def _policy(call: Call, me: int) -> Any:
    sql = "SELECT count(*) FROM notification WHERE account = ? AND filtered = 1"
    pending = call.sandbox.database.value(sql, me)
    summary = {"pending_requests_count": pending, "pending_notifications_count": pending}
    return {**call.sandbox.accounts.policy(me), "summary": summary}
