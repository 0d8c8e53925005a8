"""Notes, deletions, edits, and what operators command, racing the loops under kills."""

import threading
from queue import Empty, Queue

from bot.ledger.rows import PostKind
from tests.faults.gauges import Gauges
from tests.faults.observations import HANDLE, pictures
from tests.faults.oracle import Ask, Verdict
from tests.faults.scenarios.scenario import HOUR_S, Context, Scenario

PEOPLE = 25
OWNERS = 7
THEIRS = 0.25
"""Of the mentions that are about a photo of somebody else's."""


class Races(Scenario):
    """People take back, reword and delete; operators replay, retry and forget; all at any moment."""

    name = "races"
    wind_s = 7 * HOUR_S
    """Until deletions are noticed: on X mentions are read anew every six hours."""

    def __init__(self) -> None:
        self._commands: Queue[tuple[str, ...]] = Queue()
        self._typed = threading.Thread(target=lambda: None)
        self._later: list[tuple[int, str, Ask]] = []
        self._forgotten: set[str] = set()
        self._above: dict[str, tuple[str, str]] = {}
        """Of a mention about somebody else's photo: who that is, and the post."""

    def settings(self) -> dict[str, str]:
        return {
            "STYLESMITH_NOTE_AFTER_S": "0.2",
            "STYLESMITH_FOLLOW_DELETIONS_H": "1000",
            "STYLESMITH_REPLIES_PER_THREAD": "1000",
            "SKETCH_S": "0.3",
        }

    def ask(self, context: Context, number: int) -> None:
        dice = context.dice
        who = f"racer{dice.randrange(PEOPLE)}"
        if dice.random() < THEIRS:
            ask, deed = self._of_theirs(context, number, who), dice.choice(("", "unpublish", "object"))
        else:
            ask = context.asked(Ask(context.world.write(who, HANDLE, pictures(number)), who))
            deed = dice.choices(("", "remove", "reword", "delete", "replay", "retry", "forget"), (8, 4, 2, 3, 3, 3, 1))[
                0
            ]
        if who in self._forgotten:
            ask.least = 0
        if deed:
            ask.kind = deed
            self._later.append((number + dice.randrange(12), deed, ask))

    def _of_theirs(self, context: Context, number: int, who: str) -> Ask:
        """A mention under a photo of somebody else's."""
        owner, world = f"owner{number % OWNERS}", context.world
        above = world.write(owner, "look", pictures(number, 1))
        style = pictures(number + 100_000, 1)
        ask = context.asked(Ask(world.write(who, f"{HANDLE} in this style please", style, to=above), who))
        self._above[ask.id] = owner, above
        return ask

    def meanwhile(self, context: Context) -> None:
        number = len(context.asks)
        due = [one for one in self._later if one[0] <= number]
        self._later = [one for one in self._later if one[0] > number]
        for _, deed, ask in due:
            self._do(context, deed, ask)
        if not self._typed.is_alive() and not self._commands.empty():
            self._typed = threading.Thread(target=self._type, args=(context,))
            self._typed.start()

    def _do(self, context: Context, deed: str, ask: Ask) -> None:
        world = context.world
        if ask.gone:
            return
        context.deeds[deed] += 1
        match deed:
            case "remove":
                ask.gone = True
                world.remove(ask.who, ask.id)
            case "reword":
                world.reword(ask.who, ask.id, f"{HANDLE} please, a mosaic")
            case "delete":
                self._delete(context, ask)
            case "unpublish":
                ask.bare, ask.least = True, 0
                world.remove(*self._above[ask.id])
            case "object":
                self._object(context, ask)
            case "replay":
                ask.most += 1  # what was declined, or said in words, may be said again
                self._commands.put(("mention", "replay", ask.id, "--yes"))
            case "retry":
                context.extra_begun += 1
                self._commands.put(("queue", "retry", f"{context.run.platform}-{ask.id}-0", "--yes"))
            case "forget":
                self._forget(context, ask.who)

    def _delete(self, context: Context, ask: Ask) -> None:
        """Its author says so under our answer, or under the mention while there is none."""
        above = next((post.id for post in context.world.ours() if post.mention == ask.id and not post.note), ask.id)
        ask.gone, ask.least = True, 0
        word = context.world.write(ask.who, f"{HANDLE} delete", to=above)
        context.asked(Ask(word, ask.who, "the word delete", least=0))

    def _object(self, context: Context, ask: Ask) -> None:
        """Whose photo it is says so under the painting; where there is none yet, nothing is said."""
        owner, _ = self._above[ask.id]
        for post in context.world.ours():
            if post.mention == ask.id and post.media:
                ask.bare = True
                word = context.world.write(owner, f"{HANDLE} delete", to=post.id)
                context.asked(Ask(word, owner, "the owner's delete", least=0))

    def _forget(self, context: Context, who: str) -> None:
        """What came after the command was given may be answered, and so may what the ledger did not know yet."""
        self._forgotten.add(who)
        for ask in context.asks.values():
            if ask.who == who:
                ask.least = 0
        self._commands.put(("person", "forget", context.world.handle(who), "--yes"))

    def _type(self, context: Context) -> None:
        try:
            while True:
                context.command(*self._commands.get_nowait())
        except Empty:
            return

    def ready(self, context: Context) -> bool:
        self._later = [(0, deed, ask) for _, deed, ask in self._later]
        self.meanwhile(context)
        return self._commands.empty() and not self._typed.is_alive() and super().ready(context)

    def settled(self, context: Context) -> bool:
        verdict = context.verdict()
        return not context.open() and not verdict.left and not verdict.lost

    def finish(self, context: Context) -> Verdict:
        """Then an operator has everybody forgotten: not a post, not a picture may be left."""
        verdict = context.verdict()
        context.deeds["note"] = sum(post.note for post in context.world.ours())
        for who in sorted({ask.who for ask in context.asks.values()}):
            context.command("person", "forget", context.world.handle(who), "--yes")
        context.until(lambda: not self._left(context), 60)
        verdict.left += self._left(context)
        return verdict

    def _left(self, context: Context) -> list[str]:
        """Posts that stand, and pictures that the ledger still holds for somebody."""
        gauges = Gauges(context.installed)
        held = gauges.asked("SELECT key FROM picture")
        known = gauges.asked("SELECT id FROM post WHERE kind <> ?", PostKind.INTENDED_NOTE)
        posts = [post.id for post in context.world.ours() if post.standing]
        return [*posts, *(f"picture {key}" for (key,) in held), *(f"post {one}" for (one,) in known)]
