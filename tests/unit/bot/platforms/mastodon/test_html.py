"""Text out of the HTML of posts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.mastodon.entities import OwnAccount, mention
from bot.platforms.mastodon.html import opts_out, plain

OWN = frozenset({"https://here.example/@stylesmith"})
_CARD = (
    '<span class="h-card"><a href="https://{}/@stylesmith" class="u-url mention">@<span>stylesmith</span></a></span>'
)
_ME, _OTHER = _CARD.format("here.example"), _CARD.format("evil.example")
_TAG = '<a href="https://here.example/tags/subtle" class="mention hashtag" rel="tag">#<span>subtle</span></a>'

CASES = {
    "only the handle": (f"<p>{_ME}</p>", ""),
    "handle then words": (f"<p>{_ME} paint this</p>", "paint this"),
    "our handle twice": (f"<p>{_ME} {_ME} paint</p>", "paint"),
    "handle in the middle": (f"<p>please {_ME} paint</p>", "please paint"),
    "the same name elsewhere stays": (f"<p>{_OTHER} paint</p>", "@stylesmith paint"),
    "line break": ("<p>a<br>b<br />c</p>", "a\nb\nc"),
    "paragraphs": ("<p>a</p><p>b</p>", "a\n\nb"),
    "hashtag": (f"<p>{_TAG}</p>", "#subtle"),
    "hidden part of an address": (
        '<a href="https://a.example/x"><span class="invisible">https://</span><span>a.example/x</span></a>',
        "a.example/x",
    ),
    "entities once only": ("<p>&lt;script&gt; &amp;amp;</p>", "<script> &amp;"),
    "a script is not text": ("<script>alert(1)</script>ok<style>p{}</style>", "ok"),
    "void tags inside what is left out": (f"<span class='invisible'>a<br><img>b</span>c {_ME}", "c"),
    "never closed": ("<p><b><i>bold", "bold"),
    "closed too often": ("</p></p>a</span>", "a"),
    "NUL and controls": ("a\x00b\x07c&#0;", "abc\ufffd"),
    "a lone surrogate": ("a\ud800b", "ab"),
    "Chinese": ("<p>像星空一样，随便</p>", "像星空一样，随便"),
    "list": ("<ul><li>a</li><li>b</li></ul>", "a\n\nb"),
    "empty": ("", ""),
}  # fmt: skip


@pytest.mark.parametrize(("html", "text"), CASES.values(), ids=CASES)
def test_html_becomes_the_text_a_reader_sees(html: str, text: str) -> None:
    assert plain(html, OWN) == text


def test_a_hundred_kilobytes_nested_five_thousand_deep_are_read_in_bounds() -> None:
    deep = "<div>" * 5_000 + "x" * 75_000 + "</div>" * 5_000

    assert len(plain(deep)) <= 20_000


@given(st.text(alphabet=st.characters(codec=None), max_size=400))
def test_no_text_breaks_it_and_what_comes_can_be_stored(html: str) -> None:
    plain(html, OWN).encode("utf-8")


@pytest.mark.parametrize(
    ("bio", "out"),
    [
        ("<p>I paint. #nobot</p>", True),
        ('<p><a class="mention hashtag">#<span>NoAI</span></a></p>', True),
        ("#nobots please", True),
        ("#nobotany", False),
        ("no bot here", False),
        ("", False),
    ],
)
def test_an_opt_out_is_found_in_a_bio(bio: str, out: bool) -> None:
    assert opts_out("<p>something else</p>", bio) is out


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("<p>RE: <a href='https://a.example/@ann/1'>a.example/@ann/1</a></p><p>mosaic please</p>", "mosaic please"),
        ("<p>mosaic please RE: https://a.example/@ann/1</p>", "mosaic please"),
        ("<p>re: mosaic please</p>", "re: mosaic please"),
    ],
)
def test_the_address_of_a_quoted_post_is_no_word_of_the_person(content: str, expected: str) -> None:
    account = {"id": "2", "acct": "ben"}
    quoted = {"id": "1", "account": {"id": "3", "acct": "ann"}, "content": "", "visibility": "public"}
    status = {
        "id": "9",
        "account": account,
        "content": content,
        "quote": {"state": "accepted", "quoted_status": quoted},
    }
    assert mention(status, OwnAccount("8", "home.example", frozenset())).text == expected
    for strange in ({}, {"state": "pending"}, {"state": "accepted", "quoted_status": {"id": None}}, "x", 3):
        assert mention({**status, "quote": strange}, OwnAccount("8", "home.example", frozenset())).quoted is None
