"""The one place where adapters meet: settings in, a bot that can listen out."""

from collections.abc import Container, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.admission import Admission
from bot.clock import Clock, SystemClock
from bot.flow.parts import Parts, ProcessState
from bot.health import Health
from bot.ledger import Ledger
from bot.ledger.cursor_backup import CursorBackup
from bot.loop import Bot, Intervals
from bot.metrics import Metrics
from bot.pictures.decode import SafeDecoder, Unconfined
from bot.pictures.fetch import Fetcher
from bot.pictures.limits import Limits
from bot.pictures.store import StoredPictures
from bot.policy import DAY_S, Quota, Retention, Rules
from bot.ports import Pictures, Platform, Queue
from bot.queue.eta import Eta
from bot.queue.rq import RqQueue, connect
from bot.settings import Settings
from bot.styles.catalogue import Catalogue
from bot.styles.curator import Curator
from bot.styles.listing import in_use
from bot.styles.shelf import HouseStyles
from worker.contract.blobs import Transit, blobs_at
from worker.process.redis_address import hosts

if TYPE_CHECKING:
    from redis import Redis

    from bot.platforms.x.adapter import X

X_MEDIA_HOST = "pbs.twimg.com"
"""Where X serves pictures from, and nothing else."""


class Unready(Exception):
    """The bot cannot run until somebody changes something; the message says what."""


NO_ACCOUNT = (
    "No account is set up. `stylesmith login mastodon` fetches a token (STYLESMITH_MASTODON_URL and _TOKEN), "
    "`stylesmith login x` the keys of X; to try without an account: `stylesmith demo`."
)
_UNSAFE_REDIS = (
    "STYLESMITH_REDIS_URL names a Redis on another machine without a password. "
    "Whoever can write to it decides what is posted: give it a password (deploy/redis has settings and users)."
)


def no_blobs(why: str) -> str:
    """What to do where pictures cannot travel where the settings say."""
    return (
        f"STYLESMITH_BLOBS_URL does not work ({why}): is it an fsspec URL such as s3://bucket/pictures, is its "
        "package installed (pip install 'stylesmith[s3]'), and may this machine write there?"
    )


def unconfined(missing: str) -> str:
    """What to do where the decoder lacks these layers."""
    return (
        f"The process that opens strangers' pictures is not confined by {missing} here. Run the bot on Linux on x86-64"
        " or ARM64 with seccomp, or accept the risk by STYLESMITH_ALLOW_WEAK_CONFINEMENT=true."
    )


@contextmanager
def wired(settings: Settings, redis_url: str) -> Iterator[Bot]:
    """A bot joined from `settings`, its files closed at the end. The directory lock is the caller's."""
    clock, metrics = SystemClock(), Metrics()
    with ExitStack() as open_things:
        platforms, hosts = platforms_of(settings)
        decoder = open_things.enter_context(SafeDecoder(Limits().keeping(settings.max_edge_px)))
        _check_confinement(decoder, settings)
        pictures = StoredPictures(
            settings.data_dir / "pictures", Fetcher(hosts, allow_private_hosts=settings.allow_private_hosts), decoder
        )
        # What no row of the ledger names any more.
        longest_h = max(settings.keep_inputs_h, settings.keep_outputs_h) + 24
        pictures.sweep(longest_h * 3600)
        redis = connect(redis_url)
        queue = RqQueue(redis, blobs_of(settings, redis))
        catalogue, rules = in_use(settings), rules_of(settings)
        parts = assemble(
            settings.data_dir,
            platforms,
            queue,
            pictures,
            catalogue=catalogue,
            rules=rules,
            clock=clock,
            metrics=metrics,
        )
        open_things.callback(parts.ledger.close)
        metrics.watch_budgets(platforms)
        metrics.expect(platforms)
        yield Bot(
            parts=parts,
            cursor_backup=CursorBackup(settings.data_dir, clock.now, settings.max_age_h * 3600),
            health=Health(),
        )


def assemble(
    folder: Path,
    platforms: Mapping[str, Platform],
    queue: Queue,
    pictures: Pictures,
    *,
    catalogue: Catalogue,
    rules: Rules,
    clock: Clock,
    metrics: Metrics,
    house: HouseStyles | None = None,
) -> Parts:
    """The parts of a process that begins now, over these ports, with its ledger in `folder`; the tests' bots, too."""
    house = house or HouseStyles(Curator(catalogue), pictures)
    ledger, process = Ledger(folder, clock), ProcessState(clock.now(), clock.steady(), Eta(clock))
    return Parts(ledger, queue, pictures, platforms, catalogue, house, rules, clock, metrics, process)


