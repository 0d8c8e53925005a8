"""The Mastodon adapter against a real server that misbehaves in every way that was measured."""

import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import httpx
import pytest
from mastodon import Mastodon

from bot.errors import NotSent, NotTaken, PlatformError, RateLimited, Refused, Unauthorized, Unknown
from bot.platforms.mastodon.adapter import MastodonPlatform
from bot.platforms.mastodon.instance import DEFAULT
from bot.posts import Media, Mention, Painting, Reply, Visibility
from tests.fakes.mastodon.faults import Fault, Rule
from tests.sandboxes import Sandbox, picture, running


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with running(tmp_path_factory.mktemp("sandbox")) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(shared: Sandbox) -> Sandbox:
    """Well-behaved at the start of each test, its log empty."""
    shared.misbehave()
    shared.forget()
    return shared


@pytest.fixture
def bot(sandbox: Sandbox) -> MastodonPlatform:
    return platform(sandbox)


def platform(sandbox: Sandbox, **options: Any) -> MastodonPlatform:
    """The adapter as the bot's account; a wait is short."""
    return MastodonPlatform(sandbox.url, sandbox.access.bot_token, **{"sleep": lambda s: time.sleep(0.01)} | options)


def reply(mention: Mention, **changes: Any) -> Reply:
    values: dict[str, Any] = {
        "to": mention.id, "handle": mention.author.handle, "text": "Here you are.", "key": f"reply-{mention.id}",
        "paintings": (Painting(picture(), "image/png", "a red field"),),
    }  # fmt: skip
    return Reply(**values | changes)


def read(bot: MastodonPlatform, cursor: str) -> list[Mention]:
    return [mention for page in bot.pages(cursor) for mention in page.mentions]


def ask(sandbox: Sandbox, bot: MastodonPlatform, text: str = "@stylesmith please", **post: Any) -> Mention:
    """A mention by `you`, as the bot reads it."""
    cursor = bot.newest()
    sandbox.you.status_post(text, **post)
    return read(bot, cursor)[-1]


# Reading


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


def test_a_first_run_starts_at_the_newest_mention(sandbox: Sandbox, bot: MastodonPlatform) -> None:
    sandbox.you.status_post("@stylesmith long ago")

    assert read(bot, bot.newest()) == []


def test_two_hundred_mentions_in_one_gap_all_come_oldest_first(sandbox: Sandbox, bot: MastodonPlatform) -> None:
    cursor, you = bot.newest(), sandbox.you
    for number in range(200):
        you.status_post(f"@stylesmith number {number}")
    pages = list(bot.pages(cursor))

    assert [m.text for page in pages for m in page.mentions] == [f"number {n}" for n in range(200)]
    assert len(pages) == 3


def test_a_mention_that_shows_late_is_read_at_the_next_look(sandbox: Sandbox, bot: MastodonPlatform) -> None:
    cursor, you = bot.newest(), sandbox.you
    sandbox.misbehave(late_notification_s=1.0, late_notification_chance=1.0)
    you.status_post("@stylesmith late")
    sandbox.misbehave()
    you.status_post("@stylesmith early")

    first = list(bot.pages(cursor))
    time.sleep(1.1)
    second = read(bot, first[-1].cursor)

    assert [m.text for page in first for m in page.mentions] == ["early"]
    assert [m.text for m in second] == ["late", "early"]


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


def test_a_notification_wakes_the_poll_also_after_an_interruption(tmp_path: Path) -> None:
    woken = threading.Event()

    def is_woken(sandbox: Sandbox) -> bool:
        return any(woken.wait(0.2) for _ in range(100) if sandbox.you.status_post("@stylesmith hello"))

    with running(tmp_path) as first:
        port = int(first.url.rpartition(":")[2])
        stream = platform(first, reconnect_s=0.5).listen(woken.set)
        assert stream is not None
        assert is_woken(first)
    woken.clear()
    with running(tmp_path, port=port) as second:
        # A burst wakes once; the next wake comes after a pause.
        assert is_woken(second)
        stream.close()


