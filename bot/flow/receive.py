"""A mention comes in: silence, a command, a sentence, or a painting that is planned and sent to the queue."""

from dataclasses import replace
from functools import partial

from bot.crashpoints import Point, point
from bot.errors import PictureError, PlatformError, Unauthorized
from bot.flow.decline import cool_down, decline, ignore, may_answer, thread_is_full, without_picture
from bot.flow.interpret import interpret
from bot.flow.obey import obey
from bot.flow.parts import Parts
from bot.flow.plan import gather
from bot.flow.submit import submit
from bot.flow.unfinished import pause_s
from bot.ledger import About, Answer, Plan, Row
from bot.ledger.origin import audience
from bot.posts import Visibility
from bot.request.reading import Command, Declined, Hint, Ignored, Reading, Wanted


def receive(parts: Parts, row: Row) -> None:
    """`new` -> `queued`, or to a sentence, or to silence. Raises PlatformError and TransportDown: try again."""
    mention, reading = interpret(parts, row)
    row = replace(row, mention=mention)
    if _may_be_unfinished(parts, row, reading):
        return
    row = parts.ledger.refresh(row)
    match reading:
        case Ignored(why):
            ignore(parts, row, why)
        case Command():
            obey(parts, row, reading)
        case Declined():
            decline(parts, row, reading)
        case Wanted():
            _start(parts, row, reading)


def _may_be_unfinished(parts: Parts, row: Row, reading: Reading) -> bool:
    """What its server has not resolved yet is not absent: such a post is read again for a while."""
    whole_s = parts.rules.unfinished_s.get(row.platform, 0.0)
    waited_s = parts.clock.now() - row.recorded_at
    wait_s = pause_s(row.mention, reading, waited_s, row.attempts, whole_s)
    if wait_s:
        parts.ledger.put_off(row, wait_s, "perhaps not whole yet")
    return wait_s > 0


def _may_have_a_painting(parts: Parts, row: Row, wanted: Wanted) -> bool:
    """Counts the wish against the thread and the quotas; where it does not fit, that is said or the row put off."""
    if not may_answer(parts, row, partial(thread_is_full, parts, row, wanted)):
        return False
    wait = parts.ledger.counters.take_quota(row, parts.rules.quota)
    if wait is not None:
        cool_down(parts, row, wanted, wait)
    return wait is None


def _start(parts: Parts, row: Row, wanted: Wanted) -> None:
    if not _may_have_a_painting(parts, row, wanted):
        return None
    try:
        gathered = gather(parts, row, wanted)
    except PictureError as exc:
        return without_picture(parts, row, wanted, exc)
    if isinstance(gathered, Declined):
        return decline(parts, row, gathered)
    plan, jobs = gathered
    if _is_too_private(parts, row, plan):
        return decline(parts, row, Declined(Hint.NOT_PUBLIC, wanted.language))
    row = parts.ledger.plan(row, plan, jobs)
    point(Point.PLANNED)
    submit(parts, row)
    _accept(parts, row)
    return None


def _is_too_private(parts: Parts, row: Row, plan: Plan) -> bool:
    """Whether pictures that not everybody may see would be shown where everybody sees the answer."""
    shown_to = audience(replace(row, plan=plan, answer=Answer(About.PAINTING)))
    return shown_to > Visibility.UNLISTED and parts.platforms[row.platform].limits().all_public


def _accept(parts: Parts, row: Row) -> None:
    try:
        parts.platforms[row.platform].accept(row.mention)
    except Unauthorized:
        raise
    except PlatformError as exc:
        parts.metrics.platform_failed(row.platform, exc)
