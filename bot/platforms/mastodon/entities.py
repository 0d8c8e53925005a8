"""From a status, as the server wrote it or as Mastodon.py hands it out, to a Mention in our words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.errors import Unknown
from bot.platforms.mastodon.html import opts_out, plain
from bot.posts import Attachment, Author, Media, Mention, Visibility, pixels
from bot.text import storable

NAME = "mastodon"
Entity = Mapping[str, Any]
_VISIBILITIES = {
    "public": Visibility.PUBLIC, "unlisted": Visibility.UNLISTED, "private": Visibility.FOLLOWERS,
    "direct": Visibility.DIRECT,
}  # fmt: skip
_DESCRIPTION_LENGTH = 5_000
_PHONES = (".heic", ".heif", ".hif")
_FALLBACK = re.compile(r"(?:^|\s)RE:\s*(?:https?://)?[^\s/]{1,300}/\S{0,300}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class OwnAccount:
    id: str
    host: str
    """Host of the server, where people without a host in their handle live."""
    pages: frozenset[str]
    """Addresses of our page, as links to us are written."""
    unordered: bool = False
    """Whether the server lists the attachments of a post in any order."""


def own_account(account: Entity, host: str) -> OwnAccount:
    pages = {str(account[key]) for key in ("url", "uri") if account.get(key)}
    return OwnAccount(str(account["id"]), host, frozenset(pages))


def mentions_us(status: Entity, me: OwnAccount) -> bool:
    """Whether the post is addressed to us; a handle of the same name on another server is not ours."""
    return any(str(person.get("id")) == me.id for person in status.get("mentions") or ())


def answers(ours: Entity, mention_id: str, author_id: str) -> bool:
    """Whether a post of ours answers this mention of this account, which may be gone.

    Where it is gone its answers have no parent any more; Mastodon still says whose post they answered, and where a
    server says nothing, a post that shows a picture to this one account, or is for them alone, is one.
    """
    parent, to = ours.get("in_reply_to_id"), ours.get("in_reply_to_account_id")
    if parent is not None:
        return str(parent) == mention_id
    named = {str(person.get("id")) for person in ours.get("mentions") or ()}
    if to is not None:
        return str(to) == author_id and author_id in named
    return named == {author_id} and (bool(ours.get("media_attachments")) or ours.get("visibility") == "direct")


@dataclass(frozen=True, slots=True)
class _Quote:
    """The quoted post, as far as the quoting one says."""

    id: str = ""
    post: Mention | None = None
    pending: bool = False


def _quote_in(status: Entity, me: OwnAccount) -> _Quote:
    """Mastodon 4.4 writes `quote` with a state (docs.joinmastodon.org/entities/Quote); Akkoma the quoted post itself,
    Pleroma in an object of its own."""
    quote = status.get("quote") or (status.get("pleroma") or {}).get("quote")
    if not isinstance(quote, Mapping):
        return _Quote(str(status.get("quote_id") or ""))
    if "account" in quote:
        return _Quote(str(quote.get("id") or ""), _quoted(quote, me))
    state, shown = quote.get("state"), quote.get("quoted_status")
    if isinstance(shown, Mapping) and state in (None, "accepted"):
        return _Quote(str(shown.get("id") or ""), _quoted(shown, me))
    known = str(quote.get("quoted_status_id") or "") if state in (None, "accepted") else ""
    return _Quote(known, pending=state == "pending" or (state == "accepted" and not known))


def _quoted(status: Entity, me: OwnAccount) -> Mention | None:
    """A quoted post in a strange shape is none; it does not make the post that quotes it unreadable."""
    try:
        return mention({**status, "quote": None, "quote_id": None, "pleroma": None}, me)
    except (KeyError, TypeError, AttributeError, ValueError):
        return None


def mention(status: Entity, me: OwnAccount) -> Mention:
    """Raises KeyError for a status without id or account (an answer in a strange shape)."""
    account = status["account"]
    if status["id"] is None or account is None or account["id"] is None:
        raise KeyError("id")
    quote = _quote_in(status, me)
    listed = status.get("media_attachments") or ()
    if me.unordered:  # then as they were uploaded
        listed = sorted(listed, key=lambda media: order(str(media.get("id"))))
    attachments = tuple(map(_attachment, listed))
    ours = {p.get("url") for p in status.get("mentions") or () if str(p.get("id")) == me.id}
    return Mention(
        platform=NAME,
        # Pleroma and some others have ids that are JSON integers.
        id=str(status["id"]),
        author=author(account, me),
        text=_words(plain(str(status.get("content") or ""), me.pages | ours), quote),
        attachments=attachments,
        unordered=me.unordered,
        created_at=moment(status.get("created_at")),
        # Pleroma's `local`, GoToSocial's `mutuals_only` and whatever comes: the narrowest is always right.
        visibility=_VISIBILITIES.get(str(status.get("visibility")), Visibility.DIRECT),
        warning=storable(status.get("spoiler_text")).strip(),
        sensitive=bool(status.get("sensitive")),
        language=storable(status.get("language")).strip()[:8],
        in_reply_to=str(status.get("in_reply_to_id") or ""),
        quotes=quote.id,
        quoted=quote.post,
        unresolved=quote.pending or any(one.media is Media.UNKNOWN for one in attachments),
        by_us=str(account["id"]) == me.id,
    )


def _words(text: str, quote: _Quote) -> str:
    """Without the address of the quoted post, which is written into the text for servers that know no quotes."""
    return _FALLBACK.sub("", text).strip() if quote.id or quote.pending else text


def author(account: Entity, me: OwnAccount) -> Author:
    """Author of a post. GoToSocial and old servers leave out `bot`."""
    handle = storable(account.get("acct") or account.get("username")).strip()
    bio = [str(account.get("note") or "")]
    for field in account.get("fields") or ():
        bio += [str(field.get("name") or ""), str(field.get("value") or "")]
    return Author(
        id=str(account["id"]),
        handle=handle,
        host=handle.partition("@")[2].lower() or me.host,
        is_bot=bool(account.get("bot")),
        opted_out=opts_out(*bio),
    )


def _attachment(media: Entity) -> Attachment:
    """`remote_url` is written by the other server and never fetched; a file without `url` is still being processed.

    A server that does not know HEIC lists it as unknown.
    """
    url = str(media.get("url") or "")
    match media.get("type"):
        case "image":
            kind = Media.IMAGE if url else Media.PENDING
        case "unknown" if not url:
            kind = Media.UNKNOWN
        case "unknown" if url.partition("?")[0].lower().endswith(_PHONES):
            kind = Media.IMAGE
        case _:
            kind = Media.OTHER
    original = (media.get("meta") or {}).get("original") or {}
    return Attachment(
        media=kind,
        url=url,
        description=storable(media.get("description")).strip()[:_DESCRIPTION_LENGTH],
        width_px=pixels(original.get("width")),
        height_px=pixels(original.get("height")),
    )


def moment(value: object) -> datetime | None:
    """A server's time in UTC; None for anything else."""
    try:
        at = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def entities_in(found: object, otherwise: str) -> list[Entity]:
    """What has an id in a list; whatever else a server may answer proves nothing. Raises Unknown, with `otherwise`."""
    if not isinstance(found, list):
        raise Unknown(otherwise)
    return [one for one in found if isinstance(one, dict) and one.get("id") is not None]


def order(identifier: str) -> tuple[int, str]:
    """Sort key: ids of any server by age (docs.joinmastodon.org/api/guidelines#id)."""
    return len(identifier), identifier
