"""What a post and its author say, as a real server says it."""

from typing import Any

import httpx

from bot.platforms.mastodon.adapter import MastodonPlatform
from bot.posts import Media, Mention, Visibility
from tests.integration.bot.platforms.mastodon.account import ask, read, reply
from tests.sandboxes import Sandbox, picture


def test_a_mention_is_read_with_everything_it_says(sandbox: Sandbox, bot: MastodonPlatform) -> None:
    you = sandbox.you
    media = [you.media_post(picture(), "image/png", description="a field"), you.media_post(picture(), "image/png")]
    cursor = bot.newest()
    you.status_post(
        "@stylesmith #subtle\nplease", media_ids=media, spoiler_text="red", visibility="private", language="fr"
    )
    [mention] = read(bot, cursor)

    assert (mention.text, mention.warning, mention.sensitive, mention.language) == (
        "#subtle\nplease",
        "red",
        True,
        "fr",
    )
    assert mention.visibility is Visibility.FOLLOWERS
    assert [(a.media, a.description, a.width_px, a.height_px) for a in mention.attachments] == [
        (Media.IMAGE, "a field", 40, 30),
        (Media.IMAGE, "", 40, 30),
    ]
    assert mention.created_at is not None
    assert mention.created_at.utcoffset() is not None
    assert (mention.author.handle, mention.author.is_bot, mention.by_us) == ("you", False, False)


def test_people_are_known_by_host_bot_flag_opt_out_and_whether_they_follow(
    sandbox: Sandbox, bot: MastodonPlatform
) -> None:
    cursor = bot.newest()
    robot = sandbox.person("robot@other.example", bot=True)
    shy = sandbox.person("shy", fields=[{"name": "rules", "value": "#NoAI please"}])
    fan = sandbox.person("fan")
    fan.account_follow(fan.account_lookup("stylesmith"))
    for person in (robot, shy, fan):
        person.status_post("@stylesmith hello")
    authors = {m.author.handle: m.author for m in read(bot, cursor)}

    assert (authors["robot@other.example"].host, authors["robot@other.example"].is_bot) == ("other.example", True)
    assert [a.handle for a in authors.values() if a.opted_out] == ["shy"]
    assert [a.handle for a in authors.values() if a.follows_us] == ["fan"]


def test_the_same_name_on_another_server_is_not_us(sandbox: Sandbox, bot: MastodonPlatform) -> None:
    cursor = bot.newest()
    sandbox.you.status_post("@stylesmith@evil.example paint")

    assert read(bot, cursor) == []


def quote(sandbox: Sandbox, bot: MastodonPlatform, **shown: Any) -> Mention:
    """A mention that quotes a post with a picture."""
    media = sandbox.you.media_post(picture(), "image/png")
    post = sandbox.you.status_post("look", media_ids=[media], **shown)
    cursor = bot.newest()
    headers = {"Authorization": f"Bearer {sandbox.access.person_token}"}
    wish = {"status": "@stylesmith as a mosaic", "quoted_status_id": post.id}
    httpx.post(f"{sandbox.url}/api/v1/statuses", json=wish, headers=headers, trust_env=False).raise_for_status()
    return read(bot, cursor)[-1]


def test_a_quoted_post_is_read_with_its_pictures_and_its_warning(sandbox: Sandbox, bot: MastodonPlatform) -> None:
    mention = quote(sandbox, bot, visibility="unlisted", spoiler_text="eyes")
    quoted = mention.quoted
    assert quoted is not None
    assert (quoted.id, len(quoted.images), quoted.warning) == (mention.quotes, 1, "eyes")
    assert (quoted.visibility, mention.unresolved, mention.text) == (Visibility.UNLISTED, False, "as a mosaic")


def test_a_quoted_post_that_is_not_for_us_is_none(sandbox: Sandbox, bot: MastodonPlatform) -> None:
    assert quote(sandbox, bot, visibility="direct").near == ()


def test_a_quote_that_its_server_still_looks_for_is_known_as_such(sandbox: Sandbox, bot: MastodonPlatform) -> None:
    sandbox.misbehave(resolved_after_s=60)
    mention = quote(sandbox, bot)
    assert (mention.quoted, mention.unresolved) == (None, True)
    sandbox.misbehave()
    whole = bot.reread(mention.id)
    assert whole is not None
    assert (whole.quoted is not None, whole.unresolved) == (True, False)


def test_ids_that_are_integers_make_no_difference(sandbox: Sandbox, bot: MastodonPlatform) -> None:
    """Pleroma and some others answer ids as JSON integers."""
    sandbox.misbehave(number_ids=True)
    mention = ask(sandbox, bot)
    post = bot.post(reply(mention))

    assert isinstance(post, str)
    assert list(bot.find(mention.id)) == [post]
