"""The sandbox as a Mastodon server: Mastodon.py, unmodified, as a person and as the bot."""

import stat
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from mastodon import Mastodon, StreamListener
from mastodon.errors import MastodonAPIError, MastodonNotFoundError, MastodonUnauthorizedError

from bot.sandbox.attachments import measure
from bot.sandbox.serve import ACCESS
from tests.sandboxes import Sandbox, picture, running


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sandbox")


@pytest.fixture(scope="module")
def sandbox(directory: Path) -> Iterator[Sandbox]:
    with running(directory) as started:
        yield started


@pytest.fixture
def you(sandbox: Sandbox) -> Mastodon:
    return sandbox.you


@pytest.fixture
def bot(sandbox: Sandbox) -> Mastodon:
    return sandbox.client(sandbox.access.bot_token)


def test_tokens_lie_in_a_file_that_nobody_else_reads(directory: Path, sandbox: Sandbox) -> None:
    assert stat.S_IMODE((directory / ACCESS).stat().st_mode) == 0o600


def test_an_app_gets_its_token_through_the_page_and_the_code(sandbox: Sandbox) -> None:
    scopes = ["read", "write:statuses"]
    client_id, secret = Mastodon.create_app("A client", scopes=scopes, api_base_url=sandbox.url)
    client = Mastodon(client_id=client_id, client_secret=secret, api_base_url=sandbox.url)
    url = client.auth_request_url(scopes=scopes, allow_http=True)
    page = httpx.get(url, trust_env=False)
    assert "Continue as @you" in page.text
    form = dict(httpx.URL(url).params) | {"account": "you"}
    code = httpx.post(url, data=form, trust_env=False).text.split('id="code" value="')[1].split('"')[0]
    client.log_in(code=code, scopes=scopes, allow_http=True)

    assert client.me().acct == "you"
    with pytest.raises(MastodonAPIError, match="outside the authorized scopes"):
        client.media_post(picture(), "image/png")


def test_a_code_works_once(sandbox: Sandbox) -> None:
    client_id, secret = Mastodon.create_app("B", scopes=["read"], api_base_url=sandbox.url)
    form = {"client_id": client_id, "scope": "read", "redirect_uri": "urn:ietf:wg:oauth:2.0:oob", "account": "you"}
    page = httpx.post(f"{sandbox.url}/oauth/authorize", data=form, trust_env=False)
    code = page.text.split('id="code" value="')[1].split('"')[0]
    ask = {"grant_type": "authorization_code", "code": code, "client_secret": secret, **form}
    answers = [httpx.post(f"{sandbox.url}/oauth/token", data=ask, trust_env=False).status_code for _ in range(2)]

    assert answers == [200, 400]


def test_a_wrong_secret_or_redirect_gets_nothing(sandbox: Sandbox) -> None:
    client_id, _ = Mastodon.create_app("C", scopes=["read"], api_base_url=sandbox.url)
    form = {"client_id": client_id, "scope": "read", "redirect_uri": "https://evil.example/", "account": "you"}

    assert httpx.post(f"{sandbox.url}/oauth/authorize", data=form, trust_env=False).status_code == 400
    form |= {"grant_type": "client_credentials", "client_secret": "guess"}
    assert httpx.post(f"{sandbox.url}/oauth/token", data=form, trust_env=False).status_code == 401


def test_a_thread_is_seen_from_every_post_in_it(you: Mastodon, bot: Mastodon) -> None:
    root = you.status_post("@stylesmith look")
    answer = bot.status_post("@you I did", in_reply_to_id=root)
    again = you.status_post("@stylesmith again", in_reply_to_id=answer)
    context = you.status_context(answer)

    assert ([s.id for s in context.ancestors], [s.id for s in context.descendants]) == ([root.id], [again.id])


def test_a_direct_post_is_seen_by_its_two_people_only(sandbox: Sandbox, you: Mastodon, bot: Mastodon) -> None:
    secret = you.status_post("@stylesmith psst", visibility="direct")
    other = sandbox.person("nosy")

    assert bot.status(secret).content
    with pytest.raises(MastodonNotFoundError):
        other.status(secret)
    assert secret.id not in [s.id for s in other.timeline_public()]


def test_a_private_post_is_seen_by_followers(sandbox: Sandbox, you: Mastodon) -> None:
    fan, stranger = sandbox.person("fan"), sandbox.person("stranger")
    fan.account_follow(you.me())
    post = you.status_post("for friends", visibility="private")

    assert fan.status(post).id == post.id
    with pytest.raises(MastodonNotFoundError):
        stranger.status(post)


