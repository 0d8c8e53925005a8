"""Where a Mastodon server keeps its pictures, which no field of its API says: learnt from pictures of its own."""

import logging
import threading
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

from bot.errors import PlatformError
from bot.platforms.mastodon.errors import host_of
from bot.platforms.mastodon.instance import Instance
from bot.platforms.mastodon.setup import verified

log = logging.getLogger(__name__)


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
