"""Composes the one post that answers a mention, from its row in the ledger."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from bot.errors import PictureError
from bot.ledger import About, Answer, JobRow, Plan, Row
from bot.ledger.origin import audience, behind, warning
from bot.pictures.bare import PNG_SIGNATURE
from bot.pictures.film import is_gif, is_mp4
from bot.ports import Pictures
from bot.posts import Limits, Painting, Reply
from bot.reply.wording import Wording
from bot.request.reading import Hint
from bot.text import weight
from worker.contract import OUTCOME, FailureCode, Film, Rendered

log = logging.getLogger(__name__)

_GROUPS: Final = {About.PICTURE: "unusable", About.TROUBLE: "trouble", About.COMMAND: "command"}
"""Sentences about anything else are those of a failure."""


def compose(
    row: Row, jobs: Sequence[JobRow], limits: Limits, pictures: Pictures, styles: Callable[[str], Sequence[str]]
) -> Reply:
    """The reply to a row whose answer is decided; `styles` names the house styles in a language.

    To the author alone, as private as all it goes back to, with every warning of those.
    """
    answer = row.answer or Answer(About.FAILURE, FailureCode.INTERNAL.value)
    wording = _wording(row, limits, answer.language)
    text, paintings = _painted(row, jobs, wording, pictures) or (_sentence(wording, answer, styles), [])
    mention = row.mention
    return Reply(
        to=mention.id,
        handle=mention.author.handle,
        text=text,
        key=f"reply-{row.platform}-{row.id}" + (f"-{row.round}" if row.round else ""),
        paintings=tuple(paintings[: limits.paintings]),
        visibility=audience(row),
        warning=warning(row),
        sensitive=any(source.sensitive for source in behind(row)),
        language=answer.language,
    )


def note(row: Row, limits: Limits, place: int, wait: timedelta) -> str:
    return _wording(row, limits, row.language).waiting(place, wait)


def _wording(row: Row, limits: Limits, language: str) -> Wording:
    """Wording with room for the warning: platforms count both together."""
    room = limits.text_length - weight(warning(row))
    return Wording(row.id, row.mention.author.handle, language, replace(limits, text_length=room))


def _painted(
    row: Row, jobs: Sequence[JobRow], wording: Wording, pictures: Pictures
) -> tuple[str, list[Painting]] | None:
    """Caption and paintings of those jobs that succeeded; None where a sentence is to be said instead."""
    if row.plan is None or row.answer is None or row.answer.about is not About.PAINTING:
        return None
    fitted = [(job, data) for job in jobs if (data := _fitted(job, pictures, wording.limits.image_bytes)) is not None]
    if not fitted:
        return None
    attached = [_painting(wording, row.plan, job, data) for job, data in fitted]
    return _caption(wording, row.plan, [job for job, _ in fitted]), attached


def _fitted(job: JobRow, pictures: Pictures, limit_bytes: int) -> bytes | None:
    """The painting of a job as it fits, or its film, which does; None where there is none."""
    data = pictures.read(job.painting) if job.painting else None
    if data is None or len(data) <= limit_bytes or job.job.options.film is not Film.NONE:
        return data
    try:
        return pictures.fitted(data, limit_bytes)
    except PictureError as exc:
        log.error("a painting could not be made to fit", extra={"job": job.job.id, "why": exc.reason.value})
        return None


def _sentence(wording: Wording, answer: Answer, styles: Callable[[str], Sequence[str]]) -> str:
    match answer.about:
        case About.HINT:
            return wording.declined(Hint(answer.code), styles(answer.language), answer.near)
        case About.COOLDOWN:
            return wording.cooldown(timedelta(seconds=answer.wait_s), everybody=answer.code != "author")
        case about:  # a painting that is there no more has no code
            return wording.told(_GROUPS.get(about, "failed"), answer.code or FailureCode.INTERNAL.value)


def _caption(wording: Wording, plan: Plan, jobs: Sequence[JobRow]) -> str:
    outcomes = [OUTCOME.validate_json(row.outcome) for row in jobs]
    rendered = [outcome for outcome in outcomes if isinstance(outcome, Rendered)]
    return wording.painted(
        plan.options,
        [plan.houses[row.position] for row in jobs if row.position < len(plan.houses)],
        count=len(jobs),
        missing=plan.missing + max(1, len(plan.photos)) - len(jobs),
        seconds=sum(outcome.seconds for outcome in rendered),
        turn=plan.turn,
        unframed=any(outcome.unframed for outcome in rendered),
    )


def _painting(wording: Wording, plan: Plan, row: JobRow, data: bytes) -> Painting:
    position = row.position
    photo = plan.photo_texts[position] if position < len(plan.photo_texts) else ""
    house = plan.houses[position] if position < len(plan.houses) else None
    return Painting(data, _mime(data), wording.description(plan.options, photo, plan.style_texts, house))


def _mime(data: bytes) -> str:
    """MIME type of a painting or a film that was proved to be one."""
    if is_mp4(data):
        return "video/mp4"
    if is_gif(data):
        return "image/gif"
    return "image/png" if data.startswith(PNG_SIGNATURE) else "image/jpeg"
