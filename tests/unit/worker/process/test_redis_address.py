"""Addresses of Redis: what a client is made of, without asking anybody."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import pytest
from pydantic import SecretStr, TypeAdapter, ValidationError
from redis.sentinel import SentinelConnectionPool, SentinelManagedConnection, SentinelManagedSSLConnection

from worker.process.redis_address import RedisUrl, client_at, hosts

SETTING: TypeAdapter[SecretStr] = TypeAdapter(RedisUrl)
SET = "redis+sentinel://painter:s%40cr%C3%A9t@one:26380,two,[::1]:7/pictures/3?sentinel_password=watch&health_check_interval=9"


def pool_of(url: str) -> SentinelConnectionPool:
    pool = client_at(url, socket_timeout=5).connection_pool
    assert isinstance(pool, SentinelConnectionPool)
    return pool


def given(pool: SentinelConnectionPool) -> Mapping[str, Any]:
    """To the connections to a server."""
    return dict(pool.connection_kwargs)


def told(pool: SentinelConnectionPool) -> list[Mapping[str, Any]]:
    """To the connections to each Sentinel."""
    return [sentinel.connection_pool.connection_kwargs for sentinel in pool.sentinel_manager.sentinels]


def test_a_set_is_asked_for_by_its_name_at_each_sentinel() -> None:
    pool = pool_of(SET)
    assert (pool.service_name, pool.is_master) == ("pictures", True)
    assert [(at["host"], at["port"]) for at in told(pool)] == [("one", 26380), ("two", 26379), ("::1", 7)]


def test_the_user_is_the_servers_and_the_sentinels_have_a_password_of_their_own() -> None:
    pool = pool_of(SET)
    server = given(pool)
    assert (server["username"], server["password"], server["db"]) == ("painter", "s@crét", 3)
    assert (server["socket_timeout"], server["health_check_interval"]) == (5, 9)
    assert "host" not in server
    assert {(at.get("username"), at["password"], at.get("db")) for at in told(pool)} == {(None, "watch", 0)}


def test_a_sentinel_that_hangs_holds_nobody_up_for_long() -> None:
    for at in told(pool_of(SET)):
        assert (at["socket_timeout"], at["socket_connect_timeout"]) == (2.0, 2.0)
        assert at["retry"].get_retries() == 0


def test_with_rediss_all_of_them_speak_tls() -> None:
    pool = pool_of("rediss+sentinel://:pw@one/pictures?ssl_ca_certs=/ca.pem")
    assert pool.connection_class is SentinelManagedSSLConnection
    assert given(pool)["ssl_ca_certs"] == "/ca.pem"
    assert [at["ssl_ca_certs"] for at in told(pool)] == ["/ca.pem"]
    assert pool_of("redis+sentinel://:pw@one/pictures").connection_class is SentinelManagedConnection


@pytest.mark.parametrize("url", ["", "redis://h/0", "rediss://:pw@h:1/0", "unix:///r.sock", SET])
def test_an_address_is_taken(url: str) -> None:
    assert SETTING.validate_python(SecretStr(url)).get_secret_value() == url


@pytest.mark.parametrize(
    "url",
    [
        "http://h/0",
        "localhost:6379",
        "sentinel://h/name",
        "redis+sentinel://:canary@one:26379",
        "redis+sentinel://:canary@one:26379/",
        "redis+sentinel://:canary@/name/0",
        "redis+sentinel://:canary@one,/name/0",
        "redis+sentinel://:canary@one/name/first",
        "redis+sentinel://:canary@one:port/name/0",
    ],
)
def test_what_leads_nowhere_is_refused(url: str) -> None:
    with pytest.raises(ValidationError) as raised:
        SETTING.validate_python(SecretStr(url))
    assert "canary" not in str(raised.value)


def test_every_host_of_an_address_is_known() -> None:
    assert hosts(urlsplit("redis://:pw@example.org:6380/0")) == [("example.org", 6380)]
    assert [host for host, _ in hosts(urlsplit(SET))] == ["one", "two", "::1"]
