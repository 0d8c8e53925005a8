"""A mention under the rules that the settings make, over fakes."""

from dataclasses import replace

from bot.posts import Mention
from bot.wiring import rules_of
from tests.conversation import Conversation
from tests.fakes.mentions import ANN, EPOCH, mention
from tests.fakes.platform import LOST
from tests.integration.bot.effects.case import Case, Experiment
from worker.contract import RenderJob


def talk_of(case: Case, network: str = "mastodon") -> Conversation:
    return Conversation(case.folder, rules_of(case.settings), name=network)


def painted(*mentions: Mention, apart_s: float = 0) -> Experiment:
    """How many of these, said one after the other, are painted."""

    def count(case: Case) -> int:
        talk = talk_of(case)
        for each in mentions:
            talk.hears(replace(each, created_at=None))
            talk.settle()
            talk.clock.pass_s(apart_s)
        return talk.renders.painted

    return count


def too_old(case: Case) -> str:
    talk = talk_of(case)
    talk.hears(mention(1, at=EPOCH - 7200))
    talk.settle(rounds=30)
    return talk.state(1).value


def in_one_thread(case: Case) -> list[int]:
    """Paintings for three wishes in a thread; who gets none hears that the thread is full."""
    talk = talk_of(case)
    for number in (1, 2, 3):
        talk.hears(replace(mention(number, at=talk.clock.now()), platform_root="t"))
        talk.settle()
        talk.clock.pass_s(700)
    return [sum(len(reply.paintings) for reply in talk.platform.replies_to(str(number))) for number in (1, 2, 3)]


def after_a_death(case: Case) -> tuple[str, int]:
    """A row's state, and how many jobs wait, when one worker has died over its job."""
    talk = talk_of(case)
    talk.hears(mention(1))
    talk.receive()
    talk.renders.start()
    talk.renders.worker_dies()
    for _ in range(4):
        talk.deliver()
        talk.clock.pass_s(5)
    return talk.state(1).value, len(talk.renders.queue)


def job(case: Case, text: str = "size=4000") -> RenderJob:
    talk = talk_of(case)
    talk.hears(mention(1, ANN, text))
    talk.receive()
    return talk.renders.queue[0]


def notes(case: Case) -> int:
    """Notes that are sent when a few people wait."""
    talk = talk_of(case)
    talk.hears(*(mention(number, replace(ANN, id=str(number))) for number in range(1, 4)))
    talk.receive()
    talk.care()
    return len(talk.platform.notes)


def kept_after(hours: float) -> Experiment:
    """What is still there so many hours after an answer: pictures sent, paintings made, the mention under its id."""

    def kept(case: Case) -> tuple[bool, bool, bool]:
        talk = talk_of(case)
        talk.hears(mention(1))
        talk.settle()
        talk.clock.pass_s(hours * 3600)
        talk.tidy()
        pictures = talk.pictures.stored.values()
        return (
            b"https://home.example/photo" in pictures,
            any(data.startswith(b"painting of") for data in pictures),
            talk.ledger.get("mastodon", "1") is not None,
        )

    return kept


def deleted_later(case: Case) -> list[str]:
    """Our posts that go when a mention is deleted an hour after its answer."""
    talk = talk_of(case)
    talk.hears(mention(1))
    talk.settle()
    talk.platform.gone.add("1")
    for _ in range(4):
        talk.clock.pass_s(1800)
        talk.tidy()
    return talk.platform.deleted


def unsure(network: str, after_s: float) -> Experiment:
    """Whether an answer whose post was uncertain is settled after so long."""

    def state(case: Case) -> str:
        talk = talk_of(case, network)
        talk.platform.after_post = [LOST]
        talk.hears(mention(1))
        talk.settle(rounds=1)
        talk.clock.pass_s(after_s)
        talk.post()
        return talk.state(1).value

    return state


def without_a_picture_yet(case: Case) -> str:
    talk = talk_of(case)
    talk.hears(replace(mention(1, ANN, "mosaic please"), attachments=()))
    talk.settle(rounds=1)
    return talk.state(1).value
