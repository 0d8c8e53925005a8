"""What was uploaded for a post that was refused for now is attached later and not sent a second time."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from bot.errors import Intercepted, NotTaken, PictureRefused, PlatformError, RateLimited, Refused, Unknown
from bot.platforms.kept_uploads import KEPT_S, KeptUploads
from bot.posts import Painting, Reply

CLOSED = RateLimited(datetime(2026, 1, 1, tzinfo=UTC))


class Network:
    """Counts the uploads that it is sent, and refuses posts while `refusal` is set."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.sent: list[bytes] = []
        self.refusal: PlatformError | None = None
        self.kept = KeptUploads(self._upload, lambda: self.now)

    def post(self, key: str, *pictures: bytes, alt: str = "A cat") -> Sequence[str]:
        """The uploads that the reply is posted with, or tried to be."""
        tried: list[Sequence[str]] = []

        def send(reply: Reply, media: Sequence[str]) -> str:
            tried.append(media)
            if self.refusal:
                raise self.refusal
            return "post"

        paintings = tuple(Painting(data, "image/png", alt) for data in pictures)
        reply = Reply(to="1", handle="ann", text="Painted.", key=key, paintings=paintings)
        if self.refusal:
            with pytest.raises(type(self.refusal)):
                self.kept.post(reply, send)
        else:
            self.kept.post(reply, send)
        return tried[0]

    def _upload(self, painting: Painting) -> str:
        self.sent.append(painting.data)
        return f"m{len(self.sent)}"


@pytest.fixture
def closed() -> Network:
    network = Network()
    network.refusal = CLOSED
    return network


def test_the_same_picture_of_the_same_reply_is_sent_once(closed: Network) -> None:
    assert closed.post("a", b"1") == closed.post("a", b"1") == ["m1"]
    closed.refusal = None
    assert closed.post("a", b"1") == ["m1"]
    assert closed.sent == [b"1"]


def test_another_reply_picture_place_or_alt_text_has_an_upload_of_its_own(closed: Network) -> None:
    closed.post("a", b"1")
    assert closed.post("b", b"1") == ["m2"]
    assert closed.post("a", b"2", b"1") == ["m3", "m4"]
    assert closed.post("a", b"1", alt="A dog") == ["m5"]


def test_what_a_network_has_thrown_away_meanwhile_is_sent_again(closed: Network) -> None:
    closed.post("a", b"1")
    closed.now += KEPT_S
    assert closed.post("a", b"1") == ["m2"]


@pytest.mark.parametrize("end", [None, Unknown("perhaps posted")], ids=["posted", "in doubt"])
def test_what_is_attached_or_may_be_is_forgotten_and_what_waits_beside_it_is_not(
    closed: Network, end: PlatformError | None
) -> None:
    for key in ("a", "b"):
        closed.post(key, b"1")
    closed.refusal = end
    closed.post("a", b"1")
    closed.refusal = CLOSED
    assert (closed.post("b", b"1"), closed.post("a", b"1")) == (["m2"], ["m3"])


UPLOADS = {
    "in doubt, but nothing is posted by it": (Unknown("500"), NotTaken),
    "a proxy's own limit": (Intercepted(413), PictureRefused),
    "another page of a proxy": (Intercepted(403), Intercepted),
    "refused": (Refused(422, "no such format"), PictureRefused),
    "a limit": (CLOSED, RateLimited),
}


@pytest.mark.parametrize(("error", "meaning"), UPLOADS.values(), ids=UPLOADS)
def test_what_goes_wrong_with_an_upload_is_about_the_picture(error: Exception, meaning: type[PlatformError]) -> None:
    def upload(painting: Painting) -> str:
        raise error

    reply = Reply(to="1", handle="ann", text="", key="a", paintings=(Painting(b"1", "image/png", "A cat"),))
    with pytest.raises(PlatformError) as raised:
        KeptUploads(upload).post(reply, lambda reply, media: "never")
    assert type(raised.value) is meaning
