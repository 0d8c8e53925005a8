"""The page's documents and files: the timeline, the gallery, one post, and what they load."""

import html
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from bot.sandbox.calls import Call, Routes
from bot.sandbox.errors import not_found
from bot.sandbox.page_words import filled, language_of, words
from bot.sandbox.samples import thumbnail

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

routes = Routes()


@routes("GET /", "GET /gallery")
async def view(call: Call) -> Response:
    return _document(call, call.last_word or "timeline")


@routes("GET /@{acct}/{id:int}")
async def post(call: Call) -> Response:
    """One post in its thread; the address that is shared."""
    return _document(call, "post", _preview(call))


@routes("GET /@{acct}", "GET /tags/{tag}")
async def home(call: Call) -> Response:
    """Profiles and hashtags have no pages here: all posts are on one."""
    return RedirectResponse("/")


def _document(call: Call, name: str, card: str = "") -> Response:
    language = language_of(call.request)
    table = words(language)
    main = filled((_FILES / f"{name}.html").read_text(encoding="utf-8"), table)
    current = {f"current_{view}": "page" if view == name else "false" for view in ("timeline", "gallery")}
    about, title = table["description"], "Stylesmith"
    if name == "gallery":
        about, title = table["gallery_description"], f"{table['gallery']} · Stylesmith"
    frame = (_FILES / "frame.html").read_text(encoding="utf-8")
    values: dict[str, Any] = {**table, **current, "view": name, "about": about, "title": title}
    page = filled(frame, values).replace("<!-- main -->", main).replace("<!-- card -->", card)
    preloads = (f'<link rel="modulepreload" href="/sandbox/{one}.js">' for one in ("words", *_modules(name)))
    page = page.replace("<!-- modules -->", "\n".join(preloads))
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


def _preview(call: Call) -> str:
    """What other programs show of a public post: its picture and its words."""
    sandbox = call.sandbox
    try:
        row = call.post(None)
    except HTTPException:
        return ""
    media = [sandbox.entities.media(media) for media in sandbox.attachments.of_post(row["id"])]
    pictures = [one for one in media if one["type"] == "image" and one["url"]]
    shown = {"og:title": "Stylesmith", "og:type": "article", "og:description": row["text"]}
    if pictures:
        shown |= {"og:image": pictures[0]["url"], "og:image:alt": pictures[0]["description"] or ""}
    return "".join(f'<meta property="{name}" content="{html.escape(text)}">' for name, text in shown.items())


@routes(*(f"GET /sandbox/{name}" for name in _ASSETS))
async def asset(call: Call) -> Response:
    path = _FILES / call.last_word
    return FileResponse(path, media_type=_TYPES[path.suffix], headers=HEADERS)


@routes("GET /sandbox/words.js")
async def words_module(call: Call) -> Response:
    table = json.dumps(words(language_of(call.request)), ensure_ascii=False)
    return Response(f"export default {table};\n", media_type="text/javascript", headers=_SPOKEN)


@routes("GET /sandbox/examples/{name}", "GET /sandbox/styles/{name}")
async def picture(call: Call) -> Response:
    """A photo to try or a house style, whole or as a thumbnail."""
    _, _, kind, name = call.request.url.path.split("/")
    sample = next((one for one in call.request.app.state.samples[kind] if one.name == name), None)
    if sample is None:
        raise not_found()
    headers = {"Cache-Control": "public, max-age=3600", "X-Content-Type-Options": "nosniff"}
    try:
        if "whole" in call.request.query_params:
            return FileResponse(sample.file, headers=headers)
        return Response(await run_in_threadpool(thumbnail, sample.file), media_type="image/jpeg", headers=headers)
    except OSError as error:
        raise not_found() from error


@routes("GET /sandbox/avatar/{id:int}.svg")
async def avatar(call: Call) -> Response:
    """The first letter of a name on a colour."""
    person = call.person()
    letter = person["acct"][0].upper() if person["acct"][0].isalnum() else "?"
    colour = _PALETTE[sum(person["acct"].encode()) % len(_PALETTE)]
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" '
        f'fill="{colour}"/><text x="32" y="43" font-family="sans-serif" font-size="32" fill="#fff" '
        f'text-anchor="middle">{letter}</text></svg>'
    )
    return Response(svg, media_type="image/svg+xml", headers=HEADERS | {"Cache-Control": "max-age=3600"})
