"""Constant answers to what graphical clients ask at their start and the sandbox has none of: mostly empty lists."""

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.sandbox.parameters import account

_EMPTY = (
    "v1/announcements", "v1/custom_emojis", "v1/directory", "v1/instance/activity", "v1/instance/domain_blocks",
    "v1/instance/languages", "v1/instance/peers", "v1/instance/rules", "v1/instance/terms_of_service", "v1/trends",
    "v1/trends/links", "v1/trends/statuses", "v1/trends/tags",
)  # fmt: skip
"""For everybody."""
_EMPTY_OF_ONES_OWN = (
    "v1/blocks", "v1/conversations", "v1/domain_blocks", "v1/endorsements", "v1/featured_tags",
    "v1/featured_tags/suggestions", "v1/filters", "v1/follow_requests", "v1/lists", "v1/mutes", "v1/scheduled_statuses",
    "v1/suggestions", "v2/filters", "v2/suggestions", "v1/notifications/requests", "v1/accounts/familiar_followers",
)  # fmt: skip
_PREFERENCES = {
    "posting:default:visibility": "public", "posting:default:sensitive": False, "posting:default:language": None,
    "reading:expand:media": "default", "reading:expand:spoilers": False, "reading:autoplay:gifs": False,
}  # fmt: skip

Handler = Callable[[Request], Awaitable[Response]]


def _always(answer: Any, *, signed_in: bool = False) -> Handler:
    async def answered(request: Request) -> Response:
        if signed_in:
            account(request)
        return JSONResponse(answer)

    return answered


ROUTES = [
    *(Route(f"/api/{path}", _always([])) for path in _EMPTY),
    *(Route(f"/api/{path}", _always([], signed_in=True)) for path in _EMPTY_OF_ONES_OWN),
    *(Route(f"/api/v1/accounts/{{id:int}}/{name}", _always([])) for name in ("featured_tags", "lists", "endorsements")),
    Route("/api/v1/preferences", _always(_PREFERENCES, signed_in=True)),
    Route("/api/v1/markers", _always({}, signed_in=True), methods=["GET", "POST"]),
    Route("/api/v1/notifications/unread_count", _always({"count": 0}, signed_in=True)),
]
