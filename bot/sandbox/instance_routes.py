"""What the sandbox says about itself (docs.joinmastodon.org/methods/instance)."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.sandbox.attachments import DESCRIPTION_LENGTH, IMAGE_TYPES, LIMIT_BYTES, MATRIX_LIMIT_PX, VIDEO_TYPES
from bot.sandbox.faults import FaultPlan
from bot.sandbox.markup import URL_LENGTH
from bot.sandbox.parameters import world
from bot.sandbox.posts import MAX_CHARACTERS, MAX_MEDIA

_TITLE = "Stylesmith sandbox"
_ABOUT = "A place on this machine to talk to the bot."


def _configuration(plan: FaultPlan) -> dict[str, Any]:
    return {
        "accounts": {"max_featured_tags": 10, "max_pinned_statuses": 5},
        "statuses": {
            "max_characters": MAX_CHARACTERS, "max_media_attachments": MAX_MEDIA,
            "characters_reserved_per_url": URL_LENGTH,
        },
        "media_attachments": {
            "supported_mime_types": [*IMAGE_TYPES, *(VIDEO_TYPES if plan.videos else ())],
            "description_limit": DESCRIPTION_LENGTH,
            "image_size_limit": LIMIT_BYTES, "image_matrix_limit": MATRIX_LIMIT_PX, "video_size_limit": LIMIT_BYTES,
            "video_frame_rate_limit": 120, "video_matrix_limit": MATRIX_LIMIT_PX,
        },
        "polls": {"max_options": 4, "max_characters_per_option": 50, "min_expiration": 300, "max_expiration": 2629746},
    }  # fmt: skip


async def first(request: Request) -> Response:
    """GET /api/v1/instance."""
    sandbox = world(request)
    return JSONResponse({
        "uri": sandbox.host, "title": _TITLE, "short_description": _ABOUT, "description": _ABOUT, "email": "",
        "version": sandbox.faults.plan.version, "urls": {"streaming_api": _streaming(sandbox.base)},
        "stats": {"user_count": 2, "status_count": 0, "domain_count": 0}, "thumbnail": None, "languages": ["en"],
        "registrations": False, "approval_required": False, "invites_enabled": False,
        "configuration": _configuration(sandbox.faults.plan), "contact_account": None, "rules": [],
    })  # fmt: skip


async def second(request: Request) -> Response:
    """GET /api/v2/instance."""
    sandbox = world(request)
    configuration = {**_configuration(sandbox.faults.plan), "urls": {"streaming": _streaming(sandbox.base)}}
    return JSONResponse({
        "domain": sandbox.host, "title": _TITLE, "version": sandbox.faults.plan.version, "source_url": "",
        "description": _ABOUT, "usage": {"users": {"active_month": 2}}, "thumbnail": {"url": ""}, "icon": [],
        "languages": ["en"], "configuration": configuration, "api_versions": {"mastodon": 7},
        "registrations": {"enabled": False, "approval_required": False, "message": None},
        "contact": {"email": "", "account": None}, "rules": [],
    })  # fmt: skip


async def nodeinfo_links(request: Request) -> Response:
    """GET /.well-known/nodeinfo (nodeinfo.diaspora.software/protocol.html)."""
    schema = "http://nodeinfo.diaspora.software/ns/schema/2.0"
    return JSONResponse({"links": [{"rel": schema, "href": f"{world(request).base}/nodeinfo/2.0"}]})


async def nodeinfo(request: Request) -> Response:
    """GET /nodeinfo/2.0: clients learn from it which API is spoken here."""
    sandbox = world(request)
    count = sandbox.database.value
    return JSONResponse({
        "version": "2.0", "software": {"name": "mastodon", "version": sandbox.faults.plan.version}, "protocols": [],
        "services": {"inbound": [], "outbound": []}, "openRegistrations": False, "metadata": {"nodeName": _TITLE},
        "usage": {
            "users": {"total": count("SELECT count(*) FROM account")},
            "localPosts": count("SELECT count(*) FROM post"),
        },
    })  # fmt: skip


def _streaming(base: str) -> str:
    return "ws" + base.removeprefix("http")


ROUTES = [
    Route("/.well-known/nodeinfo", nodeinfo_links),
    Route("/nodeinfo/2.0", nodeinfo),
    Route("/api/v1/instance", first),
    Route("/api/v1/instance/", first),
    Route("/api/v2/instance", second),
    Route("/api/v2/instance/", second),
]
