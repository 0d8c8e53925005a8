"""From what was asked to what is painted: pictures fetched and stored, house styles chosen, jobs written."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace

from bot.crashpoints import Point, point
from bot.errors import PictureError, PictureReason
from bot.flow.parts import Parts
from bot.flow.repeat import bounded, repeated, slugs_of, used
from bot.ledger import Plan, Row, Source
from bot.ledger.origin import UNKNOWN, given, source, sources
from bot.posts import Attachment
from bot.request.reading import Declined, Hint, Wanted, objection
from bot.styles.catalogue import HouseStyle
from worker.contract import Film, Kind, RenderJob

Gathered = tuple[Plan, tuple[RenderJob, ...]]
"""Everything to paint: the plan, and one job a photo."""


def gather(parts: Parts, row: Row, wanted: Wanted) -> Gathered | Declined:
    """All pictures of `wanted`, stored; a batch goes on without the photos that cannot be used.

    Raises PictureError; temporary ones have `retry`.
    """
    if wanted.again_of:
        return _again(parts, row, wanted)
    filmed = wanted.options.film is not Film.NONE  # no platform takes two films in a post
    photos, missing = _photos(parts, wanted.photos[:1] if filmed else wanted.photos)
    point(Point.FETCHED)
    styles = tuple(parts.pictures.fetch(style) for style in wanted.styles)
    keys = {image: key for key, image in photos} | dict(zip(wanted.styles, styles, strict=True))
    plan = Plan(
        photos=tuple(key for key, _ in photos),
        styles=styles,
        options=bounded(wanted.options, parts.rules.max_edge_px),
        language=wanted.language,
        photo_texts=tuple(attachment.description for _, attachment in photos),
        style_texts=tuple(style.description for style in wanted.styles),
        missing=missing,
        sources=given(row.mention, wanted, keys),
    )
    slugs = (wanted.house,) * max(1, len(photos)) if wanted.house else ()
    return _with_house(parts, row, plan, slugs, wanted.unwanted)


def _photos(parts: Parts, attachments: Sequence[Attachment]) -> tuple[list[tuple[str, Attachment]], int]:
    """(key, attachment) of the photos that could be used, and how many could not."""
    found: list[tuple[str, Attachment]] = []
    trouble: PictureError | None = None
    for attachment in attachments:
        try:
            found.append((parts.pictures.fetch(attachment), attachment))
        except PictureError as exc:
            if exc.retry:
                raise
            trouble = exc
    if trouble is not None and not found:
        raise trouble
    return found, len(attachments) - len(found)


def _again(parts: Parts, row: Row, wanted: Wanted) -> Gathered | Declined:
    """The painting of an earlier reply once more, with what this mention changed."""
    before = parts.ledger.mention_of(row.platform, wanted.again_of)
    plan = before.plan if before else None
    kept = plan and all(parts.pictures.read(key) is not None for key in (*plan.photos, *plan.styles))
    if before is None or plan is None or not kept:
        return Declined(Hint.NOTHING_TO_REPEAT, wanted.language)
    refused = _objection(parts, row, before, plan)
    if refused is not None:
        return Declined(refused, wanted.language)
    behind = tuple(dict.fromkeys((source(row.mention), *_sources(parts, before))))
    repeat = replace(repeated(plan, wanted, row.mention, parts.rules.max_edge_px), sources=behind)
    if not repeat.photos and repeat.options.kind is not Kind.TEXTURE:
        return Declined(Hint.NO_PICTURE, wanted.language)
    return _with_house(parts, row, repeat, slugs_of(plan, wanted), used(plan, wanted))


def _objection(parts: Parts, row: Row, before: Row, plan: Plan) -> Hint | None:
    """Why pictures of other people are not painted again; their posts are looked at as they are now."""
    for one in _sources(parts, before):
        if one.author in ("", row.mention.author.id) or set(one.pictures).isdisjoint((*plan.photos, *plan.styles)):
            continue
        now = parts.platforms[row.platform].look(one.post)
        found = objection(now, one.visibility) if now else Hint.NOTHING_TO_REPEAT
        if found is not None:
            return found
    return None


def _sources(parts: Parts, row: Row) -> tuple[Source, ...]:
    """Every post that an earlier painting goes back to, looked up along `again` where its row did not keep it."""
    found, above = sources(row), row.mention.parent
    if UNKNOWN not in found or above is None:
        return found
    before = parts.ledger.mention_of(row.platform, above.id)
    return (*found[:-1], *_sources(parts, before)) if before else found


def _with_house(
    parts: Parts, row: Row, plan: Plan, slugs: Sequence[str], used: Sequence[str] = ()
) -> Gathered | Declined:
    """With a house style for each photo, in the order of `slugs`; as it is when there are none."""
    if not slugs:
        return plan, _jobs(parts, row, plan, (plan.styles,) * max(1, len(plan.photos)))
    found: list[tuple[HouseStyle, str]] = []
    for key, slug in zip(plan.photos or ("",), slugs, strict=False):
        style = parts.house.named(slug) or _chosen(parts, key, row.id, used, slug)
        if style is None:
            return Declined(Hint.UNKNOWN_STYLE, plan.language)
        found.append(style)
    plan = replace(plan, houses=tuple(house for house, _ in found))
    return plan, _jobs(parts, row, plan, [(key,) for _, key in found])


def _chosen(parts: Parts, key: str, mention_id: str, used: Sequence[str], among: str) -> tuple[HouseStyle, str] | None:
    photo = parts.pictures.read(key) if key else b""
    if photo is None:
        raise PictureError(PictureReason.GONE)
    return parts.house.chosen(photo, mention_id, used, among)


def _jobs(parts: Parts, row: Row, plan: Plan, styles: Sequence[tuple[str, ...]]) -> tuple[RenderJob, ...]:
    """One job a photo, its id made from the mention's. A film is a GIF where the platform takes no video."""
    options = plan.options
    if options.film is Film.MP4 and not parts.platforms[row.platform].limits().video:
        options = options.model_copy(update={"film": Film.GIF})
    return tuple(
        RenderJob(
            id=job_id(row, position, parts.rules.bot_name),
            photo=plan.photos[position] if plan.photos else None,
            styles=of_photo,
            options=options,
            deadline_s=parts.rules.deadline_s,
        )
        for position, of_photo in enumerate(styles)
    )


def job_id(row: Row, position: int, bot_name: str = "") -> str:
    """The id of the job of a photo: the same whenever it is asked for, of letters, digits, `_` and `-` as RQ wants."""
    plain = row.id if re.fullmatch(r"[A-Za-z0-9_-]{1,80}", row.id) else hashlib.sha256(row.id.encode()).hexdigest()
    bot = f"{bot_name}-" if bot_name else ""
    return f"{bot}{row.platform}-{plain}-{position}" + (f"-r{row.round}" if row.round else "")
