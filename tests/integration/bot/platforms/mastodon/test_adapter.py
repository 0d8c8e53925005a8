"""The Mastodon adapter against a real server that misbehaves in every way that was measured: looks, posts, manners."""

import pytest

from bot.errors import NotTaken, PlatformError, RateLimited, Refused, Unauthorized, Unknown
from bot.platforms.mastodon.adapter import MastodonPlatform
from bot.posts import Mention, Visibility
from tests.fakes.mastodon.faults import Fault, Rule
from tests.integration.bot.platforms.mastodon.account import ask, reply
from tests.sandboxes import Sandbox, picture


def test_the_parent_of_a_mention_is_read_and_gone_is_none(sandbox: Sandbox, bot: MastodonPlatform) -> None:
    photo = sandbox.you.status_post("my photo", media_ids=[sandbox.you.media_post(picture(), "image/png")])
    mention = ask(sandbox, bot, in_reply_to_id=photo)
    parent = bot.parent(mention)
    sandbox.you.status_delete(photo)

    assert parent is not None
    assert len(parent.images) == 1
    assert bot.parent(mention) is None


def test_a_deleted_mention_does_not_exist_but_a_server_in_trouble_proves_nothing(
    sandbox: Sandbox, bot: MastodonPlatform
) -> None:
    mention = ask(sandbox, bot)
    assert bot.exists(mention.id)
    sandbox.misbehave(Rule(do=Fault.ERROR_BEFORE, method="GET", times=1))
    with pytest.raises(Unknown):
        bot.exists(mention.id)
    sandbox.you.status_delete(mention.id)

    assert not bot.exists(mention.id)


def test_a_reply_names_only_the_author_and_carries_warning_language_and_alt_text(
    sandbox: Sandbox, bot: MastodonPlatform
) -> None:
    sandbox.person("bystander")
    mention = ask(sandbox, bot, "@stylesmith @bystander paint", spoiler_text="red", language="zh")
    post = sandbox.you.status(bot.post(reply(mention, warning="red", sensitive=True, language="zh")))

    assert [person.acct for person in post.mentions] == ["you"]
    assert (post.in_reply_to_id, post.spoiler_text, post.sensitive, post.language) == (mention.id, "red", True, "zh")
    assert [media.description for media in post.media_attachments] == ["a red field"]


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        (Visibility.PUBLIC, "unlisted"),
        (Visibility.UNLISTED, "unlisted"),
        (Visibility.FOLLOWERS, "direct"),
        (Visibility.DIRECT, "direct"),
    ],
)
def test_a_reply_is_never_wider_than_the_mention_nor_than_unlisted(
    sandbox: Sandbox, bot: MastodonPlatform, asked: Visibility, answered: str
) -> None:
    mention = ask(sandbox, bot)
    post = bot.post(reply(mention, visibility=asked, paintings=()))

    assert sandbox.you.status(post).visibility == answered


def test_the_same_reply_twice_is_one_post_where_keys_are_honoured(sandbox: Sandbox, bot: MastodonPlatform) -> None:
    mention = ask(sandbox, bot)

    assert bot.post(reply(mention)) == bot.post(reply(mention))
    assert len(bot.find(mention.id)) == 1


def test_where_keys_are_ignored_the_post_is_found_before_another(sandbox: Sandbox, bot: MastodonPlatform) -> None:
    """GoToSocial and Pixelfed ignore Idempotency-Key: `find` is the proof, not the key."""
    sandbox.misbehave(Rule(do=Fault.RESET_AFTER, times=1), ignore_keys=True)
    mention = ask_quietly(sandbox, bot)
    with pytest.raises(Unknown):
        bot.post(reply(mention))

    assert len(bot.find(mention.id)) == 1


def ask_quietly(sandbox: Sandbox, bot: MastodonPlatform) -> Mention:
    """A mention whose own posting meets no fault: the plan is for the bot's posts."""
    plan = [Rule(do=Fault.RESET_AFTER, times=1)]
    sandbox.misbehave()
    mention = ask(sandbox, bot)
    sandbox.misbehave(*plan, ignore_keys=True)
    return mention


