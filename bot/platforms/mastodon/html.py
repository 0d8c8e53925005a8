"""The HTML in which Mastodon hands out text, back to plain text."""

import re
from collections.abc import Container
from html.parser import HTMLParser

LONGEST = 20_000
"""Characters of HTML that are read; far above any server's limit for a post."""
_OPT_OUT = re.compile(r"#\s?(nobots?|noai)\b", re.IGNORECASE)
_BLOCKS = frozenset({"p", "div", "blockquote", "ul", "ol", "li", "pre", "h1", "h2", "h3", "h4", "h5", "h6"})
_VOID = frozenset({"br", "img", "hr", "wbr", "input", "meta", "link"})
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""What no text needs and what cannot be stored; markup has its own line breaks."""


def plain(html: str, own: Container[str] = ()) -> str:
    """The text a reader sees. `own` holds the addresses of our own page: links to them (our handle) are left out.

    br is a line break, p a paragraph; parts of addresses that Mastodon hides are left out.
    """
    reader = _Reader(own)
    reader.feed(html[:LONGEST])
    reader.close()
    lines = [" ".join(line.split()) for line in _CONTROLS.sub("", "".join(reader.text)).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def opts_out(*html: str) -> bool:
    """Whether any of these (a bio, fields) says #nobot or #noai."""
    return any(_OPT_OUT.search(plain(text)) for text in html)


class _Reader(HTMLParser):
    """Collects text; knows by one counter whether it is inside something left out."""

    def __init__(self, own: Container[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.text: list[str] = []
        self._own = own
        self._left_out: list[str] = []
        """Tags open since the one that is left out."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br" and not self._left_out:
            self.text.append("\n")
        if tag in _VOID:
            return
        if self._left_out:
            self._left_out.append(tag)
        elif self._is_left_out(tag, dict(attrs)):
            self._left_out.append(tag)
            self.text.append(" " if tag == "a" else "")
        elif tag in _BLOCKS:
            self.text.append("\n\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._left_out:
            while self._left_out.pop() != tag:
                pass
        elif tag in _BLOCKS and not self._left_out:
            self.text.append("\n\n")

    def handle_data(self, data: str) -> None:
        if not self._left_out:
            self.text.append(data.replace("\n", " ").replace("\r", " "))

    def parse_marked_section(self, i: int, report: bool = True) -> int:  # as in its parent
        """`<![...` is a comment that nobody closed; Python before 3.13.4 raises AssertionError over it."""
        return self.parse_bogus_comment(i, report)

    def _is_left_out(self, tag: str, attrs: dict[str, str | None]) -> bool:
        if tag in ("script", "style"):
            return True
        classes = (attrs.get("class") or "").split()
        if tag == "span" and "invisible" in classes:
            return True
        return (
            tag == "a" and "mention" in classes and "hashtag" not in classes and (attrs.get("href") or "") in self._own
        )
