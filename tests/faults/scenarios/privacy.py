"""Posts that not all may see, as mentions, as posts above, quoted, in batches and "again", under kills."""

from bot.posts import Visibility
from tests.faults.evidence import HANDLE, pictures
from tests.faults.oracle import Ask, Verdict
from tests.faults.scenarios.play import Scenario, Theatre

OWNERS, GUESTS = 6, 6
AGAIN_S = 62
"""Whoever is answered twice in a minute in one thread is taken for a loop."""


class Privacy(Scenario):
    """Whatever is asked, nobody may see it who may not see all that it goes back to."""

    name = "privacy"
    wind_s = AGAIN_S

    def settings(self) -> dict[str, str]:
        return {"STYLESMITH_REPLIES_PER_THREAD": "1000"}

    def ask(self, theatre: Theatre, number: int) -> None:
        how = theatre.dice.choices((_own, _batch, _under, _quoting, _again), (2, 1, 4, 2, 4))[0]
        for ask in how(theatre, number):
            theatre.asked(ask)

    def finish(self, theatre: Theatre) -> Verdict:
        """As the platform keeps it, and as it shows it to somebody who is nobody in particular."""
        verdict, posts = theatre.verdict(), theatre.world.ours()
        narrow = {ask.id for ask in theatre.asks.values() if ask.widest > Visibility.UNLISTED}
        for post in posts:
            if post.mention in narrow and post.visibility > Visibility.PUBLIC and theatre.world.shows(post.id):
                verdict.leaked.append(post.mention)
        return verdict


def _width(theatre: Theatre) -> Visibility:
    """A mention on X is public: no other reaches us."""
    return Visibility.PUBLIC if theatre.run.platform == "x" else theatre.dice.choice(list(Visibility))


def _above(theatre: Theatre) -> Visibility:
    if theatre.run.platform == "x":
        return theatre.dice.choice((Visibility.PUBLIC, Visibility.PUBLIC, Visibility.FOLLOWERS))
    return theatre.dice.choice(list(Visibility))


def _asked(theatre: Theatre, mention: str, who: str, widest: Visibility, *, pictures: bool | None = None) -> Ask:
    """On X every reply is public: what not all may see is not shown at all."""
    if theatre.run.platform == "x":
        return Ask(mention, who, pictures=False if widest > Visibility.UNLISTED else pictures)
    return Ask(mention, who, widest=widest, pictures=pictures)


def _own(theatre: Theatre, number: int) -> list[Ask]:
    who, width = f"owner{number % OWNERS}", _width(theatre)
    mention = theatre.world.write(who, HANDLE, pictures(number), seen_by=width)
    return [_asked(theatre, mention, who, width, pictures=True)]


def _batch(theatre: Theatre, number: int) -> list[Ask]:
    who, width = f"owner{number % OWNERS}", _width(theatre)
    mention = theatre.world.write(who, f"{HANDLE} mosaic for each", pictures(number, 3), seen_by=width)
    return [_asked(theatre, mention, who, width)]


def _posted(theatre: Theatre, number: int, *, own: bool) -> tuple[str, str, Visibility]:
    """A post with a photo, its author's and its width; who is asked under it may see it, and so may the bot."""
    guest, width = f"guest{number % GUESTS}", _above(theatre)
    owner = guest if own else f"{'shy' if width > Visibility.UNLISTED else 'owner'}{number % OWNERS}"
    theatre.world.follow(guest, owner)
    named = f"{HANDLE} @{guest} look" if width > Visibility.UNLISTED and theatre.run.platform == "mastodon" else "look"
    return theatre.world.write(owner, named, pictures(number, 1), seen_by=width), owner, width


def _under(theatre: Theatre, number: int, *, quoted: bool = False) -> list[Ask]:
    """A guest asks for a photo of their own or of somebody else, with or without a painting of their own."""
    dice, guest = theatre.dice, f"guest{number % GUESTS}"
    own = dice.random() < 0.3 and theatre.run.platform == "mastodon"
    above, owner, width = _posted(theatre, number, own=own)
    asks, seen_by = [], _width(theatre)
    if width > Visibility.UNLISTED and theatre.run.platform == "mastodon":
        asks.append(Ask(above, owner, "names us", least=0, widest=width))
    style = pictures(number + 10_000, 1) if dice.random() < 0.6 else []
    words = f"{HANDLE} in this style please" if style else f"{HANDLE} as a mosaic please"
    where = {"quoting": above} if quoted else {"to": above}
    mention = theatre.world.write(guest, words, style, seen_by=seen_by, **where)
    ask = _asked(theatre, mention, guest, max(width, seen_by))
    if width > Visibility.UNLISTED and own:
        ask.least = 0  # perhaps within a minute of the answer to the post above
    elif width > Visibility.UNLISTED and not (quoted and style):
        ask.pictures = False
    return [*asks, ask]


def _quoting(theatre: Theatre, number: int) -> list[Ask]:
    return _under(theatre, number, quoted=True)


def _again(theatre: Theatre, number: int) -> list[Ask]:
    """Under an answer that there is, by whoever asked, more openly."""
    below = {ask.kind for ask in theatre.asks.values()}
    painted = [post for post in theatre.world.ours() if post.media and f"again of {post.id}" not in below]
    if not painted:
        return _own(theatre, number)
    post = theatre.dice.choice(painted)
    before = theatre.asks[post.mention]
    seen_by = Visibility.PUBLIC
    mention = theatre.world.write(before.who, f"{HANDLE} again", to=post.id, seen_by=seen_by)
    ask = _asked(theatre, mention, before.who, max(before.widest, seen_by))
    ask.kind = f"again of {post.id}"
    return [ask]
