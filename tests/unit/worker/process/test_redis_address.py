"""Addresses of Redis: what a client is made of, without asking anybody."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import pytest
from pydantic import SecretStr, TypeAdapter, ValidationError
from redis.sentinel import SentinelConnectionPool, SentinelManagedConnection, SentinelManagedSSLConnection

from worker.process.redis_address import RedisUrl, client_at, hosts, patient_client

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


@pytest.mark.parametrize(
    "url",
    [
        "redis://h",
        "redis://h:1/",
        "redis://:p%2Fw@h/0",
        "redis://:a@b c@h/0",
        "redis://[::1]:6379/0",
        "redis://h/0?socket_timeout=5&health_check_interval=9&db=2",
        "rediss://h/0?ssl_cert_reqs=none",
        "rediss://h/0?ssl_ca_certs=/ca.pem&ssl_check_hostname=no&ssl_min_version=771",
        "unix:///r.sock?db=0&password=pw",
        "unix://user:pw@/r.sock",
        "redis+sentinel://:pw@one,two:2/name",
        "rediss+sentinel://:pw@one/name/0?ssl_ca_certs=/ca.pem&sentinel_username=u&sentinel_password=pw",
    ],
)
def test_whatever_redis_py_can_use_is_taken(url: str) -> None:
    assert SETTING.validate_python(SecretStr(url)).get_secret_value() == url


@pytest.mark.parametrize("mark", ["/", "#", "?"])
@pytest.mark.parametrize("password", ["canary{}secret", "12{}secret", "12{}34"])
@pytest.mark.parametrize("user", ["", "canary"])
@pytest.mark.parametrize("scheme", ["redis://{}@h:6379/0", "rediss://{}@h/0", "redis+sentinel://{}@h:26379/name/0"])
def test_a_password_that_is_not_encoded_is_refused_and_its_encoding_told(
    scheme: str, user: str, password: str, mark: str
) -> None:
    with pytest.raises(ValidationError) as raised:
        SETTING.validate_python(SecretStr(scheme.format(f"{user}:{password.format(mark)}")))
    said = raised.value.errors(include_input=False, include_url=False)[0]["msg"]
    assert "percent-encoded (/ is %2F" in said
    assert not [part for part in ("canary", "secret", "12", "34") if part in said]


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("redis://127.0.0.1:canary", "no host and port"),
        ("redis://h:99999/0", "no host and port"),
        ("redis://h:-1/0", "no host and port"),
        ("redis://h:0/0", "no host and port"),
        ("redis://[::1", "no host and port"),
        ("redis://", "no host and port"),
        ("redis:///0", "no host and port"),
        ("redis://one,two/0", "no host and port"),
        ("redis://h h/0", "no host and port"),
        ("redis://h/0\n", "no host and port"),
        ("redis+sentinel://h:canary/name/0", "no host and port"),
        ("redis+sentinel://h:0/name/0", "Sentinels are addressed"),
        ("redis+sentinel://h/name/99999999999", "Sentinels are addressed"),
        ("redis://h/canary", "its database is no number"),
        ("redis://h/-1", "its database is no number"),
        ("redis://h/1/2", "its database is no number"),
        ("redis://h/\u0663", "its database is no number"),
        ("redis://h/99999999999", "its database is no number"),
        ("redis://h/0?db=-1", "its db has to be a number"),
        ("redis://h/0?canary=1", "no options"),
        ("redis://h/0?canary", "no options"),
        ("redis://h/0?retry=5", "no options"),
        ("redis://h/0?decode_responses=true", "no options"),
        ("redis://h/0?ssl_ca_certs=/ca.pem", "no options"),
        ("redis+sentinel://h/name?ssl_ca_certs=/ca.pem", "no options"),
        ("redis://h/0?sentinel_password=canary", "no options"),
        ("rediss://h/0?ssl_cert_reqs=canary", "no options"),
        ("redis://h/0?max_connections=2.5", "no options"),
        ("redis://h/0?socket_timeout=canary", "its socket_timeout has to be a number"),
        ("redis://h/0?socket_timeout=inf", "its socket_timeout has to be a number"),
        ("redis://h/0?socket_connect_timeout=nan", "its socket_connect_timeout has to be a number"),
        ("redis://h/0?socket_timeout=1e300", "its socket_timeout has to be a number"),
        ("unix://", "by its whole path"),
        ("unix://canary/r.sock", "by its whole path"),
    ],
)
def test_each_part_that_is_wrong_is_named_and_not_quoted(url: str, why: str) -> None:
    with pytest.raises(ValidationError) as raised:
        SETTING.validate_python(SecretStr(url))
    assert why in str(raised.value)
    assert "canary" not in str(raised.value)


@pytest.mark.parametrize("url", ["redis://h/0?socket_timeout=7", "redis+sentinel://h/name?socket_timeout=7"])
def test_an_option_of_the_address_goes_before_our_own(url: str) -> None:
    assert patient_client(url, 3).connection_pool.connection_kwargs["socket_timeout"] == 7


def test_every_host_of_an_address_is_known() -> None:
    assert hosts(urlsplit("redis://:pw@example.org:6380/0")) == [("example.org", 6380)]
    assert [host for host, _ in hosts(urlsplit(SET))] == ["one", "two", "::1"]
