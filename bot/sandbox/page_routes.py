"""The page's documents and files: the timeline, the gallery, one post, and what they load."""

import html
import re
from functools import cache
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.sandbox.errors import ApiError, not_found
from bot.sandbox.page_words import filled, language_of, script, words
from bot.sandbox.parameters import world
from bot.sandbox.samples import Sample, named, thumbnail

_FILES = Path(__file__).parent / "page"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
_SPOKEN = HEADERS | {"Vary": "Accept-Language"}
_ASSETS = sorted(file.name for file in _FILES.iterdir() if file.suffix in (".css", ".js", ".svg"))
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_IMPORT = re.compile(r'from "/sandbox/(\w+)\.js"')
_PALETTE = ("#7a5cff", "#c2365c", "#0a7d72", "#9c5a0b", "#2f6cbf", "#7a5c2e")


async def timeline(request: Request) -> Response:
    """GET /: ask, and see what comes of it."""
    return _document(request, "timeline")


async def gallery(request: Request) -> Response:
    """GET /gallery: every painting."""
    return _document(request, "gallery")


async def post(request: Request) -> Response:
    """GET /@name/:id: one post in its thread; the address that is shared."""
    return _document(request, "post", _preview(request))


async def home(request: Request) -> Response:
    """GET /@name, /tags/:tag: in so small a place all posts are on one page."""
    return RedirectResponse("/")


def _document(request: Request, name: str, card: str = "") -> Response:
    language = language_of(request)
    table = words(language)
    main = filled((_FILES / f"{name}.html").read_text(encoding="utf-8"), table)
    current = {f"current_{view}": "page" if view == name else "false" for view in ("timeline", "gallery")}
    about = table["gallery_description"] if name == "gallery" else table["description"]
    frame = (_FILES / "frame.html").read_text(encoding="utf-8")
    values: dict[str, Any] = {**table, **current, "view": name, "about": about, "title": _title(table, name)}
    page = filled(frame, values).replace("<!-- main -->", main).replace("<!-- card -->", card)
    page = page.replace("<!-- modules -->", "\n".join(map(_preload, ("words", *_modules(name)))))
    return HTMLResponse(page, headers=_SPOKEN)


@cache
def _modules(name: str) -> tuple[str, ...]:
    """Every module of the page that `name` needs, so that a browser fetches them at once."""
    found, open_ = [name], [name]
    while open_:
        text = (_FILES / f"{open_.pop()}.js").read_text(encoding="utf-8")
        new = [one for one in _IMPORT.findall(text) if one not in found and one != "words"]
        found += new
        open_ += new
    return tuple(found)


def _preload(name: str) -> str:
    return f'<link rel="modulepreload" href="/sandbox/{name}.js">'


def _title(table: dict[str, Any], name: str) -> str:
    return f"{table['gallery']} · Stylesmith" if name == "gallery" else "Stylesmith"


def _preview(request: Request) -> str:
    """What other programs show of a public post: its picture and its words."""
    sandbox = world(request)
    try:
        row = sandbox.posts.visible(request.path_params["id"], None)
    except ApiError:
        return ""
    media = [sandbox.entities.media(media) for media in sandbox.attachments.of_post(row["id"])]
    pictures = [one for one in media if one["type"] == "image" and one["url"]]
    shown = {"og:title": "Stylesmith", "og:type": "article", "og:description": row["text"]}
    if pictures:
        shown |= {"og:image": pictures[0]["url"], "og:image:alt": pictures[0]["description"] or ""}
    return "".join(f'<meta property="{name}" content="{html.escape(text)}">' for name, text in shown.items())


async def asset(request: Request) -> Response:
    """GET /sandbox/page.css and the others."""
    path = _FILES / request.url.path.rsplit("/", 1)[1]
    return FileResponse(path, media_type=_TYPES[path.suffix], headers=HEADERS)


async def words_module(request: Request) -> Response:
    """GET /sandbox/words.js: the page's words in the browser's language."""
    return Response(script(language_of(request)), media_type="text/javascript", headers=_SPOKEN)


async def example(request: Request) -> Response:
    """GET /sandbox/examples/:name: a photo to try, whole or as a thumbnail."""
    return await _picture(named(request.app.state.examples, request.path_params["name"]), request)


async def style(request: Request) -> Response:
    """GET /sandbox/styles/:name: a house style, whole or as a thumbnail."""
    return await _picture(named(request.app.state.styles, request.path_params["name"]), request)


async def _picture(sample: Sample | None, request: Request) -> Response:
    if sample is None:
        raise not_found()
    headers = {"Cache-Control": "public, max-age=3600", "X-Content-Type-Options": "nosniff"}
    try:
        if "whole" in request.query_params:
            return FileResponse(sample.file, headers=headers)
        return Response(await run_in_threadpool(thumbnail, sample.file), media_type="image/jpeg", headers=headers)
    except OSError as error:
        raise not_found() from error


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
    Route("/", timeline),
    Route("/gallery", gallery),
    Route("/@{acct}/{id:int}", post),
    Route("/@{acct}", home),
    Route("/tags/{tag}", home),
    *(Route(f"/sandbox/{name}", asset) for name in _ASSETS),
    Route("/sandbox/words.js", words_module),
    Route("/sandbox/examples/{name}", example),
    Route("/sandbox/styles/{name}", style),
    Route("/sandbox/avatar/{id:int}.svg", avatar),
]
