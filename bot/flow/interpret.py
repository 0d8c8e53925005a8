"""What a mention means where it stands: with its pictures as they are now, and the post above it."""

from dataclasses import replace
from datetime import UTC, datetime

from bot.errors import PlatformError, RateLimited, Unauthorized
from bot.flow.parts import Parts
from bot.ledger import Row
from bot.posts import Author, Mention
from bot.request.read import read
from bot.request.reading import Reading, Wanted


class Understanding:
    """Reads a row's mention. Raises PlatformError where the post above cannot be asked for."""

    def __init__(self, parts: Parts) -> None:
        self._ledger = parts.ledger
        self._platforms = parts.platforms
        self._catalogue = parts.catalogue
        self._rules = parts.rules
        self._clock = parts.clock

    def completed(self, row: Row) -> Mention:
        """The mention as it is now, with the posts that it answers and quotes; untouched where nobody is answered."""
        if self._rules.admission.admit(row.mention, self._now()) is not None:
            return row.mention
        return self._with_quoted(row, self._with_parent(row, self._as_it_is_now(row)))

    def read(self, row: Row) -> Reading:
        """A wish under a sentence of ours is about the pictures that it was said of.

        Whoever hears 'I have no style of that name' and answers 'a mosaic, then' has sent the photo already.
        """
        admission, now = self._rules.admission, self._now()
        reading = read(row.mention, self._catalogue, admission, now)
        if not isinstance(reading, Wanted) or not reading.again_of:
            return reading
        asked = self._ledger.mention_of(row.platform, reading.again_of)
        if asked is None or asked.plan or not asked.mention.images or asked.mention.author.id != row.mention.author.id:
            return reading
        above = row.mention.with_parent(replace(asked.mention, parent=None))
        return read(above, self._catalogue, admission, now)

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock.now(), UTC)

    def _as_it_is_now(self, row: Row) -> Mention:
        """The mention with what was edited or finished since it came; as it came where that cannot be known."""
        known = row.mention
        try:
            now = self._platforms[row.platform].reread(row.id)
        except (RateLimited, Unauthorized):
            raise
        except PlatformError:
            now = None
        if now is None:
            return known
        author = replace(now.author, follows_us=known.author.follows_us)
        return replace(now, author=author, platform_root=known.platform_root)

    def _with_parent(self, row: Row, mention: Mention) -> Mention:
        if not mention.in_reply_to or mention.parent is not None:
            return mention
        return mention.with_parent(self._platforms[row.platform].parent(mention))

    def _with_quoted(self, row: Row, mention: Mention) -> Mention:
        if not mention.quotes or mention.quoted is not None or len(mention.images) > 1:
            return mention
        if self._ledger.mention_of(row.platform, mention.quotes) is not None:
            nobody = Author(id="", handle="", host="")
            return replace(mention, quoted=Mention(row.platform, mention.quotes, nobody, "", by_us=True))
        return replace(mention, quoted=self._platforms[row.platform].look(mention.quotes))