def _check_confinement(decoder: SafeDecoder, settings: Settings) -> None:
    try:
        decoder.check_confinement(weaker_allowed=settings.allow_weak_confinement)
    except Unconfined as error:
        raise Unready(unconfined(str(error))) from error


class Hosts:
    """Host names that pictures may be fetched from: the union of what the platforms and the operator know."""

    def __init__(self, *sources: Container[str]) -> None:
        self._sources = sources

    def __contains__(self, host: object) -> bool:
        return any(host in source for source in self._sources)


def platforms_of(settings: Settings) -> tuple[dict[str, Platform], Hosts]:
    """Every platform whose credentials are there, and where their pictures are. Raises Unready."""
    found: dict[str, Platform] = {}
    hosts: list[Container[str]] = [settings.media_hosts]
    # The clients are slow to import, so each only where it is used.
    if settings.has_mastodon:
        from bot.platforms.mastodon.adapter import MastodonPlatform  # noqa: PLC0415
        from bot.platforms.mastodon.instance import MediaHosts  # noqa: PLC0415

        mastodon = MastodonPlatform(
            settings.mastodon_url, settings.mastodon_token.get_secret_value(), overlap=settings.overlap
        )
        found[mastodon.name] = mastodon
        hosts.append(MediaHosts(mastodon.instance))
    if settings.has_x:
        x = _x_of(settings)
        found[x.name] = x
        hosts.append({X_MEDIA_HOST, *filter(None, [urlsplit(settings.x_url).hostname])})
    if not found:
        raise Unready(NO_ACCOUNT)
    return found, Hosts(*hosts)


def _x_of(settings: Settings) -> "X":
    from bot.platforms.x.adapter import X  # noqa: PLC0415
    from bot.platforms.x.client import XClient  # noqa: PLC0415
    from bot.platforms.x.deletions import Deletions  # noqa: PLC0415
    from bot.platforms.x.http import Keys  # noqa: PLC0415
    from bot.platforms.x.spending import Spending  # noqa: PLC0415

    secrets = (settings.x_consumer_key, settings.x_consumer_secret, settings.x_access_token, settings.x_access_secret)
    keys = Keys(*(secret.get_secret_value() for secret in secrets))
    client = XClient(keys, settings.x_url)
    spending = Spending(settings.x_daily_budget_usd, settings.data_dir / "x_cost.json")
    deletions = Deletions(client, spending, timedelta(hours=settings.follow_deletions_h))
    return X(client, spending, deletions, made_with_ai=settings.x_made_with_ai, horizon_s=settings.x_horizon_s)


def check_redis(url: str) -> None:
    """Raises Unready for a Redis that others can reach without a password: who writes to it decides what is posted."""
    parts = urlsplit(url)
    if parts.scheme in {"", "unix"} or parts.password:
        return
    if not all(_is_here(host) for host, _ in hosts(parts)):
        raise Unready(_UNSAFE_REDIS)


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def rules_of(settings: Settings) -> Rules:
    return Rules(
        admission=Admission(
            settings.allowed_bots, settings.denied, settings.denied_words, timedelta(hours=settings.max_age_h)
        ),
        quota=Quota(
            settings.quota_10_min, settings.quota_day, settings.quota_instance_hour, settings.quota_everybody_hour
        ),
        retention=Retention(
            settings.keep_inputs_h * 3600, settings.keep_outputs_h * 3600, settings.keep_ids_days * DAY_S
        ),
        replies_per_thread=settings.replies_per_thread,
        tries=settings.tries,
        deadline_s=settings.deadline_s,
        max_edge_px=settings.max_edge_px,
        bot_name=settings.bot_name,
        note_after_s=settings.note_after_s,
        horizons_s=settings.horizons_s,
        unfinished_s={"mastodon": settings.unfinished_s},
        watches_s=dict.fromkeys(("mastodon", "x"), settings.follow_deletions_h * 3600),
    )


def blobs_of(settings: Settings, connection: "Redis") -> Transit:
    """Where pictures travel. Raises Unready."""
    try:
        return blobs_at(settings.blobs_url.get_secret_value(), connection)
    except (ValueError, ImportError, OSError) as error:
        raise Unready(no_blobs(type(error).__name__)) from error


def intervals_of(settings: Settings) -> Intervals:
    return Intervals(
        poll_s={"mastodon": settings.mastodon_poll_s, "x": settings.x_poll_s},
        fetchers=settings.fetchers,
        in_flight=settings.in_flight,
    )
