"""The checks of `stylesmith doctor`, one generator a subject; what they write they remove again."""

import json
import shutil
import subprocess  # only our own worker is asked
import tempfile
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from typing import Final

import httpx
import redis

from bot.cli.sentences import not_writable
from bot.errors import PictureError, PlatformError, TransportDown
from bot.ledger.lock import is_held
from bot.pictures import heic
from bot.pictures.confine import LAYERS, MINIMUM
from bot.pictures.decode import SafeDecoder
from bot.pictures.network import is_public, system_resolve, within
from bot.platforms.finding import Finding
from bot.queue.inspect import QueueView
from bot.queue.redis_server import RedisUnavailable, executable
from bot.queue.rq import connect
from bot.settings import Settings
from bot.styles.listing import CatalogueError, in_use
from bot.wiring import NO_ACCOUNT, Unready, check_redis, no_blobs, unconfined
from worker.contract.blobs import UrlBlobs
from worker.process.tied import module

LEAST_FREE_BYTES: Final = 2**30
EXAMINATION_S: Final = 180
_ASK_S = 10.0


def disk(settings: Settings) -> Iterator[Finding]:
    place = settings.data_dir
    while not place.exists() and place != place.parent:
        place = place.parent
    try:
        with tempfile.NamedTemporaryFile(dir=place, prefix=".stylesmith-"):
            free = shutil.disk_usage(place).free
    except OSError:
        yield Finding("disk", False, not_writable(str(settings.data_dir)))
        return
    more = "" if free >= LEAST_FREE_BYTES else "; make room, a GiB at least"
    yield Finding("disk", not more, f"{free / 2**30:.1f} GiB free in {settings.data_dir}{more}")


def queue(settings: Settings) -> Iterator[Finding]:
    """Redis, whether its queue goes on, and who paints what is in it."""
    try:
        check_redis(settings.redis_address)
        with connect(settings.redis_address) as connection:
            yield Finding("redis", True, f"answers, version {connection.info('server')['redis_version']}")
            yield from _workers(QueueView(connection))
    except Unready as error:
        yield Finding("redis", False, str(error))
    except (redis.RedisError, TransportDown) as error:
        if settings.redis_url.get_secret_value():
            why = type(error.__cause__ or error).__name__
            says = f"does not answer ({why}); is STYLESMITH_REDIS_URL right, and is it running?"
            yield Finding("redis", False, says)
        else:  # none yet, or one left behind by a bot that was killed
            yield from _private_redis()


def _private_redis() -> Iterator[Finding]:
    try:
        yield Finding("redis", True, f"the bot starts a private one ({executable()})")
    except RedisUnavailable as error:
        yield Finding("redis", False, str(error))
    else:
        yield Finding("worker", False, "none is seen while there is no Redis; start `stylesmith bot` first")


def _workers(view: QueueView) -> Iterator[Finding]:
    if view.paused():
        yield Finding("queue", False, "paused: no worker takes a job; `stylesmith queue resume` goes on")
    living = view.workers()
    says = ", ".join(worker.name for worker in living[:5]) + (" ..." if len(living) > 5 else "")
    yield Finding("worker", bool(living), says or "none lives, so nothing is painted; start `stylesmith worker`")


def blobs(settings: Settings) -> Iterator[Finding]:
    """Writes, reads and removes a few bytes where pictures travel."""
    url = settings.blobs_url.get_secret_value()
    if not url:
        yield Finding("pictures", True, "travel through Redis")
        return
    try:
        place = UrlBlobs(url)
        key = place.put(b"stylesmith doctor")
        whole = place.get(key) is not None
        place.forget([key])
    except (ValueError, ImportError, OSError) as error:
        yield Finding("pictures", False, no_blobs(type(error).__name__))
        return
    fine = "travel where STYLESMITH_BLOBS_URL says; written, read and removed there just now"
    yield Finding("pictures", whole, fine if whole else no_blobs("what was written cannot be read"))


def decoder(settings: Settings) -> Iterator[Finding]:
    try:
        with SafeDecoder() as decoder:
            layers, opens_heic = decoder.confinement(), decoder.opens_heic()
    except PictureError:
        yield Finding("decoder", False, "the process that opens pictures does not start, so all would be refused")
        return
    if MINIMUM - layers and not settings.allow_weak_confinement:
        yield Finding("decoder", False, unconfined(", ".join(sorted(MINIMUM - layers))))
        return
    without = f"; not by {', '.join(sorted(LAYERS - layers))}" if LAYERS - layers else ""
    yield Finding("decoder", True, f"pictures are opened in a process confined by {', '.join(sorted(layers))}{without}")
    yield Finding("HEIC", True, _heic(opens_heic))


def _heic(is_opened: bool) -> str:
    if is_opened:
        return "what phones send is opened, too, confined by the same"
    if heic.is_installed():
        return f"declined in words: it is opened only where {', '.join(sorted(MINIMUM))} hold"
    return "declined in words; with `pip install 'stylesmith[heic]'` what phones send is opened, too"