# Replying


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


def test_nothing_is_sent_to_a_closed_bucket_before_its_time(sandbox: Sandbox, bot: MastodonPlatform) -> None:
    mention = ask(sandbox, bot)
    sandbox.misbehave(Rule(do=Fault.RATE_LIMIT, times=1, reset_s=1.0))
    for _ in range(5):
        with pytest.raises(RateLimited) as limited:
            bot.post(reply(mention, paintings=()))
    assert len(sandbox.log("fault")) == 1
    assert bot.exists(mention.id)
    time.sleep(max(0.0, limited.value.until.timestamp() - time.time()))

    assert bot.post(reply(mention, paintings=()))


def test_uploads_stay_within_what_the_server_allows(sandbox: Sandbox, bot: MastodonPlatform) -> None:
    mention = ask(sandbox, bot)
    sandbox.misbehave(limits={"uploads": (3, 60.0)})
    posted = limited = 0
    for number in range(6):
        try:
            bot.post(reply(mention, key=f"n{number}"))
            posted += 1
        except RateLimited:
            limited += 1

    assert (posted, limited) == (3, 3)
    assert sandbox.log("throttled") == []


def test_a_picture_is_uploaded_once_however_often_its_post_has_to_wait(sandbox: Sandbox, bot: MastodonPlatform) -> None:
    mention = ask(sandbox, bot)
    sandbox.misbehave(Rule(do=Fault.RATE_LIMIT, times=1, reset_s=1.0), limits={"uploads": (1, 600.0)})
    with pytest.raises(RateLimited) as limited:
        bot.post(reply(mention))
    time.sleep(max(0.0, limited.value.until.timestamp() - time.time()))

    assert len(sandbox.you.status(bot.post(reply(mention))).media_attachments) == 1


def test_a_picture_that_may_be_attached_already_is_uploaded_anew(sandbox: Sandbox, bot: MastodonPlatform) -> None:
    mention = ask(sandbox, bot)
    sandbox.misbehave(Rule(do=Fault.ERROR_AFTER, times=1, status=500), ignore_keys=True)
    with pytest.raises(Unknown):
        bot.post(reply(mention))

    assert len(sandbox.you.status(bot.post(reply(mention))).media_attachments) == 1


def test_a_reply_to_a_deleted_post_or_to_somebody_who_blocked_us_is_refused(
    sandbox: Sandbox, bot: MastodonPlatform
) -> None:
    mention = ask(sandbox, bot)
    sandbox.you.status_delete(mention.id)
    with pytest.raises(Refused) as refused:
        bot.post(reply(mention, paintings=()))

    assert refused.value.status == 404


def test_an_upload_is_awaited_while_the_server_processes_it(sandbox: Sandbox, bot: MastodonPlatform) -> None:
    mention = ask(sandbox, bot)
    sandbox.misbehave(processing_s=0.3)

    assert sandbox.you.status(bot.post(reply(mention))).media_attachments[0].url


def test_an_upload_that_is_never_processed_is_given_up_and_nothing_is_posted(sandbox: Sandbox) -> None:
    bot = platform(sandbox, processing_s=0.1)
    mention = ask(sandbox, bot)
    sandbox.misbehave(processing_s=60.0)
    with pytest.raises(NotSent):
        bot.post(reply(mention))

    assert sandbox.log("post")[1:] == []


@pytest.mark.parametrize("fault", [Fault.ERROR_AFTER, Fault.RESET_AFTER, Fault.HTML, Fault.NULLS])
def test_a_failed_upload_means_that_nothing_was_posted(sandbox: Sandbox, bot: MastodonPlatform, fault: Fault) -> None:
    mention = ask(sandbox, bot)
    sandbox.misbehave(Rule(do=fault, path="/api/v2/media"))
    with pytest.raises(NotSent):
        bot.post(reply(mention))


