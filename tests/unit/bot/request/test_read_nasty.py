"""Nasty inputs, numbered as a tester would bring them: text (1-22) and attachments (23-34), as far as the grammar goes.

What is settled before a Mention exists (HTML, entities, whose handle it is) is tested with the platforms' adapters.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.admission import Admission
from bot.posts import Attachment, Author, Media, Visibility
from bot.request.read import read
from bot.request.reading import Command, CommandKind, Declined, Hint, Ignored, IgnoreReason, Wanted
from bot.text import fold
from tests.unit.bot.request.builders import ANN, CATALOGUE, US, mention, ours, pictures, set_options, theirs, wanted

VIDEO = Attachment(Media.OTHER, "https://media.example/film.mp4")
PENDING = Attachment(Media.PENDING)


def test_01_only_the_handle_is_told_how_to_ask() -> None:
    assert read(mention("", 0), CATALOGUE) == Declined(Hint.HOW_TO)


def test_02_words_in_the_content_warning_are_no_wish() -> None:
    assert set_options(wanted("", warning="strong dream #mosaic delete")) == {}


def test_06_two_handles_of_ours_are_one_request() -> None:
    assert set_options(wanted("@stylesmith@home.example @stylesmith strong")) == {"strength": 75}


def test_07_fifty_other_handles_say_nothing() -> None:
    crowd = " ".join(f"@wild{i}@mosaic.example" for i in range(50))
    reading = wanted(crowd, 1)
    assert (reading.house, set_options(reading)) == ("*", {})


@pytest.mark.parametrize("text", ["\u202estrong\u202c", "\u2067str\u200bong\u2069", "str\u00adong", "\ufeffstrong"])
def test_08_bidi_and_invisible_characters_are_looked_through(text: str) -> None:
    assert set_options(wanted(text)) == {"strength": 75}


def test_09_ten_thousand_combining_marks_are_looked_through() -> None:
    zalgo = "".join(letter + "\u0301\u0316\u0489" * 500 for letter in "strong")
    assert set_options(wanted(zalgo)) == {"strength": 75}
    assert set_options(wanted("strong p" + "\u0301" * 10_000)) == {"strength": 75}


def test_10_a_hundred_kilobytes_are_read_at_their_beginning() -> None:
    reading = wanted("keep colours " + "<p>lorem</p> " * 8_000 + " strong")
    assert set_options(reading) == {"colours": "luminance"}


def test_11_entities_left_in_the_text_are_harmless() -> None:
    assert set_options(wanted("&lt;script&gt; strong &amp;amp; &#x202e;")) == {"strength": 75}


def test_12_five_thousand_broken_tags_are_harmless() -> None:
    assert set_options(wanted("<div><p <b" * 5_000)) == {}


def test_13_nul_lone_surrogates_and_noncharacters_are_looked_through() -> None:
    assert set_options(wanted("st\x00ro\ud800ng\ufffe keep\x00 colours")) == {"strength": 75, "colours": "luminance"}


@pytest.mark.parametrize("text", ["🎨🖼️👨‍👩‍👧‍👦", ":strong: :blobcat:", "🇨🇳", "♥" * 500])
def test_14_emoji_are_no_wish(text: str) -> None:
    assert set_options(wanted(text)) == {}


HOSTILE = [
    ("size=99999999", {"edge_px": 4096}),
    ("size=-5", {"edge_px": 256}),
    ("size=big", {}),
    ("steps=1e9", {}),
    ("strength=1e9", {"strength": 100}),
    ("strength=-1", {"strength": 0}),
    ("strength=nan scale=inf seed=-inf", {}),
    ("scale=0", {"style_scale": 0.25}),
    ("scale=1e308", {"style_scale": 4.0}),
    ("seed=99999999999999999999999999", {"seed": 2**31 - 1}),
    ("weights=0,0", {"weights": [0.01, 0.01]}),
    ("kind=evil backbone=../../etc/passwd", {}),
    ("--help; rm -rf / ../../etc/passwd {{7*7}} %n%s ${jndi:ldap://x}", {}),
    ("__class__.__mro__ ' OR 1=1; -- \\u0000", {}),
    ("strength=" + "9" * 5_000, {"strength": 100}),
    ("强度=九十九亿", {}),
]


@pytest.mark.parametrize(("text", "options"), HOSTILE)
def test_15_options_of_the_wrong_kind_are_clamped_or_passed_over(text: str, options: dict[str, object]) -> None:
    assert set_options(wanted(text, 3)) == options


def test_16_of_two_commands_the_later_holds_and_a_deed_among_wishes_is_none() -> None:
    assert set_options(wanted("!sketch !abstract"))["strength"] == 90
    reading = read(mention("delete, but make it stronger", 0, parent=ours()), CATALOGUE)
    assert isinstance(reading, Wanted)
    assert read(mention("delete and forget me", 0, parent=ours()), CATALOGUE) == Command(CommandKind.FORGET_ME)


@pytest.mark.parametrize("declared", ["", "zh-Hant-HK", "tlh", "x" * 500, "😀", "EN_us"])
def test_17_any_language_tag_is_taken(declared: str) -> None:
    assert wanted("", language=declared).language in {"en", "zh"}


def test_18_a_poll_or_any_post_without_pictures_is_told_how_to_ask() -> None:
    assert read(mention("which one? A or B", 0), CATALOGUE) == Declined(Hint.HOW_TO)


def test_19_a_mention_is_read_as_it_was_first_seen() -> None:
    before = mention("strong", 0)
    after = replace(before, attachments=pictures(2))
    assert isinstance(read(before, CATALOGUE), Declined)
    assert isinstance(read(after, CATALOGUE), Wanted)


def test_20_a_moved_or_nameless_account_is_read_like_any_other() -> None:
    assert isinstance(read(mention(author=Author("", "", "")), CATALOGUE), Wanted)


def test_21_bots_ourselves_and_thanks_get_no_answer() -> None:
    robot = Author("8", "robo", "away.example", is_bot=True)
    assert read(mention(author=robot), CATALOGUE) == Ignored(IgnoreReason.BOT)
    assert read(mention(author=US, by_us=True), CATALOGUE) == Ignored(IgnoreReason.OWN_POST)
    assert read(mention("wow, lovely!", 0, parent=ours()), CATALOGUE) == Ignored(IgnoreReason.LOOP)


def test_22_a_parent_that_is_gone_leaves_the_mention_as_it_is() -> None:
    assert isinstance(read(mention("", 2, in_reply_to="404"), CATALOGUE), Wanted)
    assert read(mention("", 1, in_reply_to="404"), CATALOGUE) == read(mention("", 1), CATALOGUE)
    assert read(mention("again", 0, in_reply_to="404"), CATALOGUE) == Declined(Hint.NOTHING_TO_REPEAT)


def test_22_only_the_direct_parent_counts_however_deep_the_thread() -> None:
    thread = theirs()
    for depth in range(100):
        thread = replace(theirs(0), id=f"d{depth}", parent=thread)
    assert read(mention("", 0, parent=thread), CATALOGUE) == Ignored(IgnoreReason.NOT_FOR_US)


def test_23_no_picture_is_told_how_to_ask() -> None:
    assert read(mention("paint", 0), CATALOGUE) == Declined(Hint.NO_PICTURE)


def test_24_one_picture_takes_the_parents_photo_or_a_house_style() -> None:
    assert wanted("", 1, parent=theirs()).styles == pictures(1)
    assert wanted("", 1).house == "*"


def test_25_two_pictures_keep_their_order_and_their_alt_texts() -> None:
    first, second = (replace(p, description=f"alt {i}") for i, p in enumerate(pictures(2)))
    reading = wanted("", attachments=(first, second))
    assert (reading.photos, reading.styles) == ((first,), (second,))


def test_26_three_pictures_are_a_photo_and_a_blend_of_two() -> None:
    assert (len(wanted("", 3).photos), len(wanted("", 3).styles)) == (1, 2)


def test_27_four_pictures_are_a_photo_and_a_blend_of_three() -> None:
    assert (len(wanted("", 4).photos), len(wanted("", 4).styles)) == (1, 3)


def test_28_video_and_sound_are_passed_over() -> None:
    assert read(mention(attachments=(VIDEO,)), CATALOGUE) == Declined(Hint.NOT_IMAGES)
    mixed = wanted("", attachments=(VIDEO, *pictures(2)))
    assert (mixed.photos, mixed.styles) == (pictures(2)[:1], pictures(2)[1:])
    assert wanted("", attachments=(*pictures(1), VIDEO)).house == "*"


def test_29_a_picture_still_being_processed_is_waited_for_and_never_taken_for_another() -> None:
    reading = wanted("", attachments=(PENDING, PENDING))
    assert (reading.photos, reading.styles) == ((PENDING,), (PENDING,))


def test_30_a_picture_whose_address_says_film_is_left_for_the_door_to_judge() -> None:
    odd = Attachment(Media.IMAGE, "https://media.example/film.mp4")
    assert wanted("", attachments=(odd,)).photos == (odd,)


def test_31_the_same_picture_twice_is_one_picture() -> None:
    assert wanted("", attachments=pictures(1) * 2).house == "*"
    assert len(wanted("", attachments=pictures(2) * 2).styles) == 1


def test_32_a_photo_in_the_parent_and_the_style_in_the_reply() -> None:
    parent = theirs()
    reading = wanted("strong", 1, parent=parent)
    assert (reading.photos, reading.styles) == (parent.images, pictures(1))
    assert set_options(reading) == {"strength": 75}


def test_33_sensitivity_and_visibility_change_nothing_in_what_is_read() -> None:
    plain, guarded = mention("strong"), mention("strong", sensitive=True, visibility=Visibility.DIRECT)
    assert read(plain, CATALOGUE) == read(guarded, CATALOGUE)


def test_34_a_picture_without_an_address_is_left_for_the_door_to_judge() -> None:
    assert wanted("", attachments=(Attachment(Media.IMAGE),)).photos == (Attachment(Media.IMAGE),)


def test_an_old_mention_is_left_alone() -> None:
    now = datetime(2026, 1, 2, tzinfo=UTC)
    old = mention(created_at=now - timedelta(hours=25))
    fresh = mention(created_at=now - timedelta(hours=23))
    assert read(old, CATALOGUE, now=now) == Ignored(IgnoreReason.OLD)
    assert isinstance(read(fresh, CATALOGUE, now=now), Wanted)
    assert isinstance(read(mention(), CATALOGUE, now=now), Wanted)


def test_an_admission_by_id_survives_an_empty_handle() -> None:
    assert read(mention(author=Author("", "", "")), CATALOGUE, Admission(denied=frozenset({""}))) is not None
    assert isinstance(read(mention(author=Author("", "", "")), CATALOGUE, Admission(denied=frozenset({""}))), Wanted)
    assert isinstance(read(mention(author=ANN), CATALOGUE, Admission(denied=frozenset({"@"}))), Wanted)


def test_folding_keeps_letters_of_every_script() -> None:
    assert fold("Ｃａｆé 画") == "cafe 画"
