"""The address of Redis: one server's, or that of Sentinels who know which server of a set is the primary just now."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, Any, Final
from urllib.parse import SplitResult, parse_qsl, urlsplit

import redis
from pydantic import AfterValidator, SecretStr
from redis.backoff import ExponentialBackoff, NoBackoff
from redis.connection import SSLConnection, parse_url
from redis.retry import Retry
from redis.sentinel import Sentinel

_SERVER = ("redis", "rediss", "unix")
_SENTINELS = ("redis+sentinel", "rediss+sentinel")
_SENTINEL_PORT = 26379
PRIVATE_SOCKET = "redis.sock"
"""In the bot's data directory, of the Redis that it starts where no address is given."""
_SENTINEL_ANSWERS_S = 2.0
"""After this the next Sentinel is asked."""


_WANTED: Final = "this has to be an address such as redis://localhost:6379/0"
_ENCODED: Final = "in a password, special characters are written percent-encoded (/ is %2F, # is %23, ? is %3F)"
_SET: Final = "Sentinels are addressed as redis+sentinel://:password@host:26379,host/name/0"

_DAY_S: Final = 86_400
_MOST: Final = 2**31 - 1
_NUMBERS: Final[Mapping[str, tuple[float, float]]] = {
    "db": (0, _MOST),
    "socket_timeout": (0.001, _DAY_S),
    "socket_connect_timeout": (0.001, _DAY_S),
    "socket_read_size": (1, _MOST),
    "max_connections": (1, _MOST),
    "health_check_interval": (0, _DAY_S),
    "protocol": (2, 3),
    "ssl_min_version": (769, 772),  # ssl.TLSVersion
}
"""What may stand behind the `?` of an address and is a number, with its least and its most."""
_WORDS: Final = frozenset(
    {"username", "password", "client_name", "lib_name", "lib_version", "socket_keepalive", "retry_on_timeout"}
    | {"ssl_keyfile", "ssl_certfile", "ssl_password", "ssl_cert_reqs", "ssl_ca_certs", "ssl_ca_path", "ssl_ca_data"}
    | {"ssl_check_hostname", "ssl_include_verify_flags", "ssl_exclude_verify_flags", "ssl_ciphers"}
)
"""What may stand there besides; of redis-py's other arguments no text can be made, or our own calls depend on them."""
_OF_SENTINELS: Final = frozenset({"sentinel_username", "sentinel_password"})


class _Unusable(ValueError):
    """What is wrong with an address, in words that hold nothing of it: any part of it may be a password's."""


def _usable(value: SecretStr) -> SecretStr:
    address = value.get_secret_value()
    if address:
        _check(address)
    return value


def _check(address: str) -> None:
    """Raises _Unusable for an address that no client can be made of, or that leads elsewhere than it reads."""
    if not address.startswith(tuple(f"{scheme}://" for scheme in (*_SERVER, *_SENTINELS))):
        raise _Unusable(_WANTED)
    with _instead_of_an_error("no host and port can be read in it"):
        parts = urlsplit(address)
        _check_place(parts)
        if parts.fragment or not address.isprintable():
            raise ValueError
    with _instead_of_an_error("what follows its ? are no options of such a connection"):
        _check_options(parts)
        with client_at(address) as client:
            client.connection_pool.make_connection()  # not connected: only then are its arguments looked at


@contextmanager
def _instead_of_an_error(why: str) -> Iterator[None]:
    """Nobody else's error, for those quote."""
    try:
        yield
    except _Unusable:
        raise
    except (ValueError, TypeError, redis.RedisError):
        raise _Unusable(f"{_WANTED}; {why}: {_ENCODED}") from None


def _check_place(parts: SplitResult) -> None:
    """Host, port and database. Raises ValueError."""
    if parts.scheme in _SENTINELS:
        _service(parts)
        return
    if parts.scheme == "unix":
        if parts.hostname or parts.path in {"", "/"}:
            raise _Unusable("a socket is addressed by its whole path, such as unix:///run/redis.sock?db=0")
        return
    if not _is_host(parts.hostname or "") or parts.port == 0:
        raise ValueError
    if not _is_database(parts.path.strip("/")):
        raise _Unusable(f"{_WANTED}; its database is no number: {_ENCODED}")


def _is_host(text: str) -> bool:
    return re.fullmatch(r"[^\s,%]+", text) is not None