def test_pages_above_an_id_have_no_gaps_and_link_to_each_other(sandbox: Sandbox, bot: Mastodon) -> None:
    person = sandbox.person("many")
    start = bot.notifications(limit=1)[0].id if bot.notifications(limit=1) else "0"
    for number in range(25):
        person.status_post(f"@stylesmith {number}")
    first = bot.notifications(types=["mention"], min_id=start, limit=10)
    second = bot.fetch_previous(first)

    said = [
        n.status.content.rpartition(" ")[2].removesuffix("</p>")
        for page in (first, second)
        for n in list(page or [])[::-1]
    ]
    assert said == [str(n) for n in range(20)]


def test_unsolicited_private_mentions_are_filtered_until_the_policy_accepts_them(
    sandbox: Sandbox, you: Mastodon
) -> None:
    fresh = sandbox.person("fresh")
    you.status_post("@fresh psst", visibility="direct")
    before = fresh.notifications(types=["mention"])
    fresh.update_notifications_policy(for_private_mentions="accept")
    you.status_post("@fresh psst again", visibility="direct")

    assert len(before) == 0
    assert len(fresh.notifications(types=["mention"])) == 1
    assert fresh.notifications_policy().summary.pending_notifications_count == 1


REFUSALS: dict[str, tuple[dict[str, Any], int, str]] = {
    "nothing": ({"status": "  "}, 422, "can't be blank"),
    "too long": ({"status": "x" * 501}, 422, "character limit"),
    "five files": ({"status": "x", "media_ids": ["1", "2", "3", "4", "5"]}, 422, "more than 4"),
    "no such parent": ({"status": "x", "in_reply_to_id": "1"}, 404, "does not appear to exist"),
}


@pytest.mark.parametrize(("post", "status", "words"), REFUSALS.values(), ids=REFUSALS)
def test_what_mastodon_refuses_is_refused_alike(you: Mastodon, post: dict[str, Any], status: int, words: str) -> None:
    with pytest.raises(MastodonAPIError, match=words) as error:
        you.status_post(**post)

    assert error.value.args[1] == status


def test_an_address_counts_as_23_characters(you: Mastodon) -> None:
    assert you.status_post("x" * 476 + " https://a.example/" + "y" * 300).id


def test_a_key_makes_one_post_and_another_key_another(you: Mastodon) -> None:
    ids = [you.status_post("once", idempotency_key=key).id for key in ("a", "a", "b")]

    assert ids[0] == ids[1] != ids[2]


def test_only_its_author_deletes_a_post_and_replies_stay_without_a_parent(you: Mastodon, bot: Mastodon) -> None:
    post = you.status_post("@stylesmith going")
    answer = bot.status_post("@you ok", in_reply_to_id=post)
    with pytest.raises(MastodonNotFoundError):
        bot.status_delete(post)
    you.status_delete(post)

    assert bot.status(answer).in_reply_to_id is None


def test_somebody_who_blocks_is_neither_seen_nor_answered(sandbox: Sandbox, bot: Mastodon) -> None:
    shy = sandbox.person("shy")
    post = shy.status_post("@stylesmith hi")
    shy.account_block(bot.me())

    with pytest.raises(MastodonNotFoundError):
        bot.status_post("@shy hello", in_reply_to_id=post)


def test_a_profile_is_changed_as_login_does(sandbox: Sandbox) -> None:
    person = sandbox.person("robot")
    person.account_update_credentials(bot=True, note="I paint. #nobot", fields=[("Source", "here")])
    me = person.me()

    assert (me.bot, me.fields[0].name) == (True, "Source")
    assert "#<span>nobot</span>" in me.note


def test_a_stream_wakes_its_listener(sandbox: Sandbox, you: Mastodon, bot: Mastodon) -> None:
    heard: list[str] = []

    class Listener(StreamListener):
        def on_notification(self, notification: Any) -> None:
            heard.append(notification.type)

    handle = bot.stream_user(Listener(), run_async=True, reconnect_async=True)
    deadline = time.monotonic() + 20
    while not heard and time.monotonic() < deadline:
        you.status_post("@stylesmith wake up")
        time.sleep(0.2)
    # In the background: the library's close waits for the next heartbeat.
    threading.Thread(target=handle.close, daemon=True).start()

    assert heard[0] == "mention"