def accounts(settings: Settings) -> Iterator[Finding]:
    keys = (settings.x_consumer_key, settings.x_consumer_secret, settings.x_access_token, settings.x_access_secret)
    given = sum(bool(key.get_secret_value()) for key in keys)
    halves = (settings.mastodon_url, settings.mastodon_token.get_secret_value())
    if not any(halves) and not given:
        yield Finding("account", False, NO_ACCOUNT)
        return
    if settings.has_mastodon:
        yield from _mastodon(settings)
    elif any(halves):
        missing = "STYLESMITH_MASTODON_TOKEN (or its _FILE)" if halves[0] else "STYLESMITH_MASTODON_URL"
        yield Finding("mastodon", False, f"{missing} is not set; `stylesmith login mastodon` prints both")
    if given:
        whole = "all four keys are there (not tried: X charges for each look)"
        yield Finding("x", given == 4, whole if given == 4 else f"{given} of its 4 keys; `stylesmith login x`")


def _mastodon(settings: Settings) -> Iterator[Finding]:
    # Its client is slow to import.
    from bot.platforms.mastodon.check import check  # noqa: PLC0415
    from bot.platforms.mastodon.client import MastodonClient  # noqa: PLC0415
    from bot.platforms.mastodon.instance import Instance, MediaHosts, pictured  # noqa: PLC0415

    client = MastodonClient(settings.mastodon_url, settings.mastodon_token.get_secret_value(), timeout_s=_ASK_S)
    found = check(client)
    yield from found
    if found[0].ok:
        instance = Instance(client)
        try:
            hosts, used = MediaHosts(instance).known(), pictured(instance)
        except PlatformError as error:
            yield Finding("media host", False, f"{client.url} does not say where its pictures are ({error})")
            return
        strange = sorted(host for host in used - hosts if host not in settings.media_hosts)
        if strange:
            where = ", ".join(strange)
            says = f"pictures of recent mentions are on {where}, and the bot may not fetch from there"
            yield Finding("media host", False, f"{says}; STYLESMITH_MEDIA_HOSTS={where} lets it")
        else:
            yield _reachable(sorted(hosts | used), allowed=settings.allow_private_hosts)


def _reachable(hosts: list[str], *, allowed: bool) -> Finding:
    for host in hosts:
        try:
            addresses = within(_ASK_S, system_resolve, host, 443)
        except OSError:
            return Finding("media host", False, f"{host}, where pictures are, is not found from here; is DNS working?")
        if not allowed and not all(map(is_public, addresses)):
            says = f"{host} has a private address; STYLESMITH_ALLOW_PRIVATE_HOSTS=true lets pictures come from there"
            return Finding("media host", False, says)
    return Finding("media host", True, ", ".join(hosts))


def styles(settings: Settings) -> Iterator[Finding]:
    try:
        found = len(in_use(settings).styles)
    except CatalogueError as error:
        yield Finding("house styles", False, str(error))
        return
    where = f" in {settings.styles_dir}" if settings.styles_dir else ""
    says = f"{found}{where}" if found else f"none{where}: it needs a styles.toml (see the README)"
    yield Finding("house styles", bool(found), says)


def bot(settings: Settings) -> Iterator[Finding]:
    """Whether one is listening on this data directory, and hears of its platforms."""
    if not is_held(settings.data_dir):
        yield Finding("bot", False, f"no bot runs on {settings.data_dir}; start `stylesmith bot`")
        return
    if not settings.metrics_port:
        yield Finding("bot", True, "one is running (STYLESMITH_METRICS_PORT would say how it is)")
        return
    address = f"http://{settings.metrics_host.replace('0.0.0.0', '127.0.0.1')}:{settings.metrics_port}/health"  # noqa: S104
    try:
        answer = httpx.get(address, trust_env=False, timeout=_ASK_S)
        heard = f"heard of its platforms {answer.json().get('seconds_since_poll', '?')} s ago"
    except (httpx.HTTPError, ValueError) as error:
        yield Finding("bot", False, f"one is running, but {address} does not answer ({type(error).__name__})")
        return
    says = f"listening, {heard}" if answer.is_success else f"running, but not well: {heard}; its log says why"
    yield Finding("bot", answer.is_success, says)


def painter(_: Settings) -> Iterator[Finding]:
    """Device and network of a worker on this machine, asked of a process of the worker's: torch is not for this one."""
    if find_spec("torch") is None:
        yield Finding("device", True, "none: nothing for painting is installed here, which a bot does not need")
        return
    command = module("worker.service.check")
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=EXAMINATION_S, check=False)  # noqa: S603  # our own command
        found = json.loads(answer.stdout.strip().splitlines()[-1])
    except (subprocess.TimeoutExpired, ValueError, IndexError):
        yield Finding(
            "device", False, "PyTorch is installed and does not start: pip install 'stylesmith[worker]' again"
        )
        return
    if "device" in found:
        yield Finding("device", True, f"{found['device']} ({found['name']})")
    if "error" in found:
        yield Finding(found["about"], False, found["error"])
    else:
        yield Finding("weights", True, f"{found['backbone']} is there")


Check = Callable[[Settings], Iterator[Finding]]
ALL: Final[Sequence[Check]] = (disk, accounts, styles, decoder, blobs, painter, bot, queue)
