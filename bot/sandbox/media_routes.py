"""Files over HTTP: upload, processing, alt text, download (docs.joinmastodon.org/methods/media)."""

import sqlite3

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.sandbox.attachments import is_film, name_of
from bot.sandbox.errors import invalid, not_found
from bot.sandbox.parameters import account, asked, world

_YEAR_S = 365 * 24 * 3600
_HEADERS = {
    "Cache-Control": f"public, max-age={_YEAR_S}, immutable",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
}


async def upload(request: Request) -> Response:
    """POST /api/v2/media, and /api/v1/media as older servers have it."""
    me = account(request, "write:media")
    asking, sandbox = await asked(request), world(request)
    file = asking.files.get("file")
    if file is None:
        raise invalid("File can't be blank")
    wait_s, data = sandbox.faults.plan.processing_s, await file.read()
    if is_film(data) and not sandbox.faults.plan.videos:
        raise invalid("Validation failed: File content type is invalid")
    media = sandbox.attachments.add(
        me, data, mime=file.content_type or "", description=asking.text("description"),
        focus=asking.text("focus"), ready_at=sandbox.database.now() + wait_s,
    )  # fmt: skip
    sandbox.record("upload", media=str(media), account=str(me))
    return JSONResponse(sandbox.entities.media(_own(request, media, me)), 202 if wait_s else 200)


async def state(request: Request) -> Response:
    """GET /api/v1/media/:id: 206 until it is processed."""
    me, sandbox = account(request, "write:media"), world(request)
    entity = sandbox.entities.media(_own(request, request.path_params["id"], me))
    return JSONResponse(entity, 200 if entity["url"] else 206)


async def describe(request: Request) -> Response:
    """PUT /api/v1/media/:id."""
    me, asking, sandbox = account(request, "write:media"), await asked(request), world(request)
    row = _own(request, request.path_params["id"], me)
    sandbox.attachments.describe(row["id"], asking.maybe("description"), asking.maybe("focus"))
    return JSONResponse(sandbox.entities.media(_own(request, row["id"], me)))


async def file(request: Request) -> Response:
    """GET /media/:id/:name: the bytes. What is no picture comes as a download that no browser runs."""
    row = _shown(request)
    return FileResponse(world(request).attachments.path(row), media_type=row["mime"], headers=_HEADERS)


async def small(request: Request) -> Response:
    """GET /media/:id/:name/small: a small JPEG of a picture; the file itself where none can be made."""
    row, sandbox = _shown(request), world(request)
    preview = await run_in_threadpool(sandbox.previews.of, sandbox.attachments.path(row))
    if preview is None:
        return RedirectResponse(request.url.path.removesuffix("/small"))
    return FileResponse(preview, media_type="image/jpeg", headers=_HEADERS)


def _shown(request: Request) -> sqlite3.Row:
    row = world(request).attachments.get(request.path_params["id"])
    if row is None or request.path_params["name"] != name_of(row):
        raise not_found()
    return row


def _own(request: Request, media: int, me: int) -> sqlite3.Row:
    row = world(request).attachments.get(media)
    if row is None or row["account"] != me:
        raise not_found()
    return row


ROUTES = [
    Route("/api/v1/media", upload, methods=["POST"]),
    Route("/api/v2/media", upload, methods=["POST"]),
    Route("/api/v1/media/{id:int}", state, methods=["GET"]),
    Route("/api/v1/media/{id:int}", describe, methods=["PUT"]),
    Route("/media/{id:int}/{name}", file),
    Route("/media/{id:int}/{name}/small", small),
]
