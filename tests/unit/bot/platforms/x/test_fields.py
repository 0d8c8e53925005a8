"""X's posts as mentions, in both spellings of their fields."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.platforms.x.fields import ids_of, mention_of, opted_out, page_of, replied_to, some_time_before
from bot.posts import Media


def post(word: str = "tweet", **fields: Any) -> dict[str, Any]:
    known = {
        "id": "20",
        f"edit_history_{word}_ids": ["20"],
        "author_id": "101",
        "text": "@stylesmith strong &amp; wild",
    }
    return known | fields


@pytest.mark.parametrize("word", ["tweet", "post"])
def test_both_spellings_are_read_alike(word: str) -> None:
    references = [{"type": "quoted", "id": "3"}, {"type": "replied_to", "id": "4"}]
    raw = post(word, **{f"edit_history_{word}_ids": ["18", "20"], f"referenced_{word}s": references})
    mention = mention_of(raw, {}, "9000")
    assert (mention.id, mention.in_reply_to, mention.text) == ("18", "4", "strong & wild")
    assert replied_to(raw) == "4"


def test_pictures_keep_the_order_of_the_post_and_not_of_the_includes() -> None:
    media = [
        {
            "media_key": "3_2",
            "type": "photo",
            "url": "https://pbs.example/2.jpg",
            "alt_text": "second",
            "width": 9,
            "height": 8,
        },
        {"media_key": "3_1", "type": "photo", "url": "https://pbs.example/1.jpg?format=jpg&name=small"},
    ]
    body = {"data": [post(attachments={"media_keys": ["3_1", "3_2"]})], "includes": {"media": media}}
    first, second = page_of(body, "9000")[0].attachments
    assert first.url == "https://pbs.example/1.jpg?name=orig"
    assert first.fallback_urls == (
        "https://pbs.example/1.jpg?name=4096x4096",
        "https://pbs.example/1.jpg?name=large",
        "https://pbs.example/1.jpg?format=jpg&name=small",
    )
    assert (second.description, second.width_px, second.height_px) == ("second", 9, 8)


@pytest.mark.parametrize(
    ("one", "kind"),
    [
        ({"type": "video", "preview_image_url": "https://pbs.example/1.jpg"}, Media.OTHER),
        ({"type": "animated_gif"}, Media.OTHER),
        ({"type": "photo"}, Media.PENDING),
        ({}, Media.OTHER),
    ],
)
def test_what_is_no_photo_is_never_fetched(one: dict[str, Any], kind: Media) -> None:
    (attachment,) = mention_of(post(attachments={"media_keys": ["k"]}), {"k": one}, "9000").attachments
    assert (attachment.media, attachment.url) == (kind, "")


def test_an_answer_to_us_knows_its_parent_for_nothing() -> None:
    raw = post(referenced_tweets=[{"type": "replied_to", "id": "4"}], in_reply_to_user_id="9000")
    parent = mention_of(raw, {}, "9000").parent
    assert parent is not None
    assert (parent.id, parent.by_us) == ("4", True)
    assert mention_of(raw, {}, "9001").parent is None


def test_time_language_and_sensitivity_are_carried() -> None:
    mention = mention_of(post(created_at="2026-08-20T12:00:00.000Z", lang="zh", possibly_sensitive=True), {}, "9000")
    assert mention.created_at == datetime(2026, 8, 20, 12, tzinfo=UTC)
    assert (mention.language, mention.sensitive) == ("zh", True)
    at = datetime.fromtimestamp(1_787_227_200.123, UTC)
    snowflake = str((1_787_227_200_123 - 1_288_834_974_657) << 22)
    assert mention_of({"id": snowflake, "created_at": "2026-08-20T12:00:00.000Z"}, {}, "9000").created_at == at
    assert mention_of(post(created_at="yesterday", lang="und"), {}, "9000").language == ""


def test_long_posts_are_read_in_full_and_handles_in_front_are_not() -> None:
    raw = post(text="@a @b @stylesmith str…", note_tweet={"text": "@a @b @stylesmith strong, @c is here"})
    assert mention_of(raw, {}, "9000").text == "strong, @c is here"


def test_text_that_cannot_be_stored_is_left_out() -> None:
    assert mention_of(post(text="str\ud800o\x00ng &#x202e;"), {}, "9000").text == "strong \u202e"


def test_reposts_are_no_mentions_but_count_for_the_cursor() -> None:
    body = {"data": [post(), post(id="21", referenced_tweets=[{"type": "retweeted", "id": "1"}])]}
    assert [mention.id for mention in page_of(body, "9000")] == ["20"]
    assert ids_of(body) == ["20", "21"]
    assert page_of({"meta": {"result_count": 0}}, "9000") == []


def test_our_own_posts_are_known() -> None:
    assert mention_of(post(author_id="9000"), {}, "9000").by_us


@pytest.mark.parametrize(
    ("bio", "out"), [("Paints. #NoBot", True), ("#noai please", True), ("#nobots", False), ("", False)]
)
def test_an_opt_out_is_read_in_the_bio(bio: str, out: bool) -> None:
    assert opted_out({"description": bio}) is out
    assert opted_out({"description": bio, "protected": True})


def test_an_id_of_a_minute_ago_is_a_minute_smaller() -> None:
    assert int(some_time_before(str(10**18), 60)) == 10**18 - (60_000 << 22)
    assert some_time_before("5", 60) == "1"


def test_a_quoted_post_is_known_by_its_id() -> None:
    raw = post(referenced_tweets=[{"type": "quoted", "id": "7"}, {"type": "replied_to", "id": "4"}])
    mention = mention_of(raw, {}, "9000")
    assert (mention.in_reply_to, mention.quotes, mention.above) == ("4", "7", ("4", "7"))


def test_one_strange_post_on_x_is_passed_over_alone() -> None:
    good = {"id": "1500000000000000000", "author_id": "5", "text": "@stylesmith"}
    strange = [
        good | {"id": "x1"},
        {"author_id": "5"},
        good | {"id": "1500000000000000001", "referenced_tweets": [{"type": "replied_to"}, 7]},
        "post",
        None,
    ]
    body = {"data": [*strange, good], "includes": {"media": [{}, "media"]}}
    assert "1500000000000000000" in [found.id for found in page_of(body, "9000")]
    assert ids_of(body) == ["1500000000000000001", "1500000000000000000"]