def test_a_file_that_is_no_picture_is_never_served_as_something_a_browser_runs(you: Mastodon) -> None:
    media = you.media_post(b"<html><script>alert(1)</script>", "image/svg+xml")
    answer = httpx.get(media.url, trust_env=False)

    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("kept", [0, 1, 12, -1])
def test_a_file_is_served_at_its_whole_address_only(you: Mastodon, kept: int) -> None:
    media = you.media_post(picture(), "image/png")
    you.status_post("for me alone", media_ids=[media], visibility="direct")
    folder, _, name = media.url.rpartition("/")

    assert httpx.get(f"{folder}/{name[:kept]}", trust_env=False).status_code == 404
    assert httpx.get(media.url, trust_env=False).status_code == 200


def test_a_body_that_is_too_long_is_refused(sandbox: Sandbox) -> None:
    headers = {"Authorization": f"Bearer {sandbox.access.person_token}"}
    files = {"file": ("x.png", b"\0" * (17 * 1024 * 1024), "image/png")}

    assert httpx.post(f"{sandbox.url}/api/v2/media", headers=headers, files=files, trust_env=False).status_code == 413


def test_a_request_under_another_name_is_not_answered(sandbox: Sandbox) -> None:
    """A page elsewhere that points its name at this machine would otherwise read the token."""
    answer = httpx.get(f"{sandbox.url}/sandbox/session", headers={"Host": "evil.example"}, trust_env=False)

    assert answer.status_code == 400


def test_without_a_token_only_public_things_are_seen(sandbox: Sandbox, you: Mastodon) -> None:
    anyone = Mastodon(api_base_url=sandbox.url)
    public, private = you.status_post("hello all"), you.status_post("hello some", visibility="private")

    assert anyone.status(public).id == public.id
    with pytest.raises(MastodonNotFoundError):
        anyone.status(private)
    with pytest.raises(MastodonUnauthorizedError):
        anyone.status_post("me too")


def test_everything_is_there_after_a_start_and_another(tmp_path: Path) -> None:
    with running(tmp_path) as first:
        post = first.you.status_post("remember me")
        token = first.access.person_token
    with running(tmp_path) as second:
        assert second.access.person_token == token
        assert second.you.status(post.id).content == "<p>remember me</p>"


def test_what_answers_a_deleted_post_still_stands_in_its_thread_on_the_page(
    sandbox: Sandbox, you: Mastodon, bot: Mastodon
) -> None:
    asked = you.status_post("@stylesmith please")
    painted = bot.status_post("@you here it is", in_reply_to_id=asked.id)
    wish = you.status_post("@stylesmith delete", in_reply_to_id=painted.id)
    bot.status_delete(painted.id)
    word = bot.status_post("@you Deleted, as you wish.", in_reply_to_id=wish.id)
    headers = {"Authorization": f"Bearer {sandbox.access.person_token}"}
    threads = httpx.get(f"{sandbox.url}/sandbox/threads", headers=headers, trust_env=False).raise_for_status().json()
    (thread,) = [found for found in threads["threads"] if found["id"] == str(asked.id)]
    assert [entry["status"]["id"] for entry in thread["posts"]] == [str(post.id) for post in (asked, wish, word)]


def test_an_edit_is_ones_own_to_make_and_tells_whom_it_names_anew(
    sandbox: Sandbox, you: Mastodon, bot: Mastodon
) -> None:
    ann = sandbox.person("ann-edits")
    posted = you.status_post("hello")
    with pytest.raises(MastodonNotFoundError):
        ann.status_update(posted, "mine now")
    ann.status_reblog(posted)
    you.status_update(posted, "@stylesmith hello", spoiler_text="greetings")

    seen = bot.status(posted)
    assert (seen.content.count("stylesmith"), seen.spoiler_text, seen.edited_at is not None) == (2, "greetings", True)
    assert next(entry.content for entry in bot.status_history(posted)) == "<p>hello</p>"
    assert bot.notifications(types=["mention"], limit=1)[0].status.id == posted.id
    assert [one.type for one in ann.notifications()] == ["update"]


def test_what_is_not_for_everybody_cannot_be_boosted_by_others(sandbox: Sandbox, you: Mastodon) -> None:
    ann = sandbox.person("ann-follows")
    ann.account_follow(you.me())
    private = you.status_post("for those who follow", visibility="private")
    assert ann.status(private).id == private.id
    with pytest.raises(MastodonNotFoundError):
        ann.status_reblog(private)
    assert you.status_reblog(private).reblog.id == private.id


