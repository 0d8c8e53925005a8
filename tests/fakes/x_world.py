"""What the fake X knows: people, posts and pictures, with X's rules about who may reply to whom."""

import base64
import re
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bot.text import weight

EPOCH_MS = 1_288_834_974_657
NEWEST = 800


class Rejected(Exception):
    """An answer of X that is no success: status and problem detail."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail


@dataclass
class Media:
    key: str
    type: str = "photo"
    data: bytes = b""
    alt_text: str = ""
    width: int = 0
    height: int = 0
    without_original: bool = False
    attached: bool = False
    url: str | None = None
    total_bytes: int = 0
    """Of a film that is sent in pieces."""
    looks: int = 0
    """How often somebody asked whether it is processed."""


@dataclass
class Post:
    id: int
    author_id: str
    text: str
    media: list[str] = field(default_factory=list)
    in_reply_to: int | None = None
    lang: str = "en"
    sensitive: bool = False
    history: list[int] = field(default_factory=list)
    visible_at: float = 0.0
    deleted: bool = False
    repost: bool = False
    quoted: int | None = None
    labelled: bool = False


class World:
    """All state, behind one lock. `own` is the id of the bot's account."""

    def __init__(self, own: str, *, takes_label: bool = True) -> None:
        self.own = own
        self.takes_label = takes_label
        self.lag_s = 0.0
        self.lock = threading.RLock()
        self.posts: dict[int, Post] = {}
        self.media: dict[str, Media] = {}
        self.unanswerable: set[str] = set()
        """Authors who blocked the bot, or whom X suspended."""
        self.users: dict[str, dict[str, Any]] = {own: {"id": own, "username": "stylesmith", "description": "A bot"}}
        self._last = 0
        self._written: dict[Any, Post] = {}

    def next_id(self, at: float | None = None) -> int:
        """A snowflake, larger than any before unless made for an earlier moment."""
        snowflake = (int((at or time.time()) * 1000) - EPOCH_MS) << 22
        while snowflake in self.posts or (at is None and snowflake <= self._last):
            snowflake += 1
        self._last = max(self._last, snowflake)
        return snowflake

    def write(self, wish: dict[str, Any]) -> Post:
        """A post by somebody: text, author, media, in_reply_to, quoted, lang, sensitive, lag_s, at, repost, key."""
        with self.lock:
            if (known := self._written.get(wish.get("key"))) is not None:
                return known
            author = str(wish.get("author", "101"))
            about = {"id": author, "username": f"user{author}", "description": "", "protected": False}
            self.users[author] = self.users.get(author, about) | wish.get("user", {})
            keys = [self.keep(one).key for one in wish.get("media", ())]
            post = Post(
                id=self.next_id(wish.get("at")),
                author_id=author,
                text=str(wish.get("text", "@stylesmith")),
                media=keys,
                in_reply_to=int(wish["in_reply_to"]) if wish.get("in_reply_to") else None,
                lang=str(wish.get("lang", "en")),
                sensitive=bool(wish.get("sensitive")),
                visible_at=time.time() + float(wish.get("lag_s", 0)),
                repost=bool(wish.get("repost")),
                quoted=int(wish["quoted"]) if wish.get("quoted") else None,
            )
            post.history = [post.id]
            self.posts[post.id] = post
            if "key" in wish:
                self._written[wish["key"]] = post
            return post

    def edit(self, post_id: int, text: str) -> Post:
        """A new version under a new id; timelines show the newest only."""
        with self.lock:
            old = self.posts.pop(self.version(post_id).id)
            new = Post(**{**vars(old), "id": self.next_id(), "text": text})
            new.history = [*old.history, new.id]
            self.posts[new.id] = new
            return new

    def keep(self, one: dict[str, Any]) -> Media:
        """Media of somebody's post; `data` is base64."""
        key = f"3_{self.next_id()}{len(self.media)}"
        data = base64.b64decode(one["data"]) if one.get("data") else b""
        known = {name: one[name] for name in ("type", "alt_text", "width", "height", "without_original") if name in one}
        self.media[key] = Media(key, data=data, url=one.get("url"), **known)
        return self.media[key]

    def upload(self, data: bytes) -> Media:
        with self.lock:
            if len(data) > 5_000_000:
                raise Rejected(413, "media too large")
            key = str(self.next_id() + len(self.media))
            self.media[key] = Media(key, data=data)
            return self.media[key]

    def begin(self, body: dict[str, Any]) -> Media:
        """A film, to be sent in pieces."""
        if body.get("media_category") != "tweet_video" or body.get("media_type") != "video/mp4":
            raise Rejected(400, "media_type and media_category do not go together")
        media = self.upload(b"")
        media.type, media.total_bytes = "video", int(body["total_bytes"])
        return media

    def append(self, key: str, number: int, piece: bytes) -> None:
        if len(piece) > 5_000_000 or key not in self.media:
            raise Rejected(400, "segment is too large or the media unknown")
        self.media[key].data += piece

    def finalize(self, key: str) -> dict[str, Any]:
        media = self.media[key]
        if len(media.data) != media.total_bytes or media.data[4:8] != b"ftyp":
            raise Rejected(400, "the file is not whole, or no video")
        return {"id": key, "processing_info": {"state": "pending", "check_after_secs": 0.01}}

    def processed(self, key: str) -> dict[str, Any]:
        """Not at the first look."""
        media = self.media[key]
        media.looks += 1
        state = "succeeded" if media.looks > 1 else "in_progress"
        return {"id": key, "processing_info": {"state": state, "check_after_secs": 0.01}}

    def create(self, body: dict[str, Any]) -> Post:
        """A post of the bot. Raises Rejected as X does."""
        with self.lock:
            self._check_shape(body)
            to = int(body.get("reply", {}).get("in_reply_to_tweet_id", 0)) or None
            text = str(body.get("text", ""))
            keys = [str(key) for key in body.get("media", {}).get("media_ids", ())]
            self._check_reply(to)
            self._check_text(text)
            if any(key not in self.media or self.media[key].attached for key in keys) or len(keys) > 4:
                raise Rejected(400, "Your media IDs are invalid.")
            if not text and not keys:
                raise Rejected(400, "text or media is required")
            films = [key for key in keys if self.media[key].type == "video"]
            if films and (len(keys) > 1 or self.media[films[0]].looks < 2):
                raise Rejected(400, "one video a post, and only when it is processed")
            for key in keys:
                self.media[key].attached = True
            post = Post(self.next_id(), self.own, text, keys, to, visible_at=time.time() + self.lag_s)
            post.history, post.labelled = [post.id], bool(body.get("made_with_ai"))
            self.posts[post.id] = post
            return post

    def _check_shape(self, body: dict[str, Any]) -> None:
        known = {"text", "media", "reply"} | ({"made_with_ai"} if self.takes_label else set())
        if not body.keys() <= known:
            raise Rejected(400, f"unknown field {sorted(body.keys() - known)}")

    def _check_reply(self, to: int | None) -> None:
        if to is None:
            return
        above = next((p for p in self.posts.values() if to in p.history and not p.deleted), None)
        if above is None:
            raise Rejected(403, "You attempted to reply to a Tweet that is deleted or not visible to you.")
        if above.author_id in self.unanswerable:
            raise Rejected(403, "You are not permitted to perform this action.")
        if not mentions_us(above.text) and above.author_id != self.own:
            raise Rejected(403, "You can only reply to or quote posts where you are mentioned or are the author.")

    def _check_text(self, text: str) -> None:
        if weight(text) > 280:
            raise Rejected(403, "Your Tweet text is too long.")
        if text and any(p.text == text and not p.deleted for p in self.posts.values() if p.author_id == self.own):
            raise Rejected(403, "You are not allowed to create a Tweet with duplicate content.")

    def mentions(self) -> list[Post]:
        """Posts that mention the bot, newest first, at most 800."""
        us = (p for p in self.posts.values() if mentions_us(p.text) and p.author_id != self.own)
        return self._visible(us)[:NEWEST]

    def own_posts(self) -> list[Post]:
        return self._visible(p for p in self.posts.values() if p.author_id == self.own)

    def _visible(self, posts: Iterable[Post]) -> list[Post]:
        now = time.time()
        shown = [p for p in posts if not p.deleted and p.visible_at <= now]
        return sorted(shown, key=lambda p: p.id, reverse=True)

    def version(self, post_id: int) -> Post:
        """The newest version of this post, by the id of any. Raises KeyError."""
        known = self.posts.get(post_id)
        return known or next((p for p in self.posts.values() if post_id in p.history), None) or self.posts[post_id]

    def post(self, post_id: int) -> Post:
        try:
            post = self.version(post_id)
        except KeyError:
            post = None
        if post is None or post.deleted or post.visible_at > time.time():
            raise Rejected(404, "Could not find tweet")
        return post


def mentions_us(text: str) -> bool:
    """Whether our name stands there as a handle: neither in an address nor as the beginning of a longer name."""
    return _OUR_HANDLE.search(text) is not None


_OUR_HANDLE = re.compile(r"(?<![\w/@.])@stylesmith(?!\w)", re.IGNORECASE | re.ASCII)


def created_at(post: Post) -> str:
    return datetime.fromtimestamp(((post.history[0] >> 22) + EPOCH_MS) / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