def _is_database(text: str) -> bool:
    return not text or (re.fullmatch("[0-9]{1,10}", text) is not None and int(text) <= _MOST)


def _check_options(parts: SplitResult) -> None:
    """What stands behind the `?`. Raises ValueError."""
    given = dict(parse_qsl(parts.query, strict_parsing=True)) if parts.query else {}
    known = _NUMBERS.keys() | _WORDS | (_OF_SENTINELS if parts.scheme in _SENTINELS else frozenset())
    if given.keys() - known:
        raise ValueError
    for name, (least, most) in _NUMBERS.items():
        if name in given and not _lies_within(given[name], least, most):
            raise _Unusable(f"its {name} has to be a number from {least} to {most}")


def _lies_within(text: str, least: float, most: float) -> bool:
    try:
        return least <= float(text) <= most  # false of a NaN
    except ValueError:
        return False


RedisUrl = Annotated[SecretStr, AfterValidator(_usable)]
"""A setting that holds such an address; empty is none."""


def client_at(url: str, **limits: Any) -> redis.Redis:
    """A client of the server at `url`, with these arguments of redis.Redis; nothing is asked yet. Raises ValueError.

    `redis+sentinel://user:password@one:26379,two:26379/name/0` is the set that these Sentinels call `name`: whenever a
    connection is made they are asked for its primary, and one that was demoted is left at its first refusal. What
    `redis://` takes behind the `?` holds for the servers; `sentinel_username` and `sentinel_password` for the
    Sentinels. With `rediss+sentinel://` all of them speak TLS.
    """
    parts = urlsplit(url)
    if parts.scheme not in _SENTINELS:
        return redis.Redis.from_url(url, **limits)
    name, database = _service(parts)
    options = _options(parts, database)
    theirs = {key.removeprefix("sentinel_"): options.pop(key) for key in [*options] if key.startswith("sentinel_")}
    theirs |= {key: value for key, value in options.items() if key.startswith("ssl")}
    theirs |= {"socket_timeout": _SENTINEL_ANSWERS_S, "socket_connect_timeout": _SENTINEL_ANSWERS_S}
    theirs["retry"] = Retry(NoBackoff(), 0)
    sentinels = Sentinel(hosts(parts), sentinel_kwargs=theirs)  # type: ignore[no-untyped-call]  # redis-py leaves it untyped
    client: redis.Redis = sentinels.master_for(name, **(limits | options))  # type: ignore[no-untyped-call]  # as above
    return client


def patient_client(url: str, answer_s: float) -> redis.Redis:
    """A client that waits `answer_s` for an answer, tries twice more within a second and then gives up.

    `from_url` alone would retry nothing, and the constructor's own ten retries would hold a poll for a minute.
    """
    retry = Retry(ExponentialBackoff(cap=0.5), 2)
    return client_at(url, socket_timeout=answer_s, socket_connect_timeout=3, retry=retry)


def hosts(parts: SplitResult) -> list[tuple[str, int]]:
    """The hosts and ports in an address, of which Sentinels have several. Raises ValueError."""
    listed = parts.netloc.rpartition("@")[2].split(",")
    each = [urlsplit(f"//{host}") for host in listed]
    return [(host.hostname or "", _SENTINEL_PORT if host.port is None else host.port) for host in each]


def _service(parts: SplitResult) -> tuple[str, int]:
    """The name by which Sentinels know the set, and the database in it. Raises ValueError."""
    name, _, database = parts.path.strip("/").partition("/")
    named = re.fullmatch(r"[^@:\s]+", name) and all(_is_host(host) and port for host, port in hosts(parts))
    if not named or not _is_database(database):
        raise _Unusable(f"{_SET}; {_ENCODED}")
    return name, int(database or 0)


def _options(parts: SplitResult, database: int) -> dict[str, Any]:
    """What redis-py makes of the user, the password and the query."""
    user = parts.netloc.rpartition("@")[0]
    plain = parts._replace(
        scheme=parts.scheme.partition("+")[0], netloc=f"{user}@server" if user else "server", path=f"/{database}"
    )
    options = dict(parse_url(plain.geturl()))  # type: ignore[no-untyped-call]  # as above
    options["ssl"] = options.pop("connection_class", None) is SSLConnection
    del options["host"]
    return options