def test_a_boost_goes_with_what_it_boosts_and_is_no_thread_of_the_page(sandbox: Sandbox, you: Mastodon) -> None:
    posted = sandbox.person("ann-boosted").status_post("look here")
    boost = you.status_reblog(posted)
    headers = {"Authorization": f"Bearer {sandbox.access.person_token}"}
    page = httpx.get(f"{sandbox.url}/sandbox/threads", headers=headers, trust_env=False).json()
    assert str(boost.id) not in {thread["id"] for thread in page["threads"]}
    assert you.timeline_home(limit=1)[0].reblog.id == posted.id
    sandbox.client(sandbox.tokens[-1]).status_delete(posted)
    with pytest.raises(MastodonNotFoundError):
        you.status(boost)


def test_search_finds_only_what_one_may_see(sandbox: Sandbox, you: Mastodon) -> None:
    hidden = sandbox.person("ann-hides").status_post("a needle", visibility="direct")
    open_ = you.status_post("another needle #Hay")
    found = you.search("needle")
    assert [status.id for status in found.statuses] == [open_.id] != [hidden.id]
    assert [tag.name for tag in you.search("hay").hashtags] == ["hay"]
    assert Mastodon(api_base_url=sandbox.url).search_v2("needle").statuses == []


def test_what_is_not_kept_here_is_refused_in_words(sandbox: Sandbox, you: Mastodon) -> None:
    headers = {"Authorization": f"Bearer {sandbox.access.person_token}"}
    for wish in ({"scheduled_at": "2030-01-01T00:00:00Z"}, {"poll": {"options": ["a", "b"], "expires_in": 300}}):
        body = {"status": "later", **wish}
        answer = httpx.post(f"{sandbox.url}/api/v1/statuses", json=body, headers=headers, trust_env=False)
        assert answer.status_code == 422
        assert "here" in answer.json()["error"]


def test_the_stream_tells_of_posts_changes_and_deletions_to_whoever_follows(sandbox: Sandbox, you: Mastodon) -> None:
    heard: list[str] = []

    class Ear(StreamListener):
        def on_update(self, status: Any) -> None:
            heard.append("update")

        def on_status_update(self, status: Any) -> None:
            heard.append("change")

        def on_delete(self, status_id: Any) -> None:
            heard.append(f"delete {status_id}")

    def hears(event: str) -> None:
        deadline = time.monotonic() + 30
        while event not in heard and time.monotonic() < deadline:
            time.sleep(0.05)

    ann = sandbox.person("ann-streams")
    you.account_follow(ann.me())
    stream = you.stream_user(Ear(), run_async=True)
    secret = ann.status_post("to nobody", visibility="direct")
    posted = ann.status_post("to all")
    ann.status_update(posted, "to all of you")
    hears("change")  # of a post that is gone by the time a stream looks, only its end is told
    ann.status_delete(posted)
    hears(f"delete {posted.id}")
    assert heard == ["update", "change", f"delete {posted.id}"]
    threading.Thread(target=stream.close, daemon=True).start()
    assert secret


def test_a_stream_without_a_token_is_refused(sandbox: Sandbox) -> None:
    key = "dGhlIHNhbXBsZSBub25jZQ=="
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": key}
    for token in ("", "?access_token=wrong"):
        answer = httpx.get(f"{sandbox.url}/api/v1/streaming{token}", headers=upgrade, trust_env=False)
        assert answer.status_code == 403


def test_a_preview_is_small_and_a_file_that_is_none_has_itself(sandbox: Sandbox, you: Mastodon) -> None:
    large = you.media_post(picture(size=(1600, 900)), "image/png")
    small = httpx.get(large.preview_url, trust_env=False)
    assert small.headers["content-type"] == "image/jpeg"
    assert measure(small.content) == ("image/jpeg", 640, 360)
    broken = you.media_post(picture()[:60], "image/png")
    answer = httpx.get(broken.preview_url or broken.url, trust_env=False, follow_redirects=True)
    assert answer.content == picture()[:60]


def test_a_film_is_served_as_one_in_parts(sandbox: Sandbox, you: Mastodon) -> None:
    data = b"\0\0\0\x18ftypisom\0\0\2\0isomiso2" + bytes(range(64))
    film = you.media_post(data, "video/mp4")
    part = httpx.get(film.url, headers={"Range": "bytes=0-7"}, trust_env=False)
    assert (film.type, part.status_code, part.content) == ("video", 206, data[:8])
    assert part.headers["content-type"] == "video/mp4"
