"""What a mention means where it stands: with its pictures as they are now, and the post above it."""

from dataclasses import replace
from datetime import UTC, datetime

from bot.errors import PlatformError, RateLimited, Unauthorized
from bot.flow.parts import Parts
from bot.ledger import Row
from bot.posts import NOBODY, Mention
from bot.request.read import read
from bot.request.reading import Reading, Wanted


def interpret(parts: Parts, row: Row) -> tuple[Mention, Reading]:
    """The mention as it is now, and what it asks for. Raises PlatformError where the post above cannot be asked for."""
    now = datetime.fromtimestamp(parts.clock.now(), UTC)
    mention = row.mention
    if parts.rules.admission.silence(mention, now) is None:  # else nobody is answered, and nothing is looked at
        mention = _with_quoted(parts, row, _with_parent(parts, row, _as_it_is_now(parts, row)))
    reading = read(mention, parts.catalogue, parts.rules.admission, now)
    refused = _refused_pictures(parts, row, mention, reading)
    return mention, read(refused, parts.catalogue, parts.rules.admission, now) if refused else reading


def _refused_pictures(parts: Parts, row: Row, mention: Mention, reading: Reading) -> Mention | None:
    """The mention with the pictures that its author sent before, where it answers a sentence of ours about those.

    "A mosaic, then" under "I have no style of that name" is about the photo that was sent with the first wish.
    """
    if not isinstance(reading, Wanted) or not reading.again_of:
        return None
    asked = parts.ledger.mention_of(row.platform, reading.again_of)
    if asked is None or asked.plan or not asked.mention.images or asked.mention.author.id != mention.author.id:
        return None
    return replace(mention, parent=replace(asked.mention, parent=None))


def _as_it_is_now(parts: Parts, row: Row) -> Mention:
    """The mention with what was edited or finished since it came; as it came where that cannot be known."""
    known = row.mention
    try:
        now = parts.platforms[row.platform].reread(row.id)
    except (RateLimited, Unauthorized):
        raise
    except PlatformError:
        now = None
    if now is None:
        return known
    author = replace(now.author, follows_us=known.author.follows_us)
    return replace(now, author=author, platform_root=known.platform_root)


def _with_parent(parts: Parts, row: Row, mention: Mention) -> Mention:
    if not mention.in_reply_to or mention.parent is not None:
        return mention
    return replace(mention, parent=parts.platforms[row.platform].parent(mention))


def _with_quoted(parts: Parts, row: Row, mention: Mention) -> Mention:
    if not mention.quotes or mention.quoted is not None or len(mention.images) > 1:
        return mention
    if parts.ledger.mention_of(row.platform, mention.quotes) is not None:
        return replace(mention, quoted=Mention(row.platform, mention.quotes, NOBODY, "", by_us=True))
    return replace(mention, quoted=parts.platforms[row.platform].look(mention.quotes))
