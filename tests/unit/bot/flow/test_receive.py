"""From a mention to its answer, over fakes."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.admission import Admission
from bot.errors import PictureError, PictureReason, Refused, Unauthorized
from bot.flow.steps import step
from bot.ledger import State
from bot.policy import Quota
from bot.posts import Attachment, Author, Media, Mention, Visibility
from tests.conversation import Conversation, with_rules
from tests.fakes.mentions import ANN, BEN, mention, picture
from worker.contract import FailureCode, Rendered

OURS = Mention("fake", "p0", Author("9", "stylesmith", "home.example"), "", by_us=True)


@pytest.fixture
def talk(memory_path: Path) -> Conversation:
    return Conversation(memory_path)


def test_a_photo_and_a_painting_are_answered_once_with_one_picture(talk: Conversation) -> None:
    talk.hears(mention(1))
    talk.settle()
    (reply,) = talk.platform.replies_to("1")
    assert talk.state(1) is State.ANSWERED
    assert len(reply.paintings) == 1
    assert reply.paintings[0].data == b"painting of fake-1-0"
    assert reply.paintings[0].description
    assert talk.platform.accepted == ["1"]


def test_a_page_read_twice_is_answered_once(talk: Conversation) -> None:
    talk.hears(mention(1), mention(2, BEN))
    talk.poll()
    talk.settle()
    talk.poll()
    talk.settle()
    assert len(talk.replies(1)) == len(talk.replies(2)) == 1


def test_a_mention_without_a_picture_is_declined_with_a_hint(talk: Conversation) -> None:
    talk.hears(replace(mention(1), attachments=()))
    talk.settle()
    assert talk.state(1) is State.DECLINED
    assert len(talk.replies(1)) == 1
    assert talk.renders.submitted == []


def test_the_denied_cost_no_request_and_no_download(memory_path: Path) -> None:
    talk = Conversation(memory_path, with_rules(admission=Admission(denied=frozenset({"home.example"}))))
    talk.hears(replace(mention(1), in_reply_to="9"))
    talk.settle()
    assert talk.state(1) is State.IGNORED
    assert (talk.platform.looked_up, talk.platform.log, talk.pictures.fetched) == ([], [], [])


def test_a_refusal_costs_one_request_and_no_download(talk: Conversation) -> None:
    talk.hears(replace(mention(1), attachments=()))
    talk.settle()
    assert len(talk.platform.log) == 1
    assert (talk.platform.looked_up, talk.platform.accepted, talk.pictures.fetched) == ([], [], [])


def test_how_to_ask_is_told_to_a_person_once_a_day(talk: Conversation) -> None:
    for number in (1, 2):
        talk.hears(replace(mention(number), attachments=()))
        talk.settle()
    assert talk.row(2).reason == "howto_already_sent"
    talk.clock.pass_s(86_400)
    talk.hears(replace(mention(3, at=talk.clock.now()), attachments=()))
    talk.settle()
    assert [len(talk.replies(number)) for number in (1, 2, 3)] == [1, 0, 1]


def test_a_reply_is_never_more_public_than_its_mention_and_carries_its_warning(talk: Conversation) -> None:
    shy = replace(mention(1), visibility=Visibility.DIRECT, warning="eyes", sensitive=True)
    talk.hears(shy, mention(2, BEN))
    talk.settle()
    (direct,), (public,) = talk.platform.replies_to("1"), talk.platform.replies_to("2")
    assert (direct.visibility, direct.warning, direct.sensitive) == (Visibility.DIRECT, "eyes", True)
    assert public.visibility is Visibility.UNLISTED


def test_the_curator_is_told_which_styles_are_ruled_out(talk: Conversation) -> None:
    talk.hears(mention(1, ANN, "not waves please", picture("photo")))
    talk.settle()
    assert talk.house.passed_over == ("waves",)


def test_a_house_style_is_painted_and_credited_when_there_is_one_photo(talk: Conversation) -> None:
    talk.hears(mention(1, ANN, "", picture("photo")))
    talk.settle()
    (text,) = talk.replies(1)
    assert "Waves" in text


@pytest.mark.parametrize(("most_px", "painted_px"), [(1024, 1024), (2048, 2048), (4096, 4000)])
def test_a_painting_is_as_large_as_asked_within_what_the_operator_allows(
    memory_path: Path, most_px: int, painted_px: int
) -> None:
    talk = Conversation(memory_path, with_rules(max_edge_px=most_px))
    talk.hears(mention(1, ANN, "size=4000"))
    talk.settle()
    assert [job.job.options.edge_px for job in talk.ledger.jobs(talk.row(1))] == [painted_px]


def test_a_batch_goes_on_without_the_photo_that_is_broken(talk: Conversation) -> None:
    broken = picture("b")
    talk.pictures.troubles[broken.url] = [PictureError(PictureReason.BROKEN)]
    talk.hears(
        mention(1, ANN, "all of these in the style of the last one", picture("a"), broken, picture("c"), picture("d"))
    )
    talk.settle()
    (reply,) = talk.platform.replies_to("1")
    assert [painting.data for painting in reply.paintings] == [b"painting of fake-1-0", b"painting of fake-1-1"]
    assert talk.renders.submitted == ["fake-1-0", "fake-1-1"]
    assert talk.renders.settled == [("fake-1-0", "fake-1-1")]
    assert len(talk.renders.blobs) == 0


def test_a_broken_picture_ends_in_one_sentence(talk: Conversation) -> None:
    talk.pictures.troubles[picture("photo").url] = [PictureError(PictureReason.BROKEN)]
    talk.hears(mention(1))
    talk.settle()
    assert (talk.state(1), talk.row(1).reason) == (State.FAILED, "broken")
    assert len(talk.replies(1)) == 1


def test_a_picture_still_being_processed_is_waited_for(talk: Conversation) -> None:
    talk.pictures.troubles[picture("photo").url] = [PictureError(PictureReason.PENDING, retry=True)] * 3
    talk.hears(mention(1))
    talk.settle(rounds=2)
    assert talk.state(1) is State.NEW
    talk.settle(rounds=8)
    assert talk.state(1) is State.ANSWERED


def test_a_picture_that_was_processed_meanwhile_is_read_again(talk: Conversation) -> None:
    talk.hears(mention(1, ANN, "", Attachment(Media.PENDING), picture("style")))
    talk.settle(rounds=1)
    talk.platform.edited["1"] = mention(1)
    talk.settle()
    assert talk.state(1) is State.ANSWERED


def test_a_picture_that_never_comes_is_given_up_after_ten_minutes(talk: Conversation) -> None:
    talk.hears(mention(1, ANN, "", Attachment(Media.PENDING), picture("style")))
    for _ in range(12):
        talk.settle(rounds=1)
        talk.clock.pass_s(60)
    assert (talk.state(1), talk.row(1).reason) == (State.FAILED, "pending")


def test_a_failed_render_is_told_in_one_sentence(talk: Conversation) -> None:
    talk.hears(mention(1))
    talk.receive()
    talk.renders.paint(FailureCode.OUT_OF_MEMORY)
    talk.settle()
    assert (talk.state(1), talk.row(1).reason) == (State.FAILED, "out_of_memory")
    assert len(talk.replies(1)) == 1


def test_pictures_lost_on_the_way_to_the_worker_are_sent_again_and_nobody_hears_of_it(talk: Conversation) -> None:
    talk.hears(mention(1))
    talk.receive()
    talk.renders.blobs.clear()
    talk.settle()
    assert talk.state(1) is State.ANSWERED
    assert talk.renders.submitted == ["fake-1-0", "fake-1-0"]


def test_what_travelled_goes_when_the_painting_is_kept_but_not_what_another_waits_for(talk: Conversation) -> None:
    shared = mention(1).attachments
    talk.hears(mention(1), replace(mention(2, BEN), attachments=shared))
    talk.poll()
    talk.receive()
    travelling = set(talk.renders.blobs)
    talk.renders.paint()
    (first, second) = talk.ledger.due(State.QUEUED)
    step(talk.parts, first)
    assert set(talk.renders.blobs) >= travelling
    step(talk.parts, second)
    assert talk.renders.blobs == {}
    talk.settle()
    assert len(talk.replies(1)) == len(talk.replies(2)) == 1


def test_again_paints_the_same_pictures_with_another_seed(talk: Conversation) -> None:
    talk.hears(mention(1))
    talk.settle()
    ours = replace(mention(100, BEN), id="p0", by_us=True)
    talk.platform.parents["p0"] = ours
    talk.clock.pass_s(120)
    talk.hears(replace(mention(2, ANN, "again please"), attachments=(), in_reply_to="p0"))
    talk.receive()
    first, second = (talk.ledger.jobs(talk.row(n))[0].job for n in (1, 2))
    assert (second.photo, second.styles) == (first.photo, first.styles)
    assert second.options.seed != first.options.seed


@pytest.mark.parametrize(("text", "state"), [("waves then", State.ANSWERED), ("oh, I see what you did", State.IGNORED)])
def test_an_answer_to_a_sentence_of_ours_is_about_the_picture_it_was_said_of(
    talk: Conversation, text: str, state: State
) -> None:
    talk.hears(replace(mention(1, text="like Picasso"), attachments=(picture("cat"),)))
    talk.settle()
    assert (talk.state(1), talk.row(1).reason) == (State.DECLINED, "unknown_style")
    talk.clock.pass_s(70)
    talk.hears(replace(mention(2, text=text, at=talk.clock.now()), attachments=(), in_reply_to="p0", parent=OURS))
    talk.settle()
    assert talk.state(2) is state
    assert len(talk.renders.submitted) == (state is State.ANSWERED)


def test_nobody_elses_picture_is_taken_through_a_sentence_of_ours(talk: Conversation) -> None:
    talk.hears(replace(mention(1, text="like Picasso"), attachments=(picture("cat"),)))
    talk.settle()
    talk.clock.pass_s(70)
    said = mention(2, BEN, "waves then", at=talk.clock.now())
    talk.hears(replace(said, attachments=(), in_reply_to="p0", parent=OURS))
    talk.settle()
    assert talk.renders.submitted == []


def test_a_stranger_cannot_have_somebodys_answer_deleted(talk: Conversation) -> None:
    talk.hears(mention(1))
    talk.settle()
    talk.clock.pass_s(120)
    talk.hears(replace(mention(2, BEN, "delete"), attachments=(), in_reply_to="p0"))
    talk.settle()
    talk.tidy()
    assert talk.platform.deleted == []
    assert talk.row(2).reason == "nothing_to_delete"


def test_delete_removes_the_answer_and_the_pictures(talk: Conversation) -> None:
    talk.hears(mention(1))
    talk.settle()
    talk.clock.pass_s(120)
    talk.hears(replace(mention(2, ANN, "delete"), attachments=(), in_reply_to="p0"))
    talk.settle()
    talk.tidy()
    assert talk.platform.deleted == ["p0"]
    assert talk.pictures.stored == {}
    assert talk.state(1) is State.WITHDRAWN


def test_forget_me_leaves_nothing_of_a_person_but_ids(talk: Conversation) -> None:
    talk.hears(mention(1), mention(2, BEN, "", picture("other"), picture("style")))
    talk.settle()
    talk.hears(replace(mention(3, ANN, "forget me"), attachments=()))
    talk.settle()
    talk.clock.pass_s(3500)
    talk.tidy()
    file = b"".join(path.read_bytes() for path in talk.directory.glob("ledger.sqlite*"))
    assert b"ben@" in file
    talk.ledger.store.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    file = (talk.directory / "ledger.sqlite").read_bytes()
    assert ANN.handle.encode() not in file
    assert set(talk.platform.deleted) == {"p0", "p2"}
    assert b"https://home.example/style" in talk.pictures.stored.values(), "somebody else still needs it"
    assert b"https://home.example/photo" not in talk.pictures.stored.values()


def test_a_mention_deleted_before_the_post_gets_none(talk: Conversation) -> None:
    talk.hears(mention(1))
    talk.receive()
    talk.platform.gone.add("1")
    talk.settle()
    assert (talk.state(1), talk.platform.log) == (State.WITHDRAWN, [])


def test_a_mention_deleted_after_the_post_takes_the_answer_with_it(talk: Conversation) -> None:
    talk.hears(mention(1))
    talk.settle()
    talk.platform.gone.add("1")
    for _ in range(4):
        talk.clock.pass_s(140)
        talk.tidy()
    assert talk.platform.deleted == ["p0"]


def test_the_fourth_request_in_ten_minutes_waits_and_is_told_so_once(talk: Conversation) -> None:
    talk.hears(*(mention(number) for number in range(1, 7)))
    talk.settle()
    states = [talk.state(number) for number in range(1, 7)]
    assert states == [State.ANSWERED] * 3 + [State.DECLINED] * 3
    assert [len(talk.replies(number)) for number in range(1, 7)] == [1, 1, 1, 1, 0, 0]
    talk.clock.pass_s(600)
    talk.hears(mention(7, at=talk.clock.now()))
    talk.settle()
    assert talk.state(7) is State.ANSWERED


def test_an_instance_has_a_quota_of_its_own(memory_path: Path) -> None:
    talk = Conversation(memory_path, with_rules(quota=Quota(instance_per_hour=2)))
    talk.hears(*(mention(n, replace(ANN, id=str(n))) for n in range(1, 4)))
    talk.settle()
    assert [talk.state(n) for n in range(1, 4)] == [State.ANSWERED, State.ANSWERED, State.DECLINED]


def test_everybody_together_has_a_quota_and_is_told_that_the_studio_is_full(memory_path: Path) -> None:
    talk = Conversation(memory_path, with_rules(quota=Quota(everybody_per_hour=2)))
    talk.hears(*(mention(n, replace(ANN, id=str(n), host=f"h{n}.example")) for n in range(1, 4)))
    talk.settle()
    assert [talk.state(n) for n in range(1, 4)] == [State.ANSWERED, State.ANSWERED, State.DECLINED]
    answer = talk.row(3).answer
    assert answer is not None
    assert answer.code == "platform"
    (text,) = talk.replies(3)
    assert "hour" in text or "minutes" in text
    assert "you have" not in text.lower()


def test_a_thread_gets_three_answers_at_most_and_each_of_the_others_hears_so(talk: Conversation) -> None:
    for number in range(1, 6):
        talk.hears(replace(mention(number, replace(ANN, id=str(number))), platform_root="root"))
        talk.settle()
        talk.clock.pass_s(100)
    replies = [talk.platform.replies_to(str(number)) for number in range(1, 6)]
    assert [sum(len(reply.paintings) for reply in found) for found in replies] == [1, 1, 1, 0, 0]
    assert [len(found) for found in replies] == [1] * 5


def test_a_full_thread_says_so_to_a_person_once(talk: Conversation) -> None:
    for number in range(1, 6):
        talk.hears(replace(mention(number), platform_root="root"))
        talk.settle()
        talk.clock.pass_s(100)
    assert [len(talk.replies(number)) for number in range(1, 6)] == [1, 1, 1, 1, 0]
    assert talk.row(5).reason == "loop"


def test_an_author_gets_one_answer_a_minute_in_a_thread_and_the_others_later(talk: Conversation) -> None:
    talk.hears(*(replace(mention(number), platform_root="root") for number in (1, 2, 3)))
    answers = []
    for _ in range(3):
        talk.settle()
        answers.append([len(talk.replies(number)) for number in (1, 2, 3)])
        talk.clock.pass_s(61)
    assert sorted(answers[0]) == [0, 0, 1]
    assert sorted(answers[1]) == [0, 1, 1]
    assert answers[2] == [1, 1, 1]


def test_a_photo_under_our_answer_waits_for_its_minute_too(talk: Conversation) -> None:
    talk.hears(replace(mention(1), platform_root="root"))
    talk.settle()
    talk.hears(replace(mention(2), platform_root="root", parent=OURS))
    talk.settle()
    assert talk.replies(2) == []
    talk.clock.pass_s(61)
    talk.settle()
    assert len(talk.replies(2)) == 1


def test_a_clock_set_back_makes_no_loop_of_a_second_wish(talk: Conversation) -> None:
    talk.hears(replace(mention(1), platform_root="root"))
    talk.settle()
    talk.clock.wall -= 3600
    talk.hears(replace(mention(2), platform_root="root"))
    talk.settle()
    assert [len(talk.replies(number)) for number in (1, 2)] == [1, 1]


def test_followers_jump_the_queue_at_most_every_second_time(talk: Conversation) -> None:
    friend = replace(BEN, follows_us=True)
    people = [ANN, replace(friend, id="3"), replace(friend, id="4"), replace(friend, id="5")]
    talk.hears(*(mention(number, author) for number, author in enumerate(people, 1)))
    talk.receive()
    assert [job.id for job in talk.renders.queue] == ["fake-4-0", "fake-2-0", "fake-1-0", "fake-3-0"]


def test_a_long_wait_is_told_once_and_the_note_goes_when_the_answer_comes(talk: Conversation) -> None:
    talk.hears(*(mention(n, replace(ANN, id=str(n))) for n in range(1, 7)))
    talk.receive()
    talk.care()
    talk.care()
    assert [to for to, _ in talk.platform.notes] == ["4", "5", "6"]
    talk.settle()
    talk.tidy()
    assert talk.platform.deleted == ["n1", "n2", "n3"]


def test_a_note_whose_id_was_lost_is_not_taken_for_the_answer(talk: Conversation) -> None:
    talk.platform.lost_notes = True
    talk.hears(*(mention(n, replace(ANN, id=str(n))) for n in range(1, 5)))
    talk.receive()
    talk.care()
    talk.restart()
    talk.settle()
    talk.tidy()
    assert [len(reply.paintings) for reply in talk.platform.replies_to("4")] == [1]
    assert talk.platform.deleted == ["n1"]


def test_a_note_that_was_under_way_when_its_mention_was_withdrawn_goes_again(
    talk: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = talk.platform.note

    def note(about: Mention, text: str) -> str:
        talk.ledger.erasure.withdraw(talk.row(int(about.id)), "asked")
        return real(about, text)

    monkeypatch.setattr(talk.platform, "note", note)
    talk.hears(*(mention(n, replace(ANN, id=str(n))) for n in range(1, 7)))
    talk.receive()
    talk.care()
    talk.tidy()
    assert talk.platform.deleted == ["n1", "n2", "n3"]


def test_a_painting_that_was_being_taken_when_its_author_was_forgotten_is_removed(
    talk: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = talk.renders.painting

    def painting(outcome: Rendered) -> bytes | None:
        talk.ledger.erasure.forget("fake", ANN.id)
        return real(outcome)

    monkeypatch.setattr(talk.renders, "painting", painting)
    talk.hears(mention(1))
    talk.receive()
    talk.renders.paint()
    talk.deliver()
    talk.tidy()
    assert talk.ledger.store.rows("SELECT key FROM picture") == []


def test_redis_being_down_leaves_a_mention_ready_and_loses_nothing(talk: Conversation) -> None:
    talk.renders.is_down = True
    talk.hears(mention(1))
    talk.settle()
    assert talk.state(1) is State.READY
    talk.renders.is_down = False
    talk.settle()
    assert talk.state(1) is State.ANSWERED


def test_a_job_that_was_missed_once_and_has_ended_is_not_remembered(talk: Conversation) -> None:
    for number in range(1, 4):
        talk.hears(mention(number, replace(ANN, id=str(number))))
        talk.receive()
        talk.renders.flush()
        talk.deliver()
        talk.ledger.erasure.withdraw(talk.row(number), "asked")
        talk.clock.pass_s(100)
    assert set(talk.parts.process.missed) == {"fake-3-0"}


def test_a_wiped_redis_costs_no_try_and_nobody_their_painting(talk: Conversation) -> None:
    talk.hears(mention(1))
    talk.receive()
    for _ in range(5):
        talk.renders.flush()
        talk.deliver()
        talk.clock.pass_s(4)
        talk.deliver()
    assert (talk.row(1).tries, len(talk.renders.queue)) == (0, 1)
    talk.settle()
    assert talk.state(1) is State.ANSWERED


@pytest.mark.parametrize("died", [False, True])
def test_a_lost_job_whose_pictures_are_gone_is_answered(talk: Conversation, died: bool) -> None:
    talk.hears(mention(1))
    talk.receive()
    photo = talk.parts.ledger.jobs(talk.row(1))[0].job.photo
    assert photo
    talk.parts.pictures.forget([photo])
    if died:
        talk.renders.start()
        talk.renders.worker_dies()
    else:
        talk.renders.flush()
    talk.deliver()
    talk.clock.pass_s(4)
    talk.settle()
    assert (talk.state(1), talk.row(1).reason) == (State.FAILED, "gone")
    assert len(talk.replies(1)) == 1


@pytest.mark.parametrize("code", [None, FailureCode.PICTURE_MISSING])
def test_a_worker_whose_paintings_or_pictures_never_arrive_is_not_asked_for_ever(
    talk: Conversation, code: FailureCode | None
) -> None:
    talk.hears(mention(1))
    talk.receive()
    for _ in range(40):
        talk.renders.paint(code)
        talk.renders.blobs.clear()
        talk.deliver()
        talk.clock.pass_s(100)
    assert len(talk.renders.submitted) <= talk.rules.unexpected_tries + 1
    talk.settle()
    assert talk.state(1) is State.FAILED
    assert len(talk.replies(1)) == 1


def test_a_job_that_kills_three_workers_is_given_up_with_one_polite_reply(talk: Conversation) -> None:
    talk.hears(mention(1))
    talk.receive()
    for _ in range(3):
        talk.renders.start()
        talk.renders.worker_dies()
        talk.deliver()
        talk.clock.pass_s(4)
        talk.deliver()
    talk.settle()
    assert (talk.state(1), talk.row(1).reason) == (State.FAILED, "internal")
    assert len(talk.replies(1)) == 1


def test_a_refused_token_keeps_everything_until_it_is_accepted_again(talk: Conversation) -> None:
    talk.platform.before_post = [Unauthorized("revoked")]
    talk.hears(mention(1))
    talk.settle()
    assert (talk.state(1), talk.platform.log) == (State.DECIDED, [])
    talk.clock.pass_s(60)
    talk.settle()
    assert talk.state(1) is State.ANSWERED


def test_a_refusal_for_good_ends_the_mention(talk: Conversation) -> None:
    talk.platform.before_post = [Refused(403)]
    talk.hears(mention(1))
    talk.settle()
    assert (talk.state(1), talk.row(1).reason) == (State.WITHDRAWN, "refused with 403")


def test_sentences_count_against_the_quota_and_then_there_is_silence(memory_path: Path) -> None:
    talk = Conversation(memory_path, with_rules(quota=Quota(3, 20, 60, 60)))
    words = ["help", "which styles?", "help", "delete", "which styles?", "help"]
    talk.hears(*(replace(mention(n, ANN, text), attachments=()) for n, text in enumerate(words, 1)))
    talk.settle()
    assert [len(talk.replies(number)) for number in range(1, 7)] == [1, 1, 1, 0, 0, 0]
    assert talk.row(4).reason == "quota"


def test_whoever_asks_to_be_forgotten_again_and_again_is_told_so_once(talk: Conversation) -> None:
    for number in range(1, 9):
        talk.hears(replace(mention(number, ANN, "forget me"), attachments=()))
        talk.settle(rounds=1)
    assert sum(len(talk.replies(number)) for number in range(1, 9)) == 1
    assert all(talk.row(number).mention.author.id == "" for number in range(1, 9))
