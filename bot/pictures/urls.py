"""URLs that a picture may be fetched from."""

from collections.abc import Container
from urllib.parse import urljoin, urlsplit

import httpcore

from bot.errors import PictureError, PictureReason

MOST_CHARACTERS = 2048


def redirected(url: str, location: str) -> str:
    """The address that a redirect from `url` points to, not yet checked; PictureError when it is none."""
    try:
        return urljoin(url, location)
    except ValueError:
        raise PictureError(PictureReason.FORBIDDEN_HOST) from None


def check(url: str, hosts: Container[str], *, allow_private_hosts: bool) -> httpcore.URL:
    """Where to ask for `url`, if it is https on port 443 of an allowed host; else PictureError(FORBIDDEN_HOST).

    With `allow_private_hosts` (a sandbox on this machine) plain http and any port are allowed too. Only printable
    ASCII: full-width and circled digits, which some resolvers read as numbers, and smuggled line ends stop here.
    """
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower().removesuffix("."), parts.port
    except ValueError:
        raise PictureError(PictureReason.FORBIDDEN_HOST) from None
    schemes = {"https": 443, "http": 80} if allow_private_hosts else {"https": 443}
    wanted_port = schemes.get(parts.scheme, 0) if port is None else port
    plain = len(url) <= MOST_CHARACTERS and all("!" <= letter <= "~" for letter in url) and "\\" not in url
    named = "@" not in parts.netloc and bool(host) and host in hosts
    allowed_port = allow_private_hosts or wanted_port == 443
    if not (plain and named and allowed_port and parts.scheme in schemes and wanted_port > 0):
        raise PictureError(PictureReason.FORBIDDEN_HOST)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return httpcore.URL(scheme=parts.scheme, host=host, port=wanted_port, target=path)
