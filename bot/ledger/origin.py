"""The posts behind a reply, which decide who may see it and under which warning."""

from collections.abc import Mapping

from bot.ledger import About, Plan, Row, Source
from bot.posts import Attachment, Mention, Visibility
from bot.request.reading import Wanted
from bot.text import cut

UNKNOWN = Source(post="", author="")
"""Stands for posts that nobody knows any more: as narrow as can be."""
LONGEST_WARNING = 200
"""Weighted characters. Platforms count a warning against the text; a cut one still warns."""


def source(post: Mention, pictures: tuple[str, ...] = ()) -> Source:
    who = post.author
    return Source(post.id, who.id, who.handle, who.host, post.visibility, post.warning, post.sensitive, pictures)


def given(mention: Mention, wanted: Wanted, keys: Mapping[Attachment, str]) -> tuple[Source, ...]:
    """The mention, and every other post whose pictures are painted from; `keys` are those of the stored pictures."""

    def of(post: Mention) -> Source:
        return source(post, tuple(dict.fromkeys(keys[image] for image in post.images if image in keys)))

    return (of(mention), *(of(post) for post in wanted.posts if post.id != mention.id))


def sources(row: Row) -> tuple[Source, ...]:
    """Everything that the painting of `row` goes back to; `UNKNOWN` among it where the ledger did not keep it."""
    mention, plan = row.mention, row.plan
    if plan is None:
        return (UNKNOWN,)
    return _derived(mention, plan) if plan.sources is None else plan.sources


def _derived(mention: Mention, plan: Plan) -> tuple[Source, ...]:
    """For rows that were planned before sources were kept: from the post above, which may have given every picture."""
    above, pictures = mention.parent, (*plan.photos, *plan.styles)
    own = source(mention, pictures if mention.images else ())
    if above is None or len(mention.images) > 1:
        return (own,)
    if above.by_us:
        return (own,) if mention.images else (own, UNKNOWN)
    return own, source(above, pictures)


def behind(row: Row) -> tuple[Source, ...]:
    """What the reply to `row` goes back to; a sentence may speak of any post near it."""
    if row.plan and row.answer and row.answer.about is About.PAINTING:
        return (source(row.mention), *sources(row))
    near = (row.mention, *row.mention.near)
    return (*map(source, near), *(sources(row) if row.plan else ()))


def audience(row: Row) -> Visibility:
    """Who may see the reply to `row`: nobody who may not see all that it goes back to."""
    return max(Visibility.UNLISTED, *(source.visibility for source in behind(row)))


def warning(row: Row) -> str:
    return cut("; ".join(dict.fromkeys(filter(None, (source.warning for source in behind(row))))), LONGEST_WARNING)
