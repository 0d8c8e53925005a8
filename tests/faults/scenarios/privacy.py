"""Posts that not all may see, as mentions, as posts above, quoted, in batches and "again", under kills."""

from bot.posts import Visibility
from tests.faults.observations import HANDLE, pictures
from tests.faults.oracle import Ask, Verdict
from tests.faults.scenarios.scenario import Context, Scenario

OWNERS, GUESTS = 6, 6
AGAIN_S = 62
"""Whoever is answered twice in a minute in one thread is taken for a loop."""


class Privacy(Scenario):
    """Whatever is asked, nobody may see it who may not see all that it goes back to."""

    name = "privacy"
    wind_s = AGAIN_S

    def settings(self) -> dict[str, str]:
        return {"STYLESMITH_REPLIES_PER_THREAD": "1000", "STYLESMITH_STYLES_DIR": ""}

    def ask(self, context: Context, number: int) -> None:
        how = context.dice.choices((_own, _batch, _under, _quoting, _again), (2, 1, 4, 2, 4))[0]
        for ask in how(context, number):
            context.asked(ask)

    def finish(self, context: Context) -> Verdict:
        """As the platform keeps it, and as it shows it to somebody who is nobody in particular."""
        verdict, posts = context.verdict(), context.world.ours()
        context.extra_begun = sum(max(0, post.media - 1) for post in posts)  # batches
        narrow = {ask.id for ask in context.asks.values() if ask.widest > Visibility.UNLISTED}
        for post in posts:
            if post.mention in narrow and post.visibility > Visibility.PUBLIC and context.world.shows(post.id):
                verdict.leaked.append(post.mention)
        return verdict


def _width(context: Context) -> Visibility:
    """A mention on X is public: no other reaches us."""
    return Visibility.PUBLIC if context.run.platform == "x" else context.dice.choice(list(Visibility))


def _above(context: Context) -> Visibility:
    if context.run.platform == "x":
        return context.dice.choice((Visibility.PUBLIC, Visibility.PUBLIC, Visibility.FOLLOWERS))
    return context.dice.choice(list(Visibility))


def _asked(context: Context, mention: str, who: str, widest: Visibility, *, pictures: bool | None = None) -> Ask:
    """On X every reply is public: what not all may see is not shown at all."""
    if context.run.platform == "x":
        return Ask(mention, who, pictures=False if widest > Visibility.UNLISTED else pictures)
    return Ask(mention, who, widest=widest, pictures=pictures)


def _own(context: Context, number: int) -> list[Ask]:
    who, width = f"owner{number % OWNERS}", _width(context)
    mention = context.world.write(who, HANDLE, pictures(number), seen_by=width)
    return [_asked(context, mention, who, width, pictures=True)]


def _batch(context: Context, number: int) -> list[Ask]:
    who, width = f"owner{number % OWNERS}", _width(context)
    mention = context.world.write(who, f"{HANDLE} mosaic for each", pictures(number, 3), seen_by=width)
    return [_asked(context, mention, who, width)]


def _posted(context: Context, number: int, *, own: bool) -> tuple[str, str, Visibility]:
    """A post with a photo, its author's and its width; who is asked under it may see it, and so may the bot."""
    guest, width = f"guest{number % GUESTS}", _above(context)
    owner = guest if own else f"{'shy' if width > Visibility.UNLISTED else 'owner'}{number % OWNERS}"
    context.world.follow(guest, owner)
    named = f"{HANDLE} @{guest} look" if width > Visibility.UNLISTED and context.run.platform == "mastodon" else "look"
    return context.world.write(owner, named, pictures(number, 1), seen_by=width), owner, width


def _under(context: Context, number: int, *, quoted: bool = False) -> list[Ask]:
    """A guest asks for a photo of their own or of somebody else, with or without a painting of their own."""
    dice, guest = context.dice, f"guest{number % GUESTS}"
    own = dice.random() < 0.3 and context.run.platform == "mastodon"
    above, owner, width = _posted(context, number, own=own)
    asks, seen_by = [], _width(context)
    if width > Visibility.UNLISTED and context.run.platform == "mastodon":
        asks.append(Ask(above, owner, "names us", least=0, widest=width))
    style = pictures(number + 10_000, 1) if dice.random() < 0.6 else []
    words = f"{HANDLE} in this style please" if style else f"{HANDLE} as a mosaic please"
    where = {"quoting": above} if quoted else {"to": above}
    mention = context.world.write(guest, words, style, seen_by=seen_by, **where)
    ask = _asked(context, mention, guest, max(width, seen_by))
    if width > Visibility.UNLISTED and own:
        ask.least = 0  # perhaps within a minute of the answer to the post above
    elif width > Visibility.UNLISTED and not (quoted and style):
        ask.pictures = False
    return [*asks, ask]


def _quoting(context: Context, number: int) -> list[Ask]:
    return _under(context, number, quoted=True)


def _again(context: Context, number: int) -> list[Ask]:
    """Under an answer that there is, by whoever asked, more openly."""
    below = {ask.kind for ask in context.asks.values()}
    painted = [post for post in context.world.ours() if post.media and f"again of {post.id}" not in below]
    if not painted:
        return _own(context, number)
    post = context.dice.choice(painted)
    before = context.asks[post.mention]
    seen_by = Visibility.PUBLIC
    mention = context.world.write(before.who, f"{HANDLE} again", to=post.id, seen_by=seen_by)
    ask = _asked(context, mention, before.who, max(before.widest, seen_by))
    ask.kind = f"again of {post.id}"
    return [ask]