def test_a_reply_shows_late_and_is_found_once_it_does(sandbox: Sandbox, bot: MastodonPlatform) -> None:
    mention = ask(sandbox, bot)
    sandbox.misbehave(listed_after_s=0.5)
    post = bot.post(reply(mention))
    before = list(bot.find(mention.id))
    time.sleep(0.6)

    assert (before, list(bot.find(mention.id))) == ([], [post])


def test_only_our_own_answers_to_that_very_post_are_found(sandbox: Sandbox, bot: MastodonPlatform) -> None:
    mention = ask(sandbox, bot)
    sandbox.you.status_post("me too", in_reply_to_id=mention.id)
    first = bot.post(reply(mention))
    again = sandbox.you.status_post("@stylesmith again", in_reply_to_id=first)
    bot.post(reply(mention, to=str(again.id), key="other"))

    assert list(bot.find(mention.id)) == [first]


def test_a_deleted_post_is_gone_and_deleting_it_again_is_no_error(sandbox: Sandbox, bot: MastodonPlatform) -> None:
    mention = ask(sandbox, bot)
    post = bot.post(reply(mention))
    bot.delete(post)
    bot.delete(post)

    assert bot.find(mention.id) == []


def test_the_pictures_of_a_deleted_post_are_gone_as_well(sandbox: Sandbox, bot: MastodonPlatform) -> None:
    post = bot.post(reply(ask(sandbox, bot)))
    url = sandbox.you.status(post).media_attachments[0].url
    bot.delete(post)

    assert httpx.get(url, trust_env=False).status_code == 404


def test_an_answer_is_found_when_its_mention_is_gone_and_no_other_is(sandbox: Sandbox, bot: MastodonPlatform) -> None:
    began = datetime.now(UTC)
    mention, kept = ask(sandbox, bot), ask(sandbox, bot)
    lost, note = bot.post(reply(mention)), bot.note(mention, "You are 4th.")
    bot.post(reply(kept, paintings=()))
    us = sandbox.client(sandbox.access.bot_token)
    us.status_post(f"@{mention.author.handle} a word from the operator")
    for number in range(45):
        us.status_post(f"maintenance tonight, {number}")
    sandbox.you.status_delete(mention.id)

    assert bot.find(mention.id) == []
    assert set(bot.strays(mention.id, mention.author.id, began)) == {lost, note}


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


# Other servers


def test_a_revoked_token_is_unauthorized_wherever_it_is_noticed(sandbox: Sandbox) -> None:
    bot = MastodonPlatform(sandbox.url, "revoked")
    for call in (bot.newest, bot.me, lambda: bot.exists("1")):
        with pytest.raises(Unauthorized):
            call()


def test_a_bad_token_that_answers_400_is_unauthorized(sandbox: Sandbox) -> None:
    """GoToSocial answers 400 where Mastodon answers 401."""
    sandbox.misbehave(bad_token_status=400)
    with pytest.raises(Unauthorized):
        MastodonPlatform(sandbox.url, "revoked").newest()


def test_ids_that_are_integers_make_no_difference(sandbox: Sandbox, bot: MastodonPlatform) -> None:
    """Pleroma and some others answer ids as JSON integers."""
    sandbox.misbehave(number_ids=True)
    mention = ask(sandbox, bot)
    post = bot.post(reply(mention))

    assert isinstance(post, str)
    assert list(bot.find(mention.id)) == [post]


@pytest.mark.parametrize("version", ["", "unknown", "2.7.2 (compatible; Pleroma 2.6)", "takahe/0.11", "0.19.1+git"])
def test_a_version_that_nobody_can_read_stops_no_upload(sandbox: Sandbox, version: str) -> None:
    """Mastodon.py's own check would recurse without end, or take the server for one that has no 202."""
    sandbox.misbehave(version=version)
    bot = platform(sandbox)
    mention = ask(sandbox, bot)

    assert bot.find(mention.id) == []
    assert bot.post(reply(mention))


