"""X's posts, in either spelling of their fields, as mentions."""

import html
import logging
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from bot.posts import Attachment, Author, Media, Mention, pixels
from bot.text import storable

logger = logging.getLogger(__name__)

NAME: Final = "x"
HOST: Final = "x.com"

# OpenAPI 2.167 (August 2026) renames tweet to post in fields, expansions and includes; the old names still answer.
POST_FIELDS: Final = (
    "attachments,author_id,conversation_id,created_at,in_reply_to_user_id,lang,note_tweet,possibly_sensitive,"
    "referenced_tweets,text"
)
MEDIA_FIELDS: Final = "alt_text,height,media_key,type,url,width"
EXPANSIONS: Final = "attachments.media_keys"
"""No `author_id`: each user returned would cost ten times the mention, and the id comes free."""

_HANDLES_IN_FRONT = re.compile(r"^(?:\s*@\w{1,15})+")
_OPT_OUT = re.compile(r"#no(?:bot|ai)\b", re.IGNORECASE)
_SNOWFLAKE_MS_SHIFT: Final = 22
_SNOWFLAKE_EPOCH_MS: Final = 1_288_834_974_657


def page_of(body: Mapping[str, Any], own_id: str) -> list[Mention]:
    """The mentions in one answer, in its order; a post in a strange shape is passed over alone."""
    media = media_of(body)
    found = []
    for post in body.get("data") or ():
        try:
            if not _is_repost(post):
                found.append(mention_of(post, media, own_id))
        except (LookupError, TypeError, ValueError, AttributeError, OverflowError) as error:
            logger.warning("unreadable post", extra={"why": repr(error)[:200]})
    return found


def media_of(body: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The media that came with an answer, by key."""
    media = (body.get("includes") or {}).get("media") or ()
    return {str(one["media_key"]): one for one in media if isinstance(one, dict) and "media_key" in one}


def ids_of(body: Mapping[str, Any]) -> list[str]:
    """Ids of the posts in one answer, of those that have one."""
    posts = (post for post in body.get("data") or () if isinstance(post, dict))
    return [str(post["id"]) for post in posts if str(post.get("id", "")).isdecimal()]


def mention_of(post: Mapping[str, Any], media: Mapping[str, Mapping[str, Any]], own_id: str) -> Mention:
    """One post. Its id is that of its first version, so that an edit is no second mention."""
    author_id = str(post.get("author_id", ""))
    above, first = replied_to(post), _first_version(post)
    mention = Mention(
        platform=NAME,
        id=first,
        author=Author(id=author_id, handle="", host=HOST),
        text=_text(post),
        attachments=tuple(_attachments(post, media)),
        created_at=_time(int(first), str(post.get("created_at", ""))),
        sensitive=bool(post.get("possibly_sensitive")),
        language="" if post.get("lang") in {None, "und", "zxx", "qme", "qht", "art"} else str(post["lang"]),
        in_reply_to=above,
        quotes=_reference(post, "quoted"),
        by_us=author_id == own_id,
        platform_root=str(post.get("conversation_id", "")),
    )
    if above and str(post.get("in_reply_to_user_id", "")) == own_id:  # our own, without paying to read it
        return replace(mention, parent=Mention(NAME, above, Author(own_id, "", HOST), "", by_us=True))
    return mention


def replied_to(post: Mapping[str, Any]) -> str:
    """Id of the post that this one answers, or empty."""
    return _reference(post, "replied_to")


def _reference(post: Mapping[str, Any], kind: str) -> str:
    references = _either(post, "referenced_tweets", "referenced_posts") or ()
    return next((str(one["id"]) for one in references if one.get("type") == kind and "id" in one), "")


def opted_out(user: Mapping[str, Any]) -> bool:
    """#nobot or #noai in the bio, or a protected account."""
    bio = f"{user.get('description', '')} {user.get('name', '')}"
    return bool(user.get("protected")) or _OPT_OUT.search(bio) is not None


def some_time_before(post_id: str, seconds: float) -> str:
    """An id that was given out `seconds` earlier: the upper bits of an id are milliseconds."""
    return str(max(1, int(post_id) - (int(seconds * 1000) << _SNOWFLAKE_MS_SHIFT)))


def id_at(moment: datetime) -> int:
    """The lowest id that a post of this moment can have."""
    return max(0, int(moment.timestamp() * 1000) - _SNOWFLAKE_EPOCH_MS) << _SNOWFLAKE_MS_SHIFT


def next_token_of(body: Mapping[str, Any]) -> str:
    """What to ask the next, older page of a timeline with; empty when this is the last."""
    return str((body.get("meta") or {}).get("next_token") or "")


def _either(post: Mapping[str, Any], old: str, new: str) -> Any:
    return post[old] if old in post else post.get(new)


def _is_repost(post: Mapping[str, Any]) -> bool:
    references = _either(post, "referenced_tweets", "referenced_posts") or ()
    return any(one.get("type") in {"retweeted", "reposted"} for one in references)


def _first_version(post: Mapping[str, Any]) -> str:
    return str((_either(post, "edit_history_tweet_ids", "edit_history_post_ids") or [post["id"]])[0])


def _text(post: Mapping[str, Any]) -> str:
    """The long form where there is one, without the handles in front and with its entities undone."""
    long = post.get("note_tweet") or post.get("note_post") or {}
    return _HANDLES_IN_FRONT.sub("", html.unescape(storable(long.get("text") or post.get("text")))).strip()


def _time(first: int, created_at: str) -> datetime | None:
    """From the id, which knows the millisecond, else from `created_at`, which X cuts to the second."""
    if first >> _SNOWFLAKE_MS_SHIFT:
        return datetime.fromtimestamp(((first >> _SNOWFLAKE_MS_SHIFT) + _SNOWFLAKE_EPOCH_MS) / 1000, UTC)
    try:
        return datetime.fromisoformat(created_at).astimezone(UTC)
    except ValueError:
        return None


def _attachments(post: Mapping[str, Any], media: Mapping[str, Mapping[str, Any]]) -> Iterable[Attachment]:
    """In the order of `media_keys`, which is the composer's; `includes` has none."""
    for key in (post.get("attachments") or {}).get("media_keys", ()):
        yield _attachment(media.get(str(key), {}))


def _attachment(one: Mapping[str, Any]) -> Attachment:
    url = str(one.get("url") or "")
    if one.get("type") != "photo":
        return Attachment(Media.OTHER)
    if not url:
        return Attachment(Media.PENDING)
    # The plain address gives a reduced picture; the original is missing for some, so the smaller ones follow.
    bare = url.partition("?")[0]
    sizes = tuple(f"{bare}?name={name}" for name in ("orig", "4096x4096", "large"))
    return Attachment(
        Media.IMAGE,
        sizes[0],
        (*sizes[1:], url),
        storable(one.get("alt_text")),
        pixels(one.get("width")),
        pixels(one.get("height")),
    )
