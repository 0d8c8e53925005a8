"""The address of Redis: one server's, or that of Sentinels who know which server of a set is the primary just now."""

from typing import Annotated, Any
from urllib.parse import SplitResult, urlsplit

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


def _known(value: SecretStr) -> SecretStr:
    address = value.get_secret_value()
    if address and not address.startswith(tuple(f"{scheme}://" for scheme in (*_SERVER, *_SENTINELS))):
        raise ValueError("this has to be an address such as redis://localhost:6379/0")
    if address.startswith(_SENTINELS):
        _service(urlsplit(address))
    return value


RedisUrl = Annotated[SecretStr, AfterValidator(_known)]
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
    client: redis.Redis = sentinels.master_for(name, **options, **limits)  # type: ignore[no-untyped-call]  # as above
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
    return [(host.hostname or "", host.port or _SENTINEL_PORT) for host in each]


def _service(parts: SplitResult) -> tuple[str, int]:
    """The name by which Sentinels know the set, and the database in it. Raises ValueError."""
    name, _, database = parts.path.strip("/").partition("/")
    if not name or not (database or "0").isdecimal() or not all(host for host, _ in hosts(parts)):
        raise ValueError("Sentinels are addressed as redis+sentinel://:password@host:26379,host/name/0")
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
