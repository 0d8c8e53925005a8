"""Constant answers to what graphical clients ask at their start and the sandbox has none of: mostly empty lists."""

from typing import Any

from bot.sandbox.calls import Call, Routes

_EMPTY = (
    "v1/announcements", "v1/custom_emojis", "v1/directory", "v1/instance/activity", "v1/instance/domain_blocks",
    "v1/instance/languages", "v1/instance/peers", "v1/instance/rules", "v1/instance/terms_of_service", "v1/trends",
    "v1/trends/links", "v1/trends/statuses", "v1/trends/tags", "v1/accounts/{id:int}/featured_tags",
    "v1/accounts/{id:int}/lists", "v1/accounts/{id:int}/endorsements",
)  # fmt: skip
_EMPTY_FOR_ACCOUNTS = (
    "v1/blocks", "v1/conversations", "v1/domain_blocks", "v1/endorsements", "v1/featured_tags",
    "v1/featured_tags/suggestions", "v1/filters", "v1/follow_requests", "v1/lists", "v1/mutes", "v1/scheduled_statuses",
    "v1/suggestions", "v2/filters", "v2/suggestions", "v1/notifications/requests", "v1/accounts/familiar_followers",
)  # fmt: skip
_PREFERENCES = {
    "posting:default:visibility": "public", "posting:default:sensitive": False, "posting:default:language": None,
    "reading:expand:media": "default", "reading:expand:spoilers": False, "reading:autoplay:gifs": False,
}  # fmt: skip
_FOR_ACCOUNTS: dict[str, Any] = {
    **{f"/api/{path}": [] for path in _EMPTY_FOR_ACCOUNTS},
    "/api/v1/preferences": _PREFERENCES,
    "/api/v1/markers": {},
    "/api/v1/notifications/unread_count": {"count": 0},
}

routes = Routes()


@routes(*(f"GET /api/{path}" for path in _EMPTY))
async def nothing(call: Call) -> Any:
    return []


@routes(*(f"GET {path}" for path in _FOR_ACCOUNTS), "POST /api/v1/markers")
async def nothing_of_ones_own(call: Call) -> Any:
    call.account()
    return _FOR_ACCOUNTS[call.request.url.path]
