"""`stylesmith demo`: the whole loop on one machine, with real processes: Redis, sandbox, bot and worker."""

import signal
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, TypeVar

import httpx
import typer

from bot.cli.addresses import check_port
from bot.cli.connections import require_painter
from bot.cli.demo.person import Conversation, NoAnswer, Shown, converse
from bot.cli.demo.processes import Ended, Processes
from bot.cli.output import give_up, say
from bot.cli.render.orders import Order, StyleFile
from bot.cli.render.outputs import STDOUT, FileFormat, Output, OutputOptions, outputs, why_not_into
from bot.pictures.formats import sniff
from bot.queue.redis_server import RedisUnavailable, redis_server
from bot.queue.rq import RqQueue, connect
from bot.request.words import parse_words
from bot.sandbox.serve import Access, read_access
from bot.styles.catalogue import HOUSE, SCENE
from bot.styles.listing import load
from worker.contract import Options
from worker.process.standard_streams import NotPrinted

START_S = 300.0
_HOST = "127.0.0.1"
SCENE_SAYS = "A town across a river, an hour after sunset"
HOSPITABLE = {
    "STYLESMITH_QUOTA_10_MIN": "1000", "STYLESMITH_QUOTA_DAY": "1000", "STYLESMITH_QUOTA_INSTANCE_HOUR": "1000",
    "STYLESMITH_QUOTA_EVERYBODY_HOUR": "1000", "STYLESMITH_REPLIES_PER_THREAD": "100",
}  # fmt: skip
"""Quotas of the demo, which one person tries often; a real account keeps its own."""

Found = TypeVar("Found")
Picture = Annotated[Path | None, typer.Option(exists=True, dir_okay=False, readable=True, show_default=False)]


def demo(
    *,
    once: Annotated[
        bool, typer.Option("--once", help="End when the painting is there; else leave the page open.")
    ] = False,
    photo: Picture = None,
    style: Picture = None,
    out: Annotated[
        Path,
        typer.Option("--out", "-o", help="Where the painting is saved: .jpg, .png or .webp; - is standard output."),
    ] = Path("painting.jpg"),
    text: Annotated[str, typer.Option(help="What the mention says beside its pictures.")] = "",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Of the page; 0 takes a free one.")] = 0,
    wait_s: Annotated[float, typer.Option(min=1, help="How long to wait for the answer, in seconds.")] = 600,
    keep: Annotated[Path | None, typer.Option(help="Folder to keep everything in; else it goes at the end.")] = None,
) -> None:
    """Try everything on this machine: somebody mentions the bot, it paints, it answers."""
    place = _place(out, photo, style)
    _check_kept(keep)
    check_port(_HOST, port)
    require_painter()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        with ExitStack() as running:
            folder = keep or Path(running.enter_context(tempfile.TemporaryDirectory(prefix="stylesmith-")))
            folder.mkdir(parents=True, exist_ok=True)
            pictures = _pictures(photo, style, text)
            say("Starting Redis, a sandbox, a bot and a worker on this machine ...")
            url = running.enter_context(redis_server(folder / "redis"))
            processes, access = _start(running, folder, port, url)
            say(f"Watch it on {access.url} . Somebody mentions the bot with a photo and a painting ...")
            found = converse(
                access,
                pictures,
                _in_the_format_of(place, text),
                wait_s=wait_s,
                queue=RqQueue(connect(url)),
                check=processes.check,
                tell=_tell,
            )
            _report(found, _place_of(place, found.painting).save(found.painting))
            if not once:
                _stay(processes, access)
    except KeyboardInterrupt:
        say("Stopped.")
    except (NoAnswer, Ended, RedisUnavailable) as error:
        give_up(f"The demo did not end with a painting: {error}")
    except NotPrinted:
        raise
    except OSError as error:
        what = ": ".join(filter(None, [error.filename and str(error.filename), error.strerror or str(error)]))
        give_up(f"The demo did not end with a painting: {what}.")


def _place(out: Path, photo: Path | None, style: Path | None) -> Output:
    """Where the painting is saved, as `render` finds it; ends the command where it could not be."""
    order = Order(photo, (StyleFile(style.stem, style),) if style else ())
    (place,) = outputs([order], OutputOptions(out, force=True), Options())
    return place


