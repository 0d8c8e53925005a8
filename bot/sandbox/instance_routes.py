"""What the sandbox says about itself (docs.joinmastodon.org/methods/instance), and what there is none of here."""

from typing import Any

from bot.sandbox.attachments import DESCRIPTION_LENGTH, LIMIT_BYTES, MATRIX_LIMIT_PX
from bot.sandbox.calls import Call, Routes
from bot.sandbox.markup import URL_LENGTH
from bot.sandbox.posts import MAX_CHARACTERS, MAX_MEDIA
from bot.sandbox.server import Server

_TITLE = "Stylesmith sandbox"
_ABOUT = "A place on this machine to talk to the bot."
# What graphical clients ask at their start.
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


def _configuration(sandbox: Server) -> dict[str, Any]:
    return {
        "accounts": {"max_featured_tags": 10, "max_pinned_statuses": 5},
        "statuses": {
            "max_characters": MAX_CHARACTERS, "max_media_attachments": MAX_MEDIA,
            "characters_reserved_per_url": URL_LENGTH,
        },
        "media_attachments": {
            "supported_mime_types": [*sandbox.attachments.mime_types], "description_limit": DESCRIPTION_LENGTH,
            "image_size_limit": LIMIT_BYTES, "image_matrix_limit": MATRIX_LIMIT_PX, "video_size_limit": LIMIT_BYTES,
            "video_frame_rate_limit": 120, "video_matrix_limit": MATRIX_LIMIT_PX,
        },
        "polls": {"max_options": 4, "max_characters_per_option": 50, "min_expiration": 300, "max_expiration": 2629746},
    }  # fmt: skip


@routes("GET /api/v1/instance", "GET /api/v1/instance/")
async def first(call: Call) -> Any:
    sandbox = call.sandbox
    return {
        "uri": sandbox.host, "title": _TITLE, "short_description": _ABOUT, "description": _ABOUT, "email": "",
        "version": sandbox.version, "urls": {"streaming_api": _streaming(sandbox.base)},
        "stats": {"user_count": 2, "status_count": 0, "domain_count": 0}, "thumbnail": None, "languages": ["en"],
        "registrations": False, "approval_required": False, "invites_enabled": False,
        "configuration": _configuration(sandbox), "contact_account": None, "rules": [],
    }  # fmt: skip


@routes("GET /api/v2/instance", "GET /api/v2/instance/")
async def second(call: Call) -> Any:
    sandbox = call.sandbox
    configuration = {**_configuration(sandbox), "urls": {"streaming": _streaming(sandbox.base)}}
    return {
        "domain": sandbox.host, "title": _TITLE, "version": sandbox.version, "source_url": "",
        "description": _ABOUT, "usage": {"users": {"active_month": 2}}, "thumbnail": {"url": ""}, "icon": [],
        "languages": ["en"], "configuration": configuration, "api_versions": {"mastodon": 7},
        "registrations": {"enabled": False, "approval_required": False, "message": None},
        "contact": {"email": "", "account": None}, "rules": [],
    }  # fmt: skip


@routes("GET /.well-known/nodeinfo")
async def nodeinfo_links(call: Call) -> Any:
    """nodeinfo.diaspora.software/protocol.html."""
    schema = "http://nodeinfo.diaspora.software/ns/schema/2.0"
    return {"links": [{"rel": schema, "href": f"{call.sandbox.base}/nodeinfo/2.0"}]}


@routes("GET /nodeinfo/2.0")
async def nodeinfo(call: Call) -> Any:
    """Clients learn from it which API is spoken here."""
    count = call.sandbox.database.value
    return {
        "version": "2.0", "software": {"name": "mastodon", "version": call.sandbox.version}, "protocols": [],
        "services": {"inbound": [], "outbound": []}, "openRegistrations": False, "metadata": {"nodeName": _TITLE},
        "usage": {
            "users": {"total": count("SELECT count(*) FROM account")},
            "localPosts": count("SELECT count(*) FROM post"),
        },
    }  # fmt: skip


def _streaming(base: str) -> str:
    return "ws" + base.removeprefix("http")


@routes(*(f"GET /api/{path}" for path in _EMPTY))
async def nothing(call: Call) -> Any:
    return []


@routes(*(f"GET {path}" for path in _FOR_ACCOUNTS), "POST /api/v1/markers")
async def nothing_of_ones_own(call: Call) -> Any:
    call.account()
    return _FOR_ACCOUNTS[call.request.url.path]
