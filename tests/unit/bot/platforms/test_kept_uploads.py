"""What was uploaded for a post that was refused for now is attached later and not sent a second time."""

from bot.platforms.kept_uploads import KEPT_S, KeptUploads
from bot.posts import Painting


class Uploads:
    """Kept ones, and a network that counts what it is sent."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.sent: list[bytes] = []
        self.kept = KeptUploads(lambda: self.now)

    def upload(self, key: str, data: bytes, place: int = 0, description: str = "A cat") -> str:
        return self.kept.upload(key, place, Painting(data, "image/png", description), self._send)

    def _send(self, painting: Painting) -> str:
        self.sent.append(painting.data)
        return f"m{len(self.sent)}"


def test_the_same_picture_of_the_same_reply_is_sent_once() -> None:
    uploads = Uploads()
    assert [uploads.upload("a", b"1"), uploads.upload("a", b"1")] == ["m1", "m1"]
    assert uploads.sent == [b"1"]


def test_another_reply_picture_place_or_alt_text_has_an_upload_of_its_own() -> None:
    uploads = Uploads()
    uploads.upload("a", b"1")
    others = [uploads.upload("b", b"1"), uploads.upload("a", b"2"), uploads.upload("a", b"1", 1)]
    assert [*others, uploads.upload("a", b"1", description="A dog")] == ["m2", "m3", "m4", "m5"]


def test_what_a_network_has_thrown_away_meanwhile_is_sent_again() -> None:
    uploads = Uploads()
    uploads.upload("a", b"1")
    uploads.now += KEPT_S
    assert uploads.upload("a", b"1") == "m2"


def test_what_was_attached_is_forgotten_and_what_waits_beside_it_is_not() -> None:
    uploads = Uploads()
    for key in ("a", "b"):
        uploads.upload(key, b"1")
    uploads.kept.drop("a")
    assert (uploads.upload("b", b"1"), uploads.upload("a", b"1")) == ("m2", "m3")
