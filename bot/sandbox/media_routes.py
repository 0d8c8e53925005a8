"""Files over HTTP: upload, processing, alt text, download (docs.joinmastodon.org/methods/media)."""

import sqlite3
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response

from bot.sandbox.attachments import name_of
from bot.sandbox.calls import Call, Routes
from bot.sandbox.errors import invalid, not_found

_YEAR_S = 365 * 24 * 3600
_HEADERS = {
    "Cache-Control": f"public, max-age={_YEAR_S}, immutable",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
}

routes = Routes()


@routes("POST /api/v1/media", "POST /api/v2/media")
async def upload(call: Call) -> Response:
    """202 while it is processed."""
    me, given = call.account("write:media"), call.parameters
    file = given.get("file")
    if not isinstance(file, UploadFile):
        raise invalid("File can't be blank")
    media = call.sandbox.attachments.add(
        me, await file.read(), mime=file.content_type or "", description=given.text("description")
    )
    entity = call.sandbox.entities.media(_own(call, media, me))
    return JSONResponse(entity, 200 if entity["url"] else 202)


@routes("GET /api/v1/media/{id:int}")
async def state(call: Call) -> Response:
    """206 until it is processed."""
    entity = call.sandbox.entities.media(_own(call, call.id, call.account("write:media")))
    return JSONResponse(entity, 200 if entity["url"] else 206)


@routes("PUT /api/v1/media/{id:int}")
async def describe(call: Call) -> Any:
    me, given = call.account("write:media"), call.parameters
    row = _own(call, call.id, me)
    call.sandbox.attachments.describe(row["id"], given.maybe("description"))
    return call.sandbox.entities.media(_own(call, row["id"], me))


@routes("GET /media/{id:int}/{name}")
async def file(call: Call) -> Response:
    """The bytes. What is no picture comes as a download that no browser runs."""
    row = _shown(call)
    return FileResponse(call.sandbox.attachments.path(row), media_type=row["mime"], headers=_HEADERS)


@routes("GET /media/{id:int}/{name}/small")
async def small(call: Call) -> Response:
    """A small JPEG of a picture; the file itself where none can be made."""
    path = call.sandbox.attachments.path(_shown(call))
    preview = await run_in_threadpool(call.sandbox.previews.of, path)
    if preview is None:
        return RedirectResponse(call.request.url.path.removesuffix("/small"))
    return FileResponse(preview, media_type="image/jpeg", headers=_HEADERS)


def _shown(call: Call) -> sqlite3.Row:
    row = call.sandbox.attachments.get(call.id)
    if row is None or call.request.path_params["name"] != name_of(row):
        raise not_found()
    return row


def _own(call: Call, media: int, me: int) -> sqlite3.Row:
    row = call.sandbox.attachments.get(media)
    if row is None or row["account"] != me:
        raise not_found()
    return row
