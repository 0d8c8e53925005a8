"""From what is written in the ledger to the one post that answers a mention."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.errors import PictureReason
from bot.ledger import About, Answer, JobRow, Plan, Row
from bot.ledger.origin import audience, behind, warning
from bot.pictures.bare import PNG_SIGNATURE
from bot.pictures.film import is_gif, is_mp4
from bot.posts import Limits, Painting, Reply
from bot.reply.wording import Voice
from bot.request.reading import Deed, Hint, Trouble
from bot.text import weight
from worker.contract import OUTCOME, FailureCode, Rendered


def reply_to(row: Row, text: str, limits: Limits, paintings: Sequence[Painting] = ()) -> Reply:
    """The frame of every reply: to the author alone, as private as all it goes back to, with every warning of those."""
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
        language=row.answer.language if row.answer else mention.language,
    )


def voice_for(row: Row, limits: Limits, language: str) -> Voice:
    """Its texts leave room for the warning: platforms count both together."""
    room = limits.text_length - weight(warning(row))
    return Voice(row.id, row.mention.author.handle, language, replace(limits, text_length=room))


def sentence(voice: Voice, answer: Answer, styles: Sequence[str]) -> str:
    """What is said where there is no painting; `styles` are the names of the house styles."""
    match answer.about:
        case About.HINT:
            return voice.declined(Hint(answer.code), styles, answer.near)
        case About.COOLDOWN:
            return voice.cooldown(timedelta(seconds=answer.wait_s), everybody=answer.code != "author")
        case About.PICTURE:
            return voice.unusable(PictureReason(answer.code))
        case About.TROUBLE:
            return voice.trouble(Trouble(answer.code))
        case About.DEED:
            return voice.done(Deed(answer.code))
        case _:
            return voice.failed(FailureCode(answer.code))


def caption(voice: Voice, plan: Plan, jobs: Sequence[JobRow]) -> str:
    """What is said under the paintings of `jobs`, those that succeeded."""
    outcomes = [OUTCOME.validate_json(row.outcome) for row in jobs]
    rendered = [outcome for outcome in outcomes if isinstance(outcome, Rendered)]
    houses = [plan.houses[row.position] for row in jobs if row.position < len(plan.houses)]
    missing = plan.missing + max(1, len(plan.photos)) - len(jobs)
    return voice.painted(
        plan.options,
        houses,
        count=len(jobs),
        missing=missing,
        seconds=sum(outcome.seconds for outcome in rendered),
        turn=plan.turn,
        unframed=any(outcome.unframed for outcome in rendered),
    )


def painting(voice: Voice, plan: Plan, row: JobRow, data: bytes) -> Painting:
    """One picture to attach, with its alt text."""
    position = row.position
    photo = plan.photo_texts[position] if position < len(plan.photo_texts) else ""
    house = plan.houses[position] if position < len(plan.houses) else None
    return Painting(
        data,
        _mime(data),
        voice.description(plan.options, photo, plan.style_texts, house),
    )


def _mime(data: bytes) -> str:
    """Of a painting or a film that was proved to be one."""
    if is_mp4(data):
        return "video/mp4"
    if is_gif(data):
        return "image/gif"
    return "image/png" if data.startswith(PNG_SIGNATURE) else "image/jpeg"
