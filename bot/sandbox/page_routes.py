"""The page: its three files, who you are on it, the threads with the state of each request, and previews."""

from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from bot.sandbox.asking import account, asked, world
from bot.sandbox.posts import Slice
from bot.sandbox.problems import not_found
from bot.sandbox.threads import Threads

_FILES = Path(__file__).parent / "page"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
_ASSETS = ("page.css", "page.js", "api.js", "dom.js", "compose.js", "thread.js", "slider.js", "icon.svg")
_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_PALETTE = ("#7a5cff", "#e0567a", "#0f9b8e", "#d98324", "#3f7fd6", "#8a6d3b")


async def page(request: Request) -> Response:
    """GET /."""
    return _file("index.html")


async def asset(request: Request) -> Response:
    """GET /sandbox/page.css and the others."""
    return _file(request.url.path.rsplit("/", 1)[1])


def _file(name: str) -> Response:
    path = _FILES / name
    return FileResponse(path, media_type=_TYPES[path.suffix], headers=HEADERS)


async def session(request: Request) -> Response:
    """GET /sandbox/session: the token that the page uses. Whoever can open the page may speak as its person."""
    sandbox, state = world(request), request.app.state
    who = sandbox.people.bearer(state.page_token)
    person = sandbox.people.by_id(who.account) if who and who.account else None
    handle = person["acct"] if person else ""
    answer = {"token": state.page_token, "handle": handle, "bot": state.bot, "queue": sandbox.work is not None}
    return JSONResponse(answer, headers={"Cache-Control": "no-store"})


async def threads(request: Request) -> Response:
    """GET /sandbox/threads: the newest threads, each with its replies and where its paintings stand."""
    me = account(request, "read:statuses")
    part = (await asked(request)).slice(20, 40)
    reader = Threads(world(request), request.app.state.bot, me)
    found = reader.newest(Slice(part.limit, part.max_id))
    await run_in_threadpool(_fill, request, found)
    return JSONResponse(found, headers={"Cache-Control": "no-store"})


def _fill(request: Request, found: list[dict[str, Any]]) -> None:
    """Ask the queue about every request that is still open."""
    work = world(request).work
    for asking in (entry for thread in found for entry in thread["posts"] if entry["open"]):
        stages = work.stages(int(asking["status"]["id"])) if work else []
        asking["stages"] = [
            {
                "place": stage.place,
                "fraction": stage.progress.fraction if stage.progress else 0,
                "stage": stage.progress.stage if stage.progress else "",
                "remaining_s": stage.progress.remaining_s if stage.progress else None,
                "preview": f"/sandbox/preview/{stage.progress.preview}"
                if stage.progress and stage.progress.preview
                else None,
            }
            for stage in stages
        ]


async def preview(request: Request) -> Response:
    """GET /sandbox/preview/:key: a painting so far."""
    work, key = world(request).work, request.path_params["key"]
    data = await run_in_threadpool(work.preview, key) if work else None
    if data is None:
        raise not_found()
    headers = {"Cache-Control": "private, max-age=600", "X-Content-Type-Options": "nosniff"}
    return Response(data, media_type="image/jpeg", headers=headers)


async def avatar(request: Request) -> Response:
    """GET /sandbox/avatar/:id.svg: the first letter of a name on a colour."""
    person = world(request).people.by_id(request.path_params["id"])
    if person is None:
        raise not_found()
    letter = person["acct"][0].upper() if person["acct"][0].isalnum() else "?"
    colour = _PALETTE[sum(person["acct"].encode()) % len(_PALETTE)]
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" '
        f'fill="{colour}"/><text x="32" y="43" font-family="sans-serif" font-size="32" fill="#fff" '
        f'text-anchor="middle">{letter}</text></svg>'
    )
    return Response(svg, media_type="image/svg+xml", headers=HEADERS | {"Cache-Control": "max-age=3600"})


ROUTES = [
    Route("/", page),
    *(Route(f"/sandbox/{name}", asset) for name in _ASSETS),
    Route("/sandbox/session", session),
    Route("/sandbox/threads", threads),
    Route("/sandbox/preview/{key:str}", preview),
    Route("/sandbox/avatar/{id:int}.svg", avatar),
]
