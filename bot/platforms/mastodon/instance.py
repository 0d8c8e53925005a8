"""What a Mastodon server says about itself: its limits, and where its pictures are, which no field of its API says."""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urljoin, urlsplit

from bot.errors import Intercepted, PlatformError, Refused, Unknown
from bot.platforms.mastodon.client import MastodonClient
from bot.platforms.mastodon.errors import host_of
from bot.platforms.mastodon.setup import verified
from bot.posts import Limits

log = logging.getLogger(__name__)

_KEPT_S = 3600.0
_PAUSE_S = 300.0


class Instance:
    """/api/v2/instance, or v1 where that does not exist (older Pleroma): asked for once an hour at most.

    Safe to use from several threads.
    """

    def __init__(self, client: MastodonClient, steady: Callable[[], float] = time.monotonic) -> None:
        self.client = client
        self._steady = steady
        self._said: Mapping[str, Any] = {}
        self._until = float("-inf")
        self._warned = False
        self._lock = threading.Lock()

    def said(self) -> Mapping[str, Any]:
        """The newest that is known; nothing at all while the server does not say."""
        with self._lock:
            if self._until <= self._steady():
                self._learn()
            return self._said

    def is_takahe(self) -> bool:
        """Takahe 0.11 lists attachments in no order (`Post.attachments.all()`), and its 404 is a page of HTML."""
        return str(self.said().get("version") or "").lower().startswith("takahe")

    def _learn(self) -> None:
        try:
            self._said, kept_s = asked(self.client), _KEPT_S
        except PlatformError as error:
            kept_s = _PAUSE_S
            (log.debug if self._warned else log.warning)(
                "the server does not say what it takes; Mastodon's own limits are assumed", extra={"why": str(error)}
            )
        self._warned = kept_s == _PAUSE_S
        self._until = self._steady() + kept_s


def asked(client: MastodonClient) -> Mapping[str, Any]:
    """Asked for now, without the slash that Mastodon.py ends these two paths in (Takahe: 404). Raises PlatformError."""
    try:
        said = client.read("api", "/api/v2/instance")
    except (Refused, Intercepted):
        said = client.read("api", "/api/v1/instance")
    if not isinstance(said, Mapping):
        raise Unknown("an instance in a strange shape")
    return said


DEFAULT = Limits(text_length=500, description_length=1500, paintings=4, image_bytes=16 * 1024 * 1024)
"""Mastodon's own (docs.joinmastodon.org/user/posting, /methods/instance)."""


def limits_of(said: Mapping[str, Any]) -> Limits:
    """From /api/v2/instance or v1, which agree on these; what is not said is DEFAULT."""
    configuration = said.get("configuration") or {}
    statuses = configuration.get("statuses") or {}
    media = configuration.get("media_attachments") or {}
    told = {
        # Pleroma and Akkoma say these two at the top level.
        "text_length": statuses.get("max_characters") or said.get("max_toot_chars"),
        "description_length": media.get("description_limit") or said.get("description_limit"),
        "paintings": statuses.get("max_media_attachments"),
        "image_bytes": media.get("image_size_limit"),
    }
    usable: dict[str, Any] = {name: value for name, value in told.items() if isinstance(value, int) and value > 0}
    return replace(DEFAULT, **usable, video=_takes_video(media))


def _takes_video(media: Mapping[str, Any]) -> bool:
    """Where the server does not say, it does."""
    types = media.get("supported_mime_types")
    listed = not isinstance(types, list) or not types or "video/mp4" in types
    return listed and media.get("video_size_limit") != 0


class MediaHosts:
    """`host in hosts`: the server's own host, and those of its thumbnail and of our avatar, asked for once."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self._known = {host_of(instance.client.url).partition(":")[0]}
        self._asked = False
        self._lock = threading.Lock()

    def __contains__(self, host: object) -> bool:
        if host not in self._known and not self._asked:
            with self._lock:
                self._learn()
        return host in self._known

    def known(self) -> set[str]:
        """All of them, asked for now. Raises PlatformError."""
        self._ask()
        return set(self._known)

    def _learn(self) -> None:
        """Once, whatever comes of it: what a server does not say now it will hardly say at the next picture."""
        if self._asked:
            return
        try:
            self._ask()
        except PlatformError as error:
            log.warning("the media host is not known; STYLESMITH_MEDIA_HOSTS names it", extra={"why": str(error)})
        self._asked = True

    def _ask(self) -> None:
        client = self._instance.client
        self._known.update(_hosts(client.url, self._instance.said().get("thumbnail"), verified(client)))


def _hosts(base: str, thumbnail: object, me: Mapping[str, Any]) -> Iterator[str]:
    """v1 writes the thumbnail as an address, v2 as an object with one; Takahe as one without a host."""
    shown = thumbnail.get("url") if isinstance(thumbnail, Mapping) else thumbnail
    for url in (shown, me.get("avatar_static"), me.get("header_static")):
        host = urlsplit(urljoin(base, url)).hostname if isinstance(url, str) and url else None
        if host:
            yield host


def pictured(instance: Instance) -> set[str]:
    """Hosts of the pictures in the newest mentions, as the server writes them. Raises PlatformError."""
    told = instance.client.read("api", "/api/v1/notifications?types[]=mention&limit=40")
    posts = [(one or {}).get("status") or {} for one in told or ()]
    urls = [media.get("url") for post in posts for media in post.get("media_attachments") or ()]
    return {host for url in urls if isinstance(url, str) and (host := urlsplit(url).hostname)}
