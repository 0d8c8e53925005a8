"""Where a Mastodon server keeps its pictures, which no field of its API says: learnt from pictures of its own."""

import logging
import threading
from urllib.parse import urlsplit

from bot.errors import PlatformError
from bot.platforms.mastodon.client import MastodonClient
from bot.platforms.mastodon.errors import host_of

log = logging.getLogger(__name__)


class MediaHosts:
    """`host in hosts`: the server's own host, and those of its thumbnail and of our avatar, asked for once."""

    def __init__(self, client: MastodonClient) -> None:
        self._client = client
        self._known = {host_of(client.url).partition(":")[0]}
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
        try:
            self._ask()
        except PlatformError as error:
            log.info("the media host is not known", extra={"why": str(error)})

    def _ask(self) -> None:
        with self._client.call("api") as api:
            instance, me = api.instance_v2(), api.account_verify_credentials()
        thumbnail = instance.get("thumbnail") or {}
        addresses = [thumbnail.get("url"), me.get("avatar_static"), me.get("header_static")]
        self._known |= {host for url in addresses if isinstance(url, str) and (host := urlsplit(url).hostname)}
        self._asked = True
