"""`stylesmith doctor`: each thing that has to be right, and what to do where it is not."""

import json as json_format
import os
import shutil
import subprocess  # only our own worker is asked
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Final

import redis
import typer
from dotenv import dotenv_values
from pydantic import ValidationError

from bot import wording_cli as words
from bot.cli.operator import AsJson, as_json, say
from bot.errors import PictureError, PlatformError, Unauthorized
from bot.pictures.confine import LAYERS, MINIMUM
from bot.pictures.decode import Gate
from bot.queue.redis_server import RedisUnavailable, executable
from bot.queue.rq import connect
from bot.settings import PREFIX, Settings
from bot.styles.listing import CatalogueError
from bot.text import inert
from bot.wiring import UnsafeRedis, catalogue_of, check_redis
from worker.contract.blobs import UrlBlobs
from worker.process.tied import module
from worker.settings import WorkerSettings

LEAST_FREE_BYTES: Final = 2**30
EXAMINATION_S: Final = 180


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report."""

    about: str
    ok: bool
    says: str


def doctor(*, json: AsJson = False) -> None:
    """Check settings, Redis, credentials, device, weights and disk: each line is ok or says what to do."""
    findings: list[Finding] = []
    for finding in _examine():
        findings.append(finding)
        if not json:
            typer.echo(f"{'ok  ' if finding.ok else 'FIX '} {finding.about:12} {inert(finding.says, 400)}")
    if json:
        as_json([asdict(finding) for finding in findings])
    if not all(finding.ok for finding in findings):
        if not json:
            say(words.DOCTOR_FOUND)
        raise typer.Exit(1)


def _examine() -> Iterator[Finding]:
    try:
        settings = Settings()
        WorkerSettings()
    except (ValidationError, OSError) as error:
        yield Finding("settings", False, words.bad_settings(error))
        return
    unknown = unknown_settings()
    yield Finding("settings", not unknown, words.unknown_settings(unknown) if unknown else words.SETTINGS_FINE)
    checks: dict[str, Callable[[Settings], tuple[bool, str]]] = {
        "disk": _disk,
        "redis": _redis,
        "pictures": examine_blobs,
        "decoder": _decoder,
        "mastodon": _mastodon,
        "x": _x,
        "house styles": _styles,
    }
    for about, check in checks.items():
        yield Finding(about, *check(settings))
    yield from _worker()


def unknown_settings() -> list[str]:
    """Names that begin like ours and mean nothing: most likely misspelt."""
    known = {f"{PREFIX}{name}".upper() for s in (Settings, WorkerSettings) for name in s.model_fields}
    known |= {f"{name}_FILE" for name in known} | {f"{PREFIX}CRASH_AT", f"{PREFIX}PYTHON"}
    given = {*os.environ, *dotenv_values(".env")}
    return sorted(name for name in given if name.upper().startswith(PREFIX) and name.upper() not in known)


def _disk(settings: Settings) -> tuple[bool, str]:
    place = settings.data_dir
    while not place.exists():
        place = place.parent
    if not os.access(place, os.W_OK):
        return False, words.not_writable(str(settings.data_dir))
    free = shutil.disk_usage(place).free
    return free >= LEAST_FREE_BYTES, words.disk(str(settings.data_dir), free)


def _redis(settings: Settings) -> tuple[bool, str]:
    url = settings.redis_url.get_secret_value()
    if not url:
        try:
            return True, words.private_redis(executable())
        except RedisUnavailable as error:
            return False, str(error)
    try:
        check_redis(url)
        with connect(url) as connection:
            version = connection.info("server")["redis_version"]
    except UnsafeRedis:
        return False, words.UNSAFE_REDIS
    except redis.RedisError as error:
        return False, words.redis_down(type(error).__name__)
    return True, words.redis_up(str(version))


def examine_blobs(settings: Settings) -> tuple[bool, str]:
    """Writes, reads and removes a few bytes where pictures travel."""
    url = settings.blobs_url.get_secret_value()
    if not url:
        return True, words.BLOBS_IN_REDIS
    try:
        blobs = UrlBlobs(url)
        key = blobs.put(b"stylesmith doctor")
        whole = blobs.get(key) is not None
        blobs.forget([key])
    except (ValueError, ImportError, OSError) as error:
        return False, words.no_blobs(type(error).__name__)
    return whole, words.BLOBS_ELSEWHERE if whole else words.no_blobs("what was written cannot be read")


def _decoder(settings: Settings) -> tuple[bool, str]:
    try:
        with Gate() as gate:
            held = gate.confinement()
    except PictureError:
        return False, words.NO_DECODER
    if MINIMUM - held and not settings.allow_weak_confinement:
        return False, words.unconfined(", ".join(sorted(MINIMUM - held)))
    return True, words.confined(sorted(held), sorted(LAYERS - held))


def _mastodon(settings: Settings) -> tuple[bool, str]:
    if not settings.has_mastodon:
        return not (settings.mastodon_url or settings.mastodon_token.get_secret_value()), words.NO_MASTODON
    from bot.platforms.mastodon.adapter import MastodonPlatform  # noqa: PLC0415  # its client is slow to import

    platform = MastodonPlatform(settings.mastodon_url, settings.mastodon_token.get_secret_value(), timeout_s=10)
    try:
        account = platform.me()
    except Unauthorized:
        return False, words.LOGIN_REFUSED
    except PlatformError as error:
        return False, words.server_silent(settings.mastodon_url, str(error))
    return True, words.account(account.id, account.host)


def _x(settings: Settings) -> tuple[bool, str]:
    keys = [settings.x_consumer_key, settings.x_consumer_secret, settings.x_access_token, settings.x_access_secret]
    given = sum(bool(key.get_secret_value()) for key in keys)
    return given in {0, 4}, words.x_keys(given)


def _styles(settings: Settings) -> tuple[bool, str]:
    if settings.styles_dir is None:
        return True, words.OWN_STYLES
    try:
        styles = catalogue_of(settings).styles
    except CatalogueError as error:
        return False, str(error)
    return bool(styles), words.house_styles(str(settings.styles_dir), len(styles))


def _worker() -> Iterator[Finding]:
    """Asked of a process of the worker's: this one never imports torch."""
    try:
        command = module("worker.service.check")
        answer = subprocess.run(command, capture_output=True, text=True, timeout=EXAMINATION_S, check=False)  # noqa: S603  # our own command
        found = json_format.loads(answer.stdout.strip().splitlines()[-1])
    except (subprocess.TimeoutExpired, ValueError, IndexError):
        yield Finding("device", False, words.NO_WORKER)
        return
    if "device" in found:
        yield Finding("device", True, f"{found['device']} ({found['name']})")
    backbone = found.get("backbone")
    yield Finding("weights", bool(backbone), words.paints_with(backbone) if backbone else found.get("error", ""))
