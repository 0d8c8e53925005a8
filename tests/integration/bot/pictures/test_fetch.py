"""The fetcher against real servers that lie, stall, redirect and rebind; a canary counts what must not reach it."""

import gzip
import io
import ssl
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import trustme
from PIL import Image

from bot.errors import PictureError, PictureReason, TransportDown
from bot.pictures.bare import bare_size
from bot.pictures.decode import SafeDecoder
from bot.pictures.fetch import Fetcher, Patience
from bot.pictures.painted import is_bare
from bot.pictures.store import StoredPictures
from bot.posts import Attachment, Media
from tests.fakes.hostile_server import Listener, answer, in_turn, raw, redirect
from tests.integration.bot.pictures.odd_pictures import photo, saved
from worker.contract import Format, Kind, Options, Rendered, RenderJob

PICTURE = saved(photo(), "PNG")
USUAL = Patience(pause_s=0.01)
HASTE = Patience(connect_s=1.0, total_s=1.2, idle_s=0.5, grace_s=0.3, pause_s=0.01)
"""For servers that are slow on purpose; everywhere else a busy machine may take its time."""
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n"
LOOPBACK = ["127.0.0.1"]


def good() -> dict[str, str]:
    return {"Content_Type": "image/png"}


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def trusting(authority: trustme.CA) -> ssl.SSLContext:
    """What a client has that knows our certificate authority."""
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def serving(authority: trustme.CA, name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


@pytest.fixture
def canary() -> Iterator[Listener]:
    with Listener() as canary:
        yield canary


def local(*, patience: Patience = USUAL, resolve: Sequence[str] = LOOPBACK) -> Fetcher:
    """A fetcher as the sandbox has it: loopback and plain http allowed, the host still named."""
    return Fetcher(
        frozenset({"media.test"}), allow_private_hosts=True, patience=patience, resolve=lambda host, port: resolve
    )


def reason(fetcher: Fetcher, url: str, *fallbacks: str) -> tuple[PictureReason, bool]:
    with pytest.raises(PictureError) as refusal:
        fetcher.fetch(url, fallbacks)
    return refusal.value.reason, refusal.value.retry


def test_a_picture_is_fetched_with_its_declared_type_and_nothing_of_ours_is_sent() -> None:
    with Listener({"/a.png": answer(200, PICTURE, **good())}) as server:
        fetched = local().fetch(f"http://media.test:{server.port}/a.png?name=orig")
    assert (fetched.data, fetched.declared) == (PICTURE, "image/png")
    [request] = server.requests
    assert f"Host: media.test:{server.port}" in request
    assert "Accept-Encoding: identity" in request
    assert "cookie" not in request.lower()
    assert "authorization" not in request.lower()


def test_proxies_in_the_environment_are_ignored(canary: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{canary.port}")
    with Listener({"/a.png": answer(200, PICTURE)}) as server:
        assert local().fetch(f"http://media.test:{server.port}/a.png").declared == "image/png"
    assert canary.connections == 0


def test_https_keeps_the_name_while_the_connection_goes_to_the_checked_address(
    authority: trustme.CA, trusting: ssl.SSLContext
) -> None:
    asked: list[str] = []

    def resolve(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return LOOPBACK

    with Listener({"/a.png": answer(200, PICTURE, **good())}, serving(authority, "media.test")) as server:
        fetcher = Fetcher(
            frozenset({"media.test"}), allow_private_hosts=True, resolve=resolve, tls=trusting, patience=USUAL
        )
        assert fetcher.fetch(f"https://media.test:{server.port}/a.png").data == PICTURE
    assert asked == ["media.test"]


@pytest.mark.parametrize("trusts", [True, False])
def test_a_certificate_for_another_name_or_of_an_unknown_authority_is_refused(
    authority: trustme.CA, trusting: ssl.SSLContext, trusts: bool
) -> None:
    name = "other.test" if trusts else "media.test"
    tls = trusting if trusts else ssl.create_default_context()
    with Listener({"/a.png": answer(200, PICTURE)}, serving(authority, name)) as server:
        fetcher = Fetcher(
            frozenset({"media.test"}), allow_private_hosts=True, resolve=lambda *_: LOOPBACK, tls=tls, patience=USUAL
        )
        assert reason(fetcher, f"https://media.test:{server.port}/a.png")[0] is PictureReason.UNREACHABLE
    assert not server.requests


INSIDE = [
    "127.0.0.1",
    "127.1.2.3",
    "::1",
    "::ffff:127.0.0.1",
    "0.0.0.0",
    "10.0.0.1",
    "169.254.169.254",
    "::ffff:169.254.169.254",
    "64:ff9b::a9fe:a9fe",
    "2002:a9fe:a9fe::1",
    "fd00::1",
    "fe80::1",
]


@pytest.mark.parametrize("address", INSIDE)
@pytest.mark.parametrize("beside", [[], ["1.1.1.1"]], ids=["alone", "behind a public one"])
def test_a_name_that_resolves_inside_is_forbidden_and_never_connected_to(address: str, beside: list[str]) -> None:
    fetcher = Fetcher(frozenset({"media.test"}), resolve=lambda host, port: [*beside, address], patience=USUAL)
    assert reason(fetcher, "https://media.test/a.png") == (PictureReason.FORBIDDEN_HOST, False)


HOSTILE = [
    "http://127.0.0.1:{canary}/",
    "https://127.0.0.1:{canary}/",
    "http://localhost:{canary}/",
    "http://127.1:{canary}/",
    "http://2130706433:{canary}/",
    "http://0x7f000001:{canary}/",
    "http://0177.0.0.1:{canary}/",
    "http://0:{canary}/",
    "http://[::1]:{canary}/",
    "http://[::ffff:127.0.0.1]:{canary}/",
    "http://[0:0:0:0:0:ffff:7f00:1]:{canary}/",
    "http://①②⑦.⓪.⓪.①:{canary}/",
    "http://１２７.0.0.1:{canary}/",
    "http://127。0。0。1:{canary}/",
    "http://media.test@127.0.0.1:{canary}/",
    "http://media.test:443@127.0.0.1:{canary}/",
    "http://127.0.0.1:{canary}#@media.test/",
    "http://127.0.0.1:{canary}?@media.test/",
    "http://127.0.0.1:{canary}\\@media.test/",
    "http://media.test\\@127.0.0.1:{canary}/",
    "http://127.0.0.1:{canary}\r\nHost: media.test/",
    "http://media.test.127.0.0.1.nip.test:{canary}/",
    "http://media.test%00.evil.test:{canary}/",
    "http://media.test%2f@127.0.0.1:{canary}/",
    "http://xmedia.test:{canary}/",
    "//127.0.0.1:{canary}/",
    "gopher://127.0.0.1:{canary}/_FLUSHALL",
    "dict://127.0.0.1:{canary}/info",
    "ftp://127.0.0.1:{canary}/",
    "redis://127.0.0.1:{canary}/0",
    "unix:///tmp/redis.sock",
    "file:///etc/passwd",
    "file://127.0.0.1:{canary}/etc/passwd",
    "jar:http://127.0.0.1:{canary}!/",
    "data:image/png;base64,iVBORw0KGgo=",
    "javascript:fetch('http://127.0.0.1:{canary}')",
    "http://",
    "http://:{canary}/",
    "http://[::1:{canary}/",
    "",
]


def test_there_are_forty_hostile_urls() -> None:
    assert len(set(HOSTILE)) >= 40


@pytest.mark.parametrize("url", HOSTILE)
def test_no_hostile_url_reaches_the_canary_directly(canary: Listener, url: str) -> None:
    assert reason(local(), url.format(canary=canary.port)) == (PictureReason.FORBIDDEN_HOST, False)
    assert canary.connections == 0


@pytest.mark.parametrize("url", [url for url in HOSTILE if url and not url.startswith("javascript")])
def test_no_redirect_to_a_hostile_url_reaches_the_canary(canary: Listener, url: str) -> None:
    location = url.format(canary=canary.port).encode().decode("latin-1")
    with Listener({"/a.png": redirect(location)}) as server:
        refused, _ = reason(local(patience=replace(USUAL, retries=0)), f"http://media.test:{server.port}/a.png")
    assert refused in {PictureReason.FORBIDDEN_HOST, PictureReason.UNREACHABLE, PictureReason.GONE}
    assert canary.connections == 0


def test_a_name_that_changes_its_address_between_two_requests_is_checked_each_time(canary: Listener) -> None:
    stands_for_a_public_one = "127.0.0.2"
    answers = [[stands_for_a_public_one], LOOPBACK]
    checked: list[str] = []

    def resolve(host: str, port: int) -> Sequence[str]:
        checked.append(host)
        return answers.pop(0) if answers else LOOPBACK

    fetcher = Fetcher(
        frozenset({"media.test"}),
        resolve=resolve,
        admits=lambda address: address == stands_for_a_public_one,
        patience=USUAL,
    )
    assert reason(fetcher, "https://media.test/a.png") == (PictureReason.FORBIDDEN_HOST, False)
    assert checked == ["media.test", "media.test"]
    assert canary.connections == 0


def test_three_redirects_are_followed_and_a_loop_is_not() -> None:
    pages = {"/1": redirect("/2"), "/2": redirect("3"), "/3": redirect("/a.png"), "/a.png": answer(200, PICTURE)}
    with Listener({**pages, "/0": redirect("/1"), "/loop": redirect("/loop")}) as server:
        here = f"http://media.test:{server.port}"
        assert local().fetch(f"{here}/1").data == PICTURE
        assert reason(local(), f"{here}/0") == (PictureReason.UNREACHABLE, False)
        assert reason(local(), f"{here}/loop") == (PictureReason.UNREACHABLE, False)


def test_a_redirect_from_https_to_http_is_refused_without_the_sandbox_setting() -> None:
    fetcher = Fetcher(frozenset({"media.test"}), resolve=lambda *_: ["1.1.1.1"], patience=USUAL)
    assert reason(fetcher, "http://media.test/a.png") == (PictureReason.FORBIDDEN_HOST, False)


REFUSED = {
    "gone": (answer(404), (PictureReason.GONE, False)),
    "gone for good": (answer(410), (PictureReason.GONE, False)),
    "forbidden": (answer(403), (PictureReason.UNREACHABLE, False)),
    "too many requests": (answer(429), (PictureReason.UNREACHABLE, True)),
    "always 503": (answer(503), (PictureReason.UNREACHABLE, True)),
    "no response": (raw(b""), (PictureReason.UNREACHABLE, True)),
    "not HTTP": (raw(b"SSH-2.0-OpenSSH_9\r\n\r\n"), (PictureReason.UNREACHABLE, True)),
    "negative length": (raw(HEAD + b"Content-Length: -5\r\n\r\nabc"), (PictureReason.UNREACHABLE, True)),
    "length too large": (raw(HEAD + b"Content-Length: 500\r\n\r\nabc"), (PictureReason.UNREACHABLE, True)),
    "length over the cap": (raw(HEAD + b"Content-Length: 99999999\r\n\r\n"), (PictureReason.TOO_MANY_BYTES, False)),
    "broken chunks": (
        raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nabc"),
        (PictureReason.UNREACHABLE, True),
    ),
    "endless chunks": (
        raw(
            HEAD + b"Transfer-Encoding: chunked\r\n\r\n",
            *[b"100000\r\n" + bytes(2**20) + b"\r\n"] * 20,
        ),
        (PictureReason.TOO_MANY_BYTES, False),
    ),
    "endless body without length": (raw(HEAD + b"\r\n", *[bytes(2**20)] * 20), (PictureReason.TOO_MANY_BYTES, False)),
    "endless header": (raw(b"HTTP/1.1 200 OK\r\nX: ", *[b"a" * 65_536] * 20), (PictureReason.UNREACHABLE, True)),
    "gzip bomb": (
        answer(200, gzip.compress(bytes(50_000_000)), Content_Encoding="gzip", Content_Type="image/png"),
        (PictureReason.NOT_A_PICTURE, False),
    ),
    "silence": (raw(b"", pause_s=1.0), (PictureReason.TOO_SLOW, False)),
    "headers a byte at a time": (
        raw(b"HTTP/1.1 200 OK\r\n", *[b"X"] * 30, pause_s=0.1),
        (PictureReason.TOO_SLOW, False),
    ),
    "stall after the headers": (
        raw(HEAD + b"Content-Length: 900\r\n\r\n", b"a", pause_s=1.0),
        (PictureReason.TOO_SLOW, False),
    ),
    "body a byte at a time": (
        raw(HEAD + b"Content-Length: 900\r\n\r\n", *[b"a"] * 30, pause_s=0.1),
        (PictureReason.TOO_SLOW, False),
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_server_that_misbehaves_ends_in_one_reason(case: str) -> None:
    page, expected = REFUSED[case]
    patience = HASTE if expected[0] is PictureReason.TOO_SLOW else USUAL
    with Listener({"/a.png": page}) as server:
        refused = reason(local(patience=patience), f"http://media.test:{server.port}/a.png")
    assert refused == expected


def test_two_errors_are_waited_out() -> None:
    with Listener({"/a.png": in_turn(answer(503), raw(b""), answer(200, PICTURE))}) as server:
        assert local().fetch(f"http://media.test:{server.port}/a.png").data == PICTURE
    assert len(server.requests) == 3


def test_fallbacks_are_tried_in_order_when_a_picture_is_gone() -> None:
    pages = {"/orig": answer(404), "/large": answer(404), "/plain.png": answer(200, PICTURE)}
    with Listener(pages) as server:
        here = f"http://media.test:{server.port}"
        assert local().fetch(f"{here}/orig", [f"{here}/large", f"{here}/plain.png"]).data == PICTURE
        assert reason(local(), f"{here}/orig", f"{here}/large") == (PictureReason.GONE, False)


def test_a_resolver_that_fails_or_hangs_is_a_reason_to_try_again() -> None:
    stuck = threading.Event()

    def fail(host: str, port: int) -> Sequence[str]:
        raise OSError("no such host")

    def hang(host: str, port: int) -> Sequence[str]:
        stuck.wait(5)
        return LOOPBACK

    patience = replace(HASTE, connect_s=0.2, retries=0)
    for resolve, expected in ((fail, PictureReason.UNREACHABLE), (hang, PictureReason.TOO_SLOW)):
        fetcher = Fetcher(frozenset({"media.test"}), resolve=resolve, patience=patience)
        assert reason(fetcher, "https://media.test/a.png") == (expected, True)
    stuck.set()


@pytest.fixture(scope="module")
def decoder() -> Iterator[SafeDecoder]:
    with SafeDecoder() as decoder:
        yield decoder


@pytest.fixture
def pictures(tmp_path: Path, decoder: SafeDecoder) -> StoredPictures:
    return StoredPictures(tmp_path / "pictures", local(), decoder)


def test_an_attached_picture_is_stored_once_under_its_content(pictures: StoredPictures, tmp_path: Path) -> None:
    with Listener({"/a.png": answer(200, PICTURE, **good())}) as server:
        attachment = Attachment(Media.IMAGE, f"http://media.test:{server.port}/a.png")
        key = pictures.fetch(attachment)
        assert pictures.fetch(attachment) == key
    stored = pictures.read(key)
    assert stored is not None
    assert stored.startswith(b"\x89PNG")
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [key]


@pytest.mark.parametrize(
    ("attachment", "expected"),
    [
        (Attachment(Media.PENDING), (PictureReason.PENDING, True)),
        (Attachment(Media.IMAGE, ""), (PictureReason.PENDING, True)),
        (Attachment(Media.OTHER, "https://media.test/a.mp4"), (PictureReason.FORMAT, False)),
    ],
)
def test_what_is_no_finished_image_is_never_fetched(
    pictures: StoredPictures, attachment: Attachment, expected: tuple[PictureReason, bool]
) -> None:
    with pytest.raises(PictureError) as refusal:
        pictures.fetch(attachment)
    assert (refusal.value.reason, refusal.value.retry) == expected


def test_a_film_that_calls_itself_an_image_is_refused_by_its_format(pictures: StoredPictures) -> None:
    film = b"\0\0\0\x18ftypisom" + bytes(5000)
    with (
        Listener({"/a.png": answer(200, film, Content_Type="image/png")}) as server,
        pytest.raises(PictureError) as refusal,
    ):
        pictures.fetch(Attachment(Media.IMAGE, f"http://media.test:{server.port}/a.png"))
    assert refusal.value.reason is PictureReason.FORMAT


def test_a_sweep_removes_what_had_its_time_and_forget_removes_at_once(pictures: StoredPictures) -> None:
    given, painted = pictures.admit(PICTURE), pictures.keep(b"a painting")
    assert pictures.sweep(3600) == 0
    pictures.forget([painted, painted, "../../etc/passwd"])
    assert (pictures.read(given) is None, pictures.read(painted)) == (False, None)
    assert pictures.sweep(-1) == 1
    assert pictures.read(given) is None
    assert pictures.read("../inputs/x") is None


def test_of_a_painting_with_more_in_it_only_the_pixels_are_kept(pictures: StoredPictures) -> None:
    wanted = RenderJob(id="j", styles=("0" * 64,), options=Options(kind=Kind.TEXTURE, format=Format.PNG))
    height, width = bare_size(PICTURE) or (0, 0)
    told = Rendered(
        id="j", blob="0" * 64, format=Format.PNG, height_px=height, width_px=width, seconds=1, iterations=1,
        backbone="lite", seed=0,
    )  # fmt: skip
    evil = PICTURE + b"PK<script>"
    stored = pictures.read(pictures.take(evil, wanted, told)) or b""
    assert is_bare(stored, wanted, told)
    assert b"PK<script>" not in stored
    for bad in (b"<html>", b"<svg/>", b""):
        with pytest.raises(PictureError):
            pictures.take(bad, wanted, told)
    with pytest.raises(PictureError):
        pictures.take(PICTURE, wanted, told.model_copy(update={"width_px": width + 1}))


def test_a_painting_that_is_too_heavy_for_a_platform_is_made_lighter(pictures: StoredPictures) -> None:
    noise = Image.effect_noise((300, 200), 90).convert("RGB")
    file = io.BytesIO()
    noise.save(file, "PNG")
    fitted = pictures.fitted(file.getvalue(), 30_000)
    assert len(fitted) <= 30_000 < len(file.getvalue())
    assert bare_size(fitted) == (200, 300)


def test_a_folder_that_cannot_be_written_is_reported_and_leaves_no_half_file(
    pictures: StoredPictures, tmp_path: Path
) -> None:
    room = tmp_path / "pictures" / "paintings"
    room.rmdir()
    with pytest.raises(TransportDown):
        pictures.keep(b"a painting")
    room.mkdir()
    assert pictures.keep(b"a painting")
    assert len(list(room.iterdir())) == 1
