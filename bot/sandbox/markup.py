"""Plain text to the HTML in which Mastodon hands out posts, and the people named in it."""

import html
import re
from collections.abc import Callable

URL_LENGTH = 23
"""What any address counts for in a post's length (docs.joinmastodon.org/user/posting)."""

_URL = r"https?://[^\s<>\"]+"
_HANDLE = r"(?<![\w/@])@(?P<name>\w+(?:[.-]+\w+)*)(?:@(?P<host>[\w-]+(?:\.[\w-]+)*(?::\d+)?))?"
_TAG = r"(?<![\w/#&])#(?P<tag>\w*[^\W\d_]\w*)"
_PARTS = re.compile(rf"(?P<url>{_URL})|{_HANDLE}|{_TAG}")

Resolve = Callable[[str], str | None]
"""A handle without its first @ -> address of that person's page, or None when nobody has it."""


def handles(text: str) -> list[str]:
    """Every handle in `text`, without the first @, in order and once."""
    found = (_handle(match) for match in _PARTS.finditer(text) if match["name"])
    return list(dict.fromkeys(found))


def tags(text: str) -> list[str]:
    """Every hashtag in `text`, without its #, in small letters, in order and once."""
    return list(dict.fromkeys(match["tag"].lower() for match in _PARTS.finditer(text) if match["tag"]))


def length(text: str) -> int:
    """Characters as Mastodon counts them: an address is 23, a handle is its name without the host."""

    def weighed(match: re.Match[str]) -> str:
        return "x" * URL_LENGTH if match["url"] else f"@{match['name']}" if match["name"] else match[0]

    return len(_PARTS.sub(weighed, text))


def render(text: str, base: str, resolve: Resolve) -> str:
    """Paragraphs, line breaks and links as Mastodon writes them; everything else escaped."""
    if not text.strip():
        return ""
    paragraphs = re.split(r"\n{2,}", text.strip().replace("\r\n", "\n"))
    return "".join(f"<p>{_linked(paragraph, base, resolve)}</p>" for paragraph in paragraphs)


def _linked(text: str, base: str, resolve: Resolve) -> str:
    parts, end = [], 0
    for match in _PARTS.finditer(text):
        parts.append(_escaped(text[end : match.start()]))
        parts.append(_link(match, base, resolve))
        end = match.end()
    return "".join([*parts, _escaped(text[end:])])


def _link(match: re.Match[str], base: str, resolve: Resolve) -> str:
    if match["url"]:
        return _address(match["url"])
    if match["tag"]:
        tag = html.escape(match["tag"])
        return f'<a href="{base}/tags/{tag.lower()}" class="mention hashtag" rel="tag">#<span>{tag}</span></a>'
    page = resolve(_handle(match))
    if page is None:
        return _escaped(match[0])
    name = html.escape(match["name"])
    link = f'<a href="{html.escape(page)}" class="u-url mention">@<span>{name}</span></a>'
    return f'<span class="h-card" translate="no">{link}</span>'


def _address(url: str) -> str:
    scheme, rest = url.split("://", 1)
    shown, hidden = html.escape(rest[:30]), html.escape(rest[30:])
    middle = f'<span class="ellipsis">{shown}</span>' if hidden else f"<span>{shown}</span>"
    body = f'<span class="invisible">{scheme}://</span>{middle}<span class="invisible">{hidden}</span>'
    return f'<a href="{html.escape(url)}" target="_blank" rel="nofollow noopener" translate="no">{body}</a>'


def _handle(match: re.Match[str]) -> str:
    return f"{match['name']}@{match['host']}" if match["host"] else match["name"]


def _escaped(text: str) -> str:
    return html.escape(text, quote=False).replace("\n", "<br />")