def _check_kept(keep: Path | None) -> None:
    if keep and (why := why_not_into(keep)):
        give_up(f"Nothing can be kept in {keep} ({why}). Name another folder with --keep.", 2)


def _place_of(place: Output, painting: bytes) -> Output:
    """The place; of a film, which the mention may ask for, a new one whose name says that it is one."""
    film = {"video/mp4": ".mp4", "image/gif": ".gif"}.get(sniff(painting))
    return Output(place.path.with_suffix(film)) if film and place.path != STDOUT else place


def _pictures(photo: Path | None, style: Path | None, text: str) -> tuple[Shown, ...]:
    """What the person shows: their own pictures, else ones that come with us; no painting where `text` names one."""
    shown = Shown(photo) if photo else Shown(SCENE, SCENE_SAYS)
    catalogue = load(HOUSE)
    if style is None and parse_words(text, catalogue.names).house:
        return (shown,)
    painting = catalogue.styles[0]
    return (shown, Shown(style) if style else Shown(painting.path, painting.title))


def _start(running: ExitStack, folder: Path, port: int, url: str) -> tuple[Processes, Access]:
    """Sandbox, worker and bot, in the order in which they need each other."""
    processes = running.enter_context(Processes(folder / "logs"))
    shared = {"STYLESMITH_REDIS_URL": url, "STYLESMITH_DATA_DIR": str(folder / "bot"), "STYLESMITH_LOG_LEVEL": "info"}
    stylesmith = [sys.executable, "-P", "-c", "from bot.cli import main; main()"]
    home, listening = folder / "sandbox", ("--host", _HOST, "--port", str(port))
    # Torch takes longest to load, so the worker goes first.
    processes.start("worker", [*stylesmith, "worker"], shared)
    processes.start("sandbox", [*stylesmith, "sandbox", *listening, "--data-dir", str(home)], shared)
    access = _until(lambda: _reached(home), processes, "the sandbox did not start in time.")
    account = {
        "STYLESMITH_MASTODON_URL": access.url,
        "STYLESMITH_MASTODON_TOKEN": access.bot_token,
        "STYLESMITH_ALLOW_PRIVATE_HOSTS": "true",
        "STYLESMITH_MASTODON_POLL_S": "1",
    }
    processes.start("bot", [*stylesmith, "bot"], shared | account | HOSPITABLE)
    _until((folder / "bot" / "anchors.json").exists, processes, "the bot did not start in time.")
    return processes, access


def _reached(home: Path) -> Access | None:
    try:
        access = read_access(home)
        answer = httpx.get(f"{access.url}/api/v2/instance", trust_env=False, timeout=5)
    except (FileNotFoundError, httpx.HTTPError):
        return None
    return access if answer.is_success else None


def _until(look: Callable[[], Found | None], processes: Processes, otherwise: str) -> Found:
    """What `look` finds as soon as it finds something."""
    deadline = time.monotonic() + START_S
    while not (found := look()):
        processes.check()
        if time.monotonic() > deadline:
            raise NoAnswer(otherwise)
        time.sleep(0.1)
    return found


def _tell(line: str) -> None:
    """Progress on one line of a terminal, each over the one before."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{line}")
        sys.stderr.flush()


def _in_the_format_of(place: Output, text: str) -> str:
    """What the mention says, asking for the format that the file needs where it would be another."""
    needed = (place.format or FileFormat.JPEG).painted_as
    said = parse_words(text, load(HOUSE).names).options.get("format", Options().format)
    return text if said == needed else f"{text} format={needed}".strip()


def _report(found: Conversation, out: Path) -> None:
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")
    for handle, said in found.thread:
        say(f"  @{handle}: {said}")
    where = "on standard output" if out == STDOUT else out.resolve()
    say(f"Answered after {found.seconds:.0f} s. The painting is {where} ({found.description})")


def _stay(processes: Processes, access: Access) -> None:
    say(f"Mention it yourself on {access.url} ; Ctrl-C stops everything.")
    while True:
        processes.check()
        time.sleep(0.5)
