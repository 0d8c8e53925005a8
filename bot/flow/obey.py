"""What a person may ask for that is no painting: help, one answer deleted, or everything of theirs."""

from bot.flow.decline import decline
from bot.flow.deletions import cancel
from bot.flow.parts import Parts
from bot.ledger import About, Answer, Row, State
from bot.request.reading import Command, CommandKind, Declined, Hint

_FORGOTTEN_S = 3600.0


def obey(parts: Parts, row: Row, asked: Command) -> None:
    """Does what is asked and says so; waits while an answer is on its way to the same person."""
    erasure, author = parts.ledger.erasure, row.mention.author.id
    if parts.ledger.is_posting_to(row.platform, author):
        return parts.ledger.put_off(row, 5, "an answer to the same person is on its way")
    if asked.kind is CommandKind.FORGET_ME:
        jobs = erasure.forget(row.platform, author, but=row.id)
    else:
        target = _meant(parts, row)
        if target is None or author not in {target.mention.author.id, *parts.ledger.sources.owners(target)}:
            return decline(parts, row, Declined(Hint.NOTHING_TO_DELETE, asked.language))
        jobs = erasure.withdraw(target, "asked")
    cancel(parts, jobs)
    _say_done(parts, row, asked)
    return None


def _meant(parts: Parts, row: Row) -> Row | None:
    """The mention that `row` means: the one whose answer it replies to or quotes, or that one itself."""
    for above in row.mention.above:
        found = parts.ledger.mention_of(row.platform, above) or parts.ledger.get(row.platform, above)
        if found is not None:
            return found
    return None


def _say_done(parts: Parts, row: Row, asked: Command) -> None:
    """What was asked for is done in any case; the word for it counts against the quotas."""
    forgets = asked.kind is CommandKind.FORGET_ME
    wait = parts.ledger.counters.take_quota(row, parts.rules.quota)
    if wait is None and not (forgets and _was_told_lately(parts, row)):
        parts.ledger.decide(row, Answer(About.COMMAND, asked.kind.value, asked.language))
        return
    parts.ledger.move(row, State.ANSWERED, asked.kind.value)
    if forgets:
        parts.ledger.erasure.forget(row.platform, row.mention.author.id)


def _was_told_lately(parts: Parts, row: Row) -> bool:
    """A forgotten person is counted nowhere any more: for an hour this process knows whom it told so."""
    now, person = parts.clock.steady(), (row.platform, row.mention.author.id)
    lately = {known: at for known, at in parts.process.forgotten.items() if now - at < _FORGOTTEN_S}
    parts.process.forgotten = {person: now} | lately
    return person in lately
