"""Single requests to X: signed by tweepy, held back while a limit is closed, their errors in our words."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final

from tweepy.errors import HTTPException

from bot.errors import NotTaken, RateLimited, Refused, Unknown
from bot.platforms.rate_limits import RateLimits, RateLimitStatus, calendar
from bot.platforms.x.errors import OutOfCredit, translated
from bot.platforms.x.fields import EXPANSIONS, MEDIA_FIELDS, POST_FIELDS, next_token_of
from bot.platforms.x.http import API, Keys, connect, signed
from bot.posts import Painting

MOST_PAGES: Final = 8
"""X shows the newest 800 posts of a timeline, a hundred a page."""
MOST_ALT_TEXT: Final = 1000
CHUNK_BYTES: Final = 1024 * 1024
PROCESSING_S: Final = 60.0
"""Seconds to wait for X to process a film."""

Body = dict[str, Any]
logger = logging.getLogger(__name__)


class XClient:
    """Raises bot.errors.PlatformError."""

    def __init__(
        self,
        keys: Keys,
        address: str = "",
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self.user_id = keys.user_id
        self._keys = keys
        self._client: Any = connect(keys, address)
        self.first_contact = 0.0
        """See bot.ports.Inbox."""
        self._client.session.hooks["response"].append(self._hear)
        self._now = now
        self._steady = steady
        self.limits = RateLimits(lambda: now().timestamp(), steady)

    def call(self, bucket: str, method: str, route: str, **request: Any) -> Body:
        """One request to an endpoint; `params` and `json` as tweepy's Client.request takes them."""
        with self._bucket(bucket):
            if method == "POST":
                # A kept connection that X is just closing would leave us in doubt for nothing.
                self._client.session.close()
            return _checked(self._client.request(method, route, user_auth=True, **request).json())

    def mentions(self, **params: Any) -> Body:
        """One page of posts that mention us, newest first."""
        media = {"expansions": EXPANSIONS, "media_fields": MEDIA_FIELDS}
        return self._timeline("mentions", self._client.get_users_mentions, media | params)

    def own_posts(self, **params: Any) -> Body:
        """One page of our own posts, newest first."""
        return self._timeline("tweets", self._client.get_users_tweets, params)

    def post(self, post_id: str) -> Body:
        """A post with its pictures and its author's bio."""
        params = {
            "tweet.fields": POST_FIELDS,
            "expansions": f"{EXPANSIONS},author_id",
            "media.fields": MEDIA_FIELDS,
            "user.fields": "description,protected,username",
        }
        return self.call("read", "GET", f"/2/tweets/{post_id}", params=params)

    def lookup(self, post_id: str) -> Body:
        """Whether a post exists: `data`, or `errors` that say why not. Without fields, pictures and author."""
        return self.call("read", "GET", f"/2/tweets/{post_id}")

    def upload(self, painting: Painting) -> str:
        """Media id of a picture or a film with its alt text."""
        with translated():
            if painting.mime_type.startswith("video/"):
                return self._upload_film(painting)
            picture = ("painting", painting.data, painting.mime_type)
            media_id = str(self._send("", picture, media_category="tweet_image")["data"]["id"])
        self._describe(media_id, painting)
        return media_id

    def _upload_film(self, film: Painting) -> str:
        """In pieces, and waited for: X makes its own versions of a video before it can be posted."""
        wanted = {"media_type": film.mime_type, "total_bytes": len(film.data), "media_category": "tweet_video"}
        media_id = str(self.call("upload", "POST", "/2/media/upload/initialize", json=wanted)["data"]["id"])
        for number, start in enumerate(range(0, len(film.data), CHUNK_BYTES)):
            piece = ("film", film.data[start : start + CHUNK_BYTES], "application/octet-stream")
            self._send(f"/{media_id}/append", piece, segment_index=str(number))
        state = self.call("upload", "POST", f"/2/media/upload/{media_id}/finalize")
        self._wait_until_processed(media_id, state)
        try:
            self._describe(media_id, film)
        except Refused:
            logger.info("X took no alt text for a video")
        return media_id

    def _wait_until_processed(self, media_id: str, state: Body) -> None:
        """Asks when X says to. Raises NotTaken where it takes too long, Refused where it cannot use the film."""
        until_s = self._steady() + PROCESSING_S
        while (info := _processing(state)).get("state") in {"pending", "in_progress"}:
            if self._steady() > until_s:
                raise NotTaken("X does not finish processing a film")
            time.sleep(min(5.0, max(0.1, float(info.get("check_after_secs", 1)))))
            asked = {"command": "STATUS", "media_id": media_id}
            state = self.call("upload", "GET", "/2/media/upload", params=asked)
        if info.get("state") == "failed":
            raise Refused(400, "the film could not be processed")

    def _describe(self, media_id: str, painting: Painting) -> None:
        alt = {"alt_text": {"text": painting.description[:MOST_ALT_TEXT]}}
        self.call("metadata", "POST", "/2/media/metadata", json={"id": media_id, "metadata": alt})

    def _timeline(self, route: str, ask: Callable[..., Any], params: Body) -> Body:
        with self._bucket(route):
            return _checked(ask(self.user_id, user_auth=True, tweet_fields=POST_FIELDS, **params))

    def _send(self, route: str, media: tuple[str, bytes, str], **data: str) -> Any:
        """One upload of v2: (name, bytes, MIME type). tweepy only has v1.1, which X retired."""
        address = f"{API}/2/media/upload{route}"
        with self._bucket("upload"):
            response = self._client.session.post(address, files={"media": media}, data=data, auth=signed(self._keys))
            if not 200 <= response.status_code < 300:
                raise HTTPException(response)  # type: ignore[no-untyped-call]  # tweepy has no types
            return response.json() if response.content else None

    def _hear(self, response: Any, *args: Any, **kwargs: Any) -> None:
        self.first_contact = self.first_contact or calendar(response.headers.get("date", "")) or 0.0

    @contextmanager
    def _bucket(self, name: str) -> Iterator[None]:
        """After a 429 nothing is asked of that endpoint before its window opens again."""
        self.limits.check(name)
        try:
            with translated(self._now()):
                yield
        except RateLimited as closed:
            refused = RateLimitStatus(refused=True, reset_at=closed.until.timestamp())
            until = self.limits.learn(name, refused)
            if isinstance(closed, OutOfCredit):
                logger.error("X: credits or spend limit exhausted; act in X's developer console")
                raise
            raise RateLimited(until or closed.until) from closed
        self.limits.learn(name, RateLimitStatus())


def _processing(state: Body) -> Body:
    found = (state.get("data") or {}).get("processing_info")
    return found if isinstance(found, dict) else {}


def walk(page: Callable[[str | None], Body]) -> Iterator[Body]:
    """Pages of a timeline from the newest backwards; `page` takes the token of the one it shall fetch."""
    token: str | None = None
    for _ in range(MOST_PAGES):
        body = page(token)
        yield body
        token = next_token_of(body)
        if not token:
            return


def _checked(body: Any) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise Unknown("X answered something that is no object")
    return body