def test_mastodon_py_really_recurses_without_our_setting(sandbox: Sandbox) -> None:
    """Should this ever fail, `_NEWEST` in mastodon_line.py can go."""
    sandbox.misbehave(version="unknown")
    api = Mastodon(access_token=sandbox.access.bot_token, api_base_url=sandbox.url)
    with pytest.raises((RecursionError, IndexError, ValueError)):
        api.media_post(picture(), "image/png")


def test_the_limits_come_from_the_server(bot: MastodonPlatform) -> None:
    assert bot.limits() == DEFAULT


def test_a_server_that_does_not_say_its_limits_gets_mastodons(sandbox: Sandbox, bot: MastodonPlatform) -> None:
    sandbox.misbehave(Rule(do=Fault.HTML, method="GET", path="/api/"))

    assert bot.limits() == DEFAULT


class Foreign(BaseHTTPRequestHandler):
    """A server of another make: answers GETs from a table."""

    answers: ClassVar[dict[str, object]] = {}
    pause_s: ClassVar[float] = 0.0

    def do_GET(self) -> None:
        body = json.dumps(self.answers.get(self.path.partition("?")[0].rstrip("/"))).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        for index in range(len(body)):
            self.wfile.write(body[index : index + 1])
            time.sleep(self.pause_s)

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""


@pytest.fixture
def foreign() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Foreign)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    Foreign.answers, Foreign.pause_s = {}, 0.0


def test_pleromas_limits_are_read_where_it_says_them(foreign: str) -> None:
    Foreign.answers = {"/api/v2/instance": {"max_toot_chars": 5000, "description_limit": 900}}
    limits = MastodonPlatform(foreign, "x").limits()

    assert (limits.text_length, limits.description_length, limits.paintings) == (5000, 900, 4)


def test_one_post_in_a_strange_shape_does_not_stop_the_others(foreign: str) -> None:
    me = {"id": "1", "url": f"{foreign}/@stylesmith", "acct": "stylesmith"}
    good = {"id": "8", "account": {"id": "2", "acct": "ann"}, "content": "hi", "mentions": [me], "visibility": "local"}
    strange: list[dict[str, Any]] = [good | {"account": None}, good | {"media_attachments": 5}, good | {"mentions": 7}]
    Foreign.answers = {
        "/api/v1/accounts/verify_credentials": me,
        "/api/v1/notifications": [
            *({"id": str(n), "type": "mention", "status": s} for n, s in enumerate([*strange, good], 11)),
            {"id": "20", "type": "mention", "status": None},
            {"id": "21", "type": "mention", "status": good | {"reblog": good}},
        ],
    }
    mentions = read(MastodonPlatform(foreign, "x"), "5")

    assert [m.author.handle for m in mentions] == ["ann"]
    assert mentions[0].visibility is Visibility.DIRECT


def test_a_server_that_answers_its_oldest_page_whatever_is_asked_ends_a_poll(foreign: str) -> None:
    """mastodon/mastodon#25245: an id that the server does not understand."""
    me = {"id": "1", "url": f"{foreign}/@stylesmith", "acct": "stylesmith"}
    old = {"id": "8", "account": {"id": "2", "acct": "ann"}, "content": "hi", "mentions": [me]}
    page = [{"id": str(n), "type": "mention", "status": old} for n in range(30, 70)]
    Foreign.answers = {"/api/v1/accounts/verify_credentials": me, "/api/v1/notifications": page}
    bot = MastodonPlatform(foreign, "x")

    assert read(bot, "100") == []
    assert len(read(bot, "60")) == 9


def test_an_answer_of_one_byte_at_a_time_is_given_up_in_time(foreign: str) -> None:
    Foreign.answers, Foreign.pause_s = {"/api/v1/notifications": ["x" * 400]}, 0.02
    with pytest.raises(Unknown):
        MastodonPlatform(foreign, "x", timeout_s=0.5).newest()


def test_a_server_that_is_not_there_was_sent_nothing() -> None:
    with pytest.raises(NotSent):
        MastodonPlatform("http://127.0.0.1:9", "x").newest()
