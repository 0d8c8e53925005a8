"""What the page asks beyond the client API: who you are on it, threads with the state of each wish, and previews."""

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from bot.pictures.formats import OPENED
from bot.pictures.limits import Limits
from bot.sandbox.attachments import LIMIT_BYTES
from bot.sandbox.calls import Call, Routes
from bot.sandbox.errors import not_found
from bot.sandbox.page_words import language_of
from bot.sandbox.posts import MAX_MEDIA
from bot.sandbox.samples import Sample
from bot.sandbox.slices import Slice
from bot.sandbox.threads import Threads

_UNSAVED = {"Cache-Control": "no-store"}
_MOST_THREADS = 200

routes = Routes()


@routes("GET /sandbox/session")
async def session(call: Call) -> Response:
    """The token that the page uses. Whoever can open the page may speak as its person."""
    sandbox, state, language = call.sandbox, call.request.app.state, language_of(call.request)
    who = sandbox.accounts.bearer(state.page_token)
    person = sandbox.accounts.by_id(who.account) if who and who.account else None
    return JSONResponse(
        {
            "token": state.page_token, "handle": person["acct"] if person else "", "bot": state.bot,
            "limits": _limits(),
            **{kind: [_sample(one, kind, language) for one in samples] for kind, samples in state.samples.items()},
        },
        headers=_UNSAVED | {"Vary": "Accept-Language"},
    )  # fmt: skip


def _limits() -> dict[str, Any]:
    """What the bot and this server take, so that anything else is said before it is sent."""
    limits = Limits()
    return {
        "types": sorted(OPENED), "bytes": min(LIMIT_BYTES, limits.input_bytes), "pixels": limits.pixels,
        "jpeg_pixels": limits.jpeg_pixels, "shortest": limits.shortest_px, "ratio": limits.ratio, "pictures": MAX_MEDIA,
    }  # fmt: skip


def _sample(sample: Sample, folder: str, language: str) -> dict[str, str]:
    address = f"/sandbox/{folder}/{sample.name}"
    return {
        "name": sample.name, "title": sample.title.get(language, sample.name), "credit": sample.credit,
        "says": sample.calls.get(language, ""), "thumbnail": address, "picture": f"{address}?whole",
    }  # fmt: skip


@routes("GET /sandbox/threads")
async def threads(call: Call) -> Response:
    """The newest threads, each with its replies and where its paintings stand."""
    part = call.parameters.slice(20, _MOST_THREADS)
    found = _threads(call).newest(Slice(part.limit + 1, part.max_id))
    return await _answer(call, found[: part.limit], older=len(found) > part.limit)


@routes("GET /sandbox/threads/{id:int}")
async def thread(call: Call) -> Response:
    return await _answer(call, [_threads(call).around(call.id)], older=False)


def _threads(call: Call) -> Threads:
    return Threads(call.sandbox, call.request.app.state.bot, call.account("read:statuses"))


async def _answer(call: Call, shown: list[dict[str, Any]], *, older: bool) -> Response:
    sandbox = call.sandbox
    await run_in_threadpool(_fill, call, shown)
    bot = sandbox.accounts.by_acct(call.request.app.state.bot)
    painters = await run_in_threadpool(sandbox.progress.painters) if sandbox.progress else None
    answer = {
        "threads": shown, "older": older, "bot_here": sandbox.presence.here(bot["id"]) if bot else None,
        "queue": painters is not None, "painters": painters.workers if painters else 0,
    }  # fmt: skip
    return JSONResponse(answer, headers=_UNSAVED)


def _fill(call: Call, found: list[dict[str, Any]]) -> None:
    """Ask the queue about every request that is still open."""
    progress = call.sandbox.progress
    for asking in (entry for thread in found for entry in thread["posts"] if entry["open"]):
        asking["stages"] = progress.stages(int(asking["status"]["id"])) if progress else []


@routes("GET /sandbox/preview/{key:str}")
async def preview(call: Call) -> Response:
    progress, key = call.sandbox.progress, call.request.path_params["key"]
    data = await run_in_threadpool(progress.preview, key) if progress else None
    if data is None:
        raise not_found()
    headers = {"Cache-Control": "private, max-age=600", "X-Content-Type-Options": "nosniff"}
    return Response(data, media_type="image/jpeg", headers=headers)
