"""One more look right before a painting is shown: its posts may be gone, hidden or warned of since then."""

from dataclasses import replace

from bot.errors import PictureReason, PlatformError, RateLimited, Unauthorized
from bot.flow.parts import Parts
from bot.ledger import About, Answer, Ledger, Row, Source
from bot.ledger.origin import sources
from bot.ports import Platform
from bot.posts import Mention
from bot.request.reading import objection


def recheck(parts: Parts, row: Row) -> Row | None:
    """`row` as narrow and as guarded as its posts are now; None where a sentence is to be said instead.

    Only where looking is free; a platform that does not answer is taken to have nothing new to say.
    """
    platform = parts.platforms[row.platform]
    paints = row.plan is not None and row.answer is not None and row.answer.about is About.PAINTING
    if not paints or platform.limits().looks_cost:
        return row
    try:
        return _checked(parts.ledger, platform, row)
    except (RateLimited, Unauthorized):
        raise
    except PlatformError:
        return row


def _checked(ledger: Ledger, platform: Platform, row: Row) -> Row | None:
    looks: list[Mention | None] = [platform.reread(row.id)]
    for one in _painted_from(row):
        now = platform.look(one.post)
        if now is None:
            ledger.decide(row, Answer(About.PICTURE, PictureReason.GONE.value, row.language))
            return None
        hint = objection(now, one.visibility) if one.author != row.mention.author.id else None
        if hint:
            ledger.decide(row, Answer(About.HINT, hint.value, row.language))
            return None
        looks.append(now)
    return ledger.refresh(replace(row, mention=_guarded(row, [look for look in looks if look])))


def _painted_from(row: Row) -> list[Source]:
    """The other posts that gave a picture."""
    keys = {*row.plan.photos, *row.plan.styles} if row.plan else set()
    return [one for one in sources(row) if one.post not in ("", row.id) and not keys.isdisjoint(one.pictures)]


def _guarded(row: Row, looks: list[Mention]) -> Mention:
    """The mention with the narrowest visibility and a new warning of these posts."""
    mention, known = row.mention, {"", *(one.warning for one in sources(row))}
    warning = mention.warning or next((look.warning for look in looks if look.warning not in known), "")
    return replace(
        mention,
        visibility=max([mention.visibility, *(look.visibility for look in looks)]),
        warning=warning,
        sensitive=mention.sensitive or any(look.sensitive for look in looks),
    )
