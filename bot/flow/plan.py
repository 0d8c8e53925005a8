"""From what was asked to what is painted: pictures fetched and stored, house styles chosen, jobs written."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.crashpoints import Point, point
from bot.errors import PictureError, PictureReason
from bot.flow.parts import Parts
from bot.flow.repeat import bounded, repeated, slugs_of, worn
from bot.ledger import Plan, Row, Source
from bot.ledger.origin import UNKNOWN, given, objection, source, sources
from bot.posts import Attachment
from bot.request.reading import Declined, Hint, Wanted
from bot.styles.catalogue import HouseStyle
from worker.contract import Film, Kind, Options, RenderJob


@dataclass(frozen=True, slots=True)
class Gathered:
    """Everything to paint: the plan, and for each photo the keys of its styles."""

    plan: Plan
    styles: tuple[tuple[str, ...], ...]


class Gathering:
    """Fetches and chooses. Raises PictureError; temporary ones have `retry`."""

    def __init__(self, parts: Parts) -> None:
        self._platforms = parts.platforms
        self._ledger = parts.ledger
        self._pictures = parts.pictures
        self._house = parts.house
        self._rules = parts.rules

    def gather(self, row: Row, wanted: Wanted) -> Gathered | Declined:
        """All pictures of `wanted`, stored. A batch goes on without the photos that cannot be used."""
        if wanted.again_of:
            return self._again(row, wanted)
        filmed = wanted.options.film is not Film.NONE  # no platform takes two films in a post
        photos, missing = self._photos(wanted.photos[:1] if filmed else wanted.photos)
        point(Point.FETCHED)
        styles = tuple(self._pictures.fetch(style) for style in wanted.styles)
        keys = {image: key for key, image in photos} | dict(zip(wanted.styles, styles, strict=True))
        plan = Plan(
            photos=tuple(key for key, _ in photos),
            styles=styles,
            options=bounded(wanted.options, self._rules.max_edge_px),
            language=wanted.language,
            photo_texts=tuple(attachment.description for _, attachment in photos),
            style_texts=tuple(style.description for style in wanted.styles),
            missing=missing,
            sources=given(row.mention, wanted, keys),
        )
        return self._with_house(row, plan, (wanted.house,) * max(1, len(photos)) if wanted.house else ())

    def _photos(self, attachments: Sequence[Attachment]) -> tuple[list[tuple[str, Attachment]], int]:
        """(key, attachment) of the photos that could be used, and how many could not."""
        found: list[tuple[str, Attachment]] = []
        trouble: PictureError | None = None
        for attachment in attachments:
            try:
                found.append((self._pictures.fetch(attachment), attachment))
            except PictureError as exc:
                if exc.retry:
                    raise
                trouble = exc
        if trouble is not None and not found:
            raise trouble
        return found, len(attachments) - len(found)

    def _again(self, row: Row, wanted: Wanted) -> Gathered | Declined:
        """The painting of an earlier reply once more, with what this mention changed."""
        before = self._ledger.mention_of(row.platform, wanted.again_of)
        plan = before.plan if before else None
        if (
            before is None
            or plan is None
            or any(self._pictures.read(key) is None for key in (*plan.photos, *plan.styles))
        ):
            return Declined(Hint.NOTHING_TO_REPEAT, wanted.language)
        objection = self._objection(row, before, (*plan.photos, *plan.styles))
        if objection is not None:
            return Declined(objection, wanted.language)
        behind = tuple(dict.fromkeys((source(row.mention), *self._sources(before))))
        repeat = repeated(plan, wanted, row.mention, self._rules.max_edge_px)
        repeat = replace(repeat, sources=behind)
        if not repeat.photos and repeat.options.kind is not Kind.TEXTURE:
            return Declined(Hint.NO_PICTURE, wanted.language)
        return self._with_house(row, repeat, slugs_of(plan, wanted), worn(plan, wanted))

    def _objection(self, row: Row, before: Row, keys: Sequence[str]) -> Hint | None:
        """Why pictures of other people are not painted again; their posts are looked at as they are now."""
        for one in self._sources(before):
            if one.author in ("", row.mention.author.id) or set(one.pictures).isdisjoint(keys):
                continue
            found = objection(self._platforms[row.platform].look(one.post), one)
            if found is not None:
                return found
        return None

    def _sources(self, row: Row) -> tuple[Source, ...]:
        """Every post that an earlier painting goes back to, looked up along `again` where its row did not keep it."""
        found, above = sources(row), row.mention.parent
        if UNKNOWN not in found or above is None:
            return found
        before = self._ledger.mention_of(row.platform, above.id)
        return (*found[:-1], *self._sources(before)) if before else found

    def _with_house(self, row: Row, plan: Plan, slugs: Sequence[str], worn: Sequence[str] = ()) -> Gathered | Declined:
        """With a house style for each photo, in the order of `slugs`; as it is when there are none."""
        if not slugs:
            return Gathered(plan, (plan.styles,) * max(1, len(plan.photos)))
        found: list[tuple[HouseStyle, str]] = []
        for key, slug in zip(plan.photos or ("",), slugs, strict=False):
            style = self._house.named(slug) or self._chosen(key, row.id, worn, slug)
            if style is None:
                return Declined(Hint.UNKNOWN_STYLE, plan.language)
            found.append(style)
        houses = tuple(house for house, _ in found)
        plan = replace(plan, houses=houses)
        return Gathered(plan, tuple((key,) for _, key in found))

    def _chosen(self, key: str, mention_id: str, worn: Sequence[str], among: str) -> tuple[HouseStyle, str] | None:
        photo = self._pictures.read(key) if key else b""
        if photo is None:
            raise PictureError(PictureReason.GONE)
        return self._house.chosen(photo, mention_id, worn, among)

    def jobs(self, row: Row, gathered: Gathered, *, takes_video: bool = True) -> list[RenderJob]:
        """One job a photo, its id made from the mention's. A film is a GIF where the platform takes no video."""
        plan = gathered.plan
        options = plan.options if takes_video else _without_video(plan.options)
        return [
            RenderJob(
                id=job_id(row, position),
                photo=plan.photos[position] if plan.photos else None,
                styles=styles,
                options=options,
                deadline_s=self._rules.deadline_s,
            )
            for position, styles in enumerate(gathered.styles)
        ]


def _without_video(options: Options) -> Options:
    return options.model_copy(update={"film": Film.GIF}) if options.film is Film.MP4 else options


def job_id(row: Row, position: int) -> str:
    """Letters, digits, `_` and `-` only, the same whenever it is asked for (RQ takes nothing else)."""
    plain = row.id if re.fullmatch(r"[A-Za-z0-9_-]{1,80}", row.id) else hashlib.sha256(row.id.encode()).hexdigest()
    return f"{row.platform}-{plain}-{position}" + (f"-r{row.round}" if row.round else "")
