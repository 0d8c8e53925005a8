"""Plain text becomes the HTML that Mastodon hands out."""

import pytest

from bot.platforms.mastodon.html import plain
from bot.sandbox.markup import handles, length, render

BASE = "http://here.example"


def html(text: str) -> str:
    return render(text, BASE, lambda handle: f"{BASE}/@{handle}" if handle == "ann" else None)


CASES = {
    "words": ("hello", "<p>hello</p>"),
    "lines and paragraphs": ("a\nb\n\n\nc", "<p>a<br />b</p><p>c</p>"),
    "markup is text": ("<b>&amp;", "<p>&lt;b&gt;&amp;amp;</p>"),
    "somebody": (
        "@ann",
        '<p><span class="h-card" translate="no">'
        '<a href="http://here.example/@ann" class="u-url mention">@<span>ann</span></a></span></p>',
    ),
    "nobody": ("@bob x@ann", "<p>@bob x@ann</p>"),
    "a tag": (
        "#Sub",
        '<p><a href="http://here.example/tags/sub" class="mention hashtag" rel="tag">#<span>Sub</span></a></p>',
    ),
    "no tag": ("#12 a#b", "<p>#12 a#b</p>"),
    "empty": (" \n", ""),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES)
def test_text_is_rendered_as_mastodon_does(text: str, expected: str) -> None:
    assert html(text) == expected


def test_what_is_rendered_is_read_back() -> None:
    text = "@ann #风格 <please> & thanks\nhttps://example.org/a?b=c\n\nyes"

    assert plain(html(text), {f"{BASE}/@ann"}) == "#风格 <please> & thanks\nexample.org/a?b=c\n\nyes"


def test_handles_are_found_once_and_in_order() -> None:
    assert handles("@a @b@x.example @a mail@c.example https://x.example/@d @e.") == ["a", "b@x.example", "e"]


def test_addresses_and_hosts_count_less() -> None:
    assert length("https://example.org/" + "x" * 100) == 23
    assert length("@ann@a.very.long.host.example hi") == len("@ann hi")
