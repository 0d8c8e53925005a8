"""What the page asks beyond the client API: who you are on it, threads with the state of each wish, and previews."""

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.pictures.formats import OPENED
from bot.pictures.limits import Limits
from bot.sandbox.attachments import LIMIT_BYTES
from bot.sandbox.errors import not_found
from bot.sandbox.page_words import language_of
from bot.sandbox.parameters import account, asked, world
from bot.sandbox.posts import MAX_MEDIA, Slice
from bot.sandbox.progress import Stage
from bot.sandbox.samples import Sample
from bot.sandbox.threads import Threads

_UNSAVED = {"Cache-Control": "no-store"}
_MOST_THREADS = 200


async def session(request: Request) -> Response:
    """GET /sandbox/session: the token that the page uses. Whoever can open the page may speak as its person."""
    sandbox, state, language = world(request), request.app.state, language_of(request)
    who = sandbox.people.bearer(state.page_token)
    person = sandbox.people.by_id(who.account) if who and who.account else None
    return JSONResponse(
        {
            "token": state.page_token, "handle": person["acct"] if person else "", "bot": state.bot,
            "limits": _limits(), "examples": [_sample(one, "examples", language) for one in state.examples],
            "styles": [_sample(one, "styles", language) for one in state.styles],
        },
        headers=_UNSAVED | {"Vary": "Accept-Language"},
    )  # fmt: skip


def _limits() -> dict[str, Any]:
    """What the bot and this server take, so that anything else is said before it is sent."""
    limits = Limits()
    return {
        "types": sorted(OPENED), "bytes": min(LIMIT_BYTES, limits.input_bytes), "pixels": limits.pixels,
        "jpeg_pixels": limits.jpeg_pixels,
        "shortest": limits.shortest_px, "ratio": limits.ratio, "pictures": MAX_MEDIA,
    }  # fmt: skip


def _sample(sample: Sample, folder: str, language: str) -> dict[str, str]:
    address = f"/sandbox/{folder}/{sample.name}"
    return {
        "name": sample.name, "title": sample.title.get(language, sample.name), "credit": sample.credit,
        "says": sample.calls.get(language, ""), "thumbnail": address, "picture": f"{address}?whole",
    }  # fmt: skip


async def threads(request: Request) -> Response:
    """GET /sandbox/threads: the newest threads, each with its replies and where its paintings stand."""
    me = account(request, "read:statuses")
    part = (await asked(request)).slice(20, _MOST_THREADS)
    found = _reader(request, me).newest(Slice(part.limit + 1, part.max_id))
    shown = found[: part.limit]
    return await _told(request, shown, {"threads": shown, "older": len(found) > part.limit})


async def thread(request: Request) -> Response:
    """GET /sandbox/threads/:id: the thread of one post."""
    me = account(request, "read:statuses")
    found = _reader(request, me).around(request.path_params["id"])
    return await _told(request, [found], {"threads": [found], "older": False})


def _reader(request: Request, me: int) -> Threads:
    return Threads(world(request), request.app.state.bot, me)


async def _told(request: Request, shown: list[dict[str, Any]], answer: dict[str, Any]) -> Response:
    sandbox = world(request)
    await run_in_threadpool(_fill, request, shown)
    bot = sandbox.people.by_acct(request.app.state.bot)
    studio = await run_in_threadpool(sandbox.work.studio) if sandbox.work else None
    answer |= {
        "bot_here": sandbox.presence.here(bot["id"]) if bot else None,
        "queue": studio is not None, "painters": studio.workers if studio else 0,
    }  # fmt: skip
    return JSONResponse(answer, headers=_UNSAVED)


def _fill(request: Request, found: list[dict[str, Any]]) -> None:
    """Ask the queue about every request that is still open."""
    work = world(request).work
    for asking in (entry for thread in found for entry in thread["posts"] if entry["open"]):
        asking["stages"] = [_stage(one) for one in (work.stages(int(asking["status"]["id"])) if work else ())]


def _stage(stage: Stage) -> dict[str, Any]:
    at = stage.progress
    return {
        "place": stage.place, "left_s": stage.left_s, "fraction": at.fraction if at else 0,
        "stage": at.stage if at else "", "preview": f"/sandbox/preview/{at.preview}" if at and at.preview else None,
    }  # fmt: skip


async def preview(request: Request) -> Response:
    """GET /sandbox/preview/:key: a painting so far."""
    work, key = world(request).work, request.path_params["key"]
    data = await run_in_threadpool(work.preview, key) if work else None
    if data is None:
        raise not_found()
    headers = {"Cache-Control": "private, max-age=600", "X-Content-Type-Options": "nosniff"}
    return Response(data, media_type="image/jpeg", headers=headers)


ROUTES = [
    Route("/sandbox/session", session),
    Route("/sandbox/threads", threads),
    Route("/sandbox/threads/{id:int}", thread),
    Route("/sandbox/preview/{key:str}", preview),
]