OUTCOMES = {
    "503 before": (Rule(do=Fault.ERROR_BEFORE, times=1), Unknown, 0),
    "504 after": (Rule(do=Fault.ERROR_AFTER, times=1, status=504), Unknown, 1),
    "cut before": (Rule(do=Fault.RESET_BEFORE, times=1), Unknown, 0),
    "cut after": (Rule(do=Fault.RESET_AFTER, times=1), Unknown, 1),
    "200 with HTML": (Rule(do=Fault.HTML, times=1), Unknown, 1),
    "200 without an id": (Rule(do=Fault.NULLS, times=1), Unknown, 1),
    "an unreadable reset after success": (Rule(do=Fault.BAD_RESET, times=1), Unknown, 1),
    "429 with a time": (Rule(do=Fault.RATE_LIMIT, times=1, reset_s=30), RateLimited, 0),
    "429 without a time": (Rule(do=Fault.RATE_LIMIT, times=1), RateLimited, 0),
    "401": (Rule(do=Fault.REFUSE, times=1, status=401, message="The access token was revoked"), Unauthorized, 0),
    "403 scope": (Rule(do=Fault.REFUSE, times=1, status=403, message="outside the authorized scopes"), Unauthorized, 0),
    "403 post": (Rule(do=Fault.REFUSE, times=1, status=403, message="This action is not allowed"), Refused, 0),
    "422": (Rule(do=Fault.REFUSE, times=1, status=422, message="Validation failed: Text is too long"), Refused, 0),
    "422 processing": (
        Rule(do=Fault.REFUSE, times=1, status=422, message="Cannot attach files that have not finished processing."),
        NotTaken,
        0,
    ),
}


@pytest.mark.parametrize(("rule", "error", "posts"), OUTCOMES.values(), ids=OUTCOMES)
def test_what_a_post_meets_is_told_truly_and_found_afterwards(
    sandbox: Sandbox, bot: MastodonPlatform, rule: Rule, error: type[PlatformError], posts: int
) -> None:
    mention = ask(sandbox, bot)
    sandbox.misbehave(rule)
    with pytest.raises(PlatformError) as met:
        bot.post(reply(mention, paintings=()))
    sandbox.misbehave()

    assert type(met.value) is error
    assert len(bot.find(mention.id)) == posts


def test_a_repeated_key_that_answers_500_is_unknown_and_found(sandbox: Sandbox, bot: MastodonPlatform) -> None:
    """mastodon/mastodon#40399."""
    mention = ask(sandbox, bot)
    sandbox.misbehave(repeats_answer_500=True)
    first = bot.post(reply(mention))
    with pytest.raises(Unknown):
        bot.post(reply(mention))

    assert list(bot.find(mention.id)) == [first]


def test_a_reply_to_a_deleted_post_or_to_somebody_who_blocked_us_is_refused(
    sandbox: Sandbox, bot: MastodonPlatform
) -> None:
    mention = ask(sandbox, bot)
    sandbox.you.status_delete(mention.id)
    with pytest.raises(Refused) as refused:
        bot.post(reply(mention, paintings=()))

    assert refused.value.status == 404


def test_a_deleted_post_is_gone_and_deleting_it_again_is_no_error(sandbox: Sandbox, bot: MastodonPlatform) -> None:
    mention = ask(sandbox, bot)
    post = bot.post(reply(mention))
    bot.delete(post)
    bot.delete(post)

    assert bot.find(mention.id) == []


def test_acceptance_is_a_favourite_and_never_raises(sandbox: Sandbox, bot: MastodonPlatform) -> None:
    mention = ask(sandbox, bot)
    bot.accept(mention)
    sandbox.misbehave(Rule(do=Fault.ERROR_BEFORE, path="/api/v1/statuses/"))
    bot.accept(mention)

    assert sandbox.you.status(mention.id).favourites_count == 1


def test_a_note_is_direct_and_sent_once(sandbox: Sandbox, bot: MastodonPlatform) -> None:
    mention = ask(sandbox, bot)
    note = bot.note(mention, "You are 4th.")

    assert sandbox.you.status(note).visibility == "direct"
    assert bot.note(mention, "You are 4th.") == note
