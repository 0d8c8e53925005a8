"""What a person may ask for that is no painting: one answer deleted, or everything of theirs."""

from collections.abc import Sequence

from bot.errors import TransportDown
from bot.ledger import About, Answer, Ledger, Row
from bot.ports import Queue
from bot.request.reading import Asked, Declined, Deed, Hint


class Deeds:
    """The deed comes first, the word that it is done after it."""

    def __init__(self, ledger: Ledger, queue: Queue) -> None:
        self._ledger = ledger
        self._queue = queue

    def do(self, row: Row, asked: Asked) -> Answer | Declined | None:
        """What to say of it; None when it has to wait for an answer that is on its way to the same person."""
        erasure, author = self._ledger.erasure, row.mention.author.id
        if self._ledger.is_posting_to(row.platform, author):
            self._ledger.put_off(row, 5, "an answer to the same person is on its way")
            return None
        if asked.deed is Deed.FORGET_ME:
            jobs: Sequence[str] = erasure.forget(row.platform, author, but=row.id)
        else:
            target = self._meant(row)
            if target is None or author not in {target.mention.author.id, *self._ledger.sources.owners(target)}:
                return Declined(Hint.NOTHING_TO_DELETE, asked.language)
            jobs = erasure.withdraw(target, "asked")
        for job in jobs:
            self._cancel(job)
        return Answer(About.DEED, asked.deed.value, asked.language)

    def _meant(self, row: Row) -> Row | None:
        """The mention whose answer, or which itself, `row` answers or quotes."""
        for above in row.mention.above:
            found = self._ledger.mention_of(row.platform, above) or self._ledger.get(row.platform, above)
            if found is not None:
                return found
        return None

    def _cancel(self, job: str) -> None:
        try:
            self._queue.cancel(job)
        except TransportDown:
            return  # the painting will find no row to go to
