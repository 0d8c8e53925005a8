"""The operator's settings: STYLESMITH_… in the environment or in .env, secrets also from files; read once, frozen."""

import re
from ipaddress import ip_address
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_settings import NoDecode

from worker.process.settings import Home, SharedSettings


def _split(value: object) -> object:
    """`a, b c` -> {"a", "b", "c"}, so that lists can be written without JSON."""
    return frozenset(value.replace(",", " ").split()) if isinstance(value, str) else value


def _hosts(names: frozenset[str]) -> frozenset[str]:
    return frozenset(map(_host, names))


def _host(name: str) -> str:
    """A host's name as an address of a picture has it: in small letters, without a dot at the end, IDNs encoded."""
    try:
        plain = name.removesuffix(".").encode("idna").decode().lower()
    except UnicodeError:
        plain = ""
    if not (re.fullmatch(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*", plain) or _is_address(name)):
        raise ValueError("write names of hosts only, such as files.example.social: no https://, no port, no path, no *")
    return plain or name.lower()


def _is_address(name: str) -> bool:
    try:
        return bool(ip_address(name))
    except ValueError:
        return False


def _people(names: frozenset[str]) -> frozenset[str]:
    if any("/" in name for name in names):
        raise ValueError("write name@host for an account, and a host by its name: no https://, no path")
    return names


def _bot_name(name: str) -> str:
    if not re.fullmatch("[a-z0-9]{0,20}", name):
        raise ValueError("this has to be made of a to z and 0 to 9, and of 20 characters at most")
    return name


def _address(url: str) -> str:
    if url and not _is_http(url):
        raise ValueError("this has to be an address that begins with https://, such as https://mastodon.social")
    return url


def _is_http(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0 and " " not in url
    except ValueError:
        return False


Address = Annotated[str, AfterValidator(_address)]
Names = Annotated[frozenset[str], NoDecode, BeforeValidator(_split)]
Hosts = Annotated[Names, AfterValidator(_hosts)]
People = Annotated[Names, AfterValidator(_people)]
Seconds = Annotated[float, Field(gt=0, le=86_400)]
Hours = Annotated[float, Field(gt=0, le=87_600)]
"""Ten years at most: a moment so long ago is still one that clocks, ids and platforms know."""
Count = Annotated[int, Field(ge=0, le=10**9)]


class Settings(SharedSettings):
    """Everything an operator can decide about the bot; Redis, folder and log are in SharedSettings."""

    mastodon_url: Address = Field(
        "", description="Address of the bot's Mastodon server, such as https://mastodon.social"
    )
    mastodon_token: SecretStr = Field(SecretStr(""), description="Its access token; `stylesmith login mastodon`")
    x_consumer_key: SecretStr = Field(SecretStr(""), description="X: API key of the app")
    x_consumer_secret: SecretStr = Field(SecretStr(""), description="X: API secret of the app")
    x_access_token: SecretStr = Field(SecretStr(""), description="X: access token of the bot's account")
    x_access_secret: SecretStr = Field(SecretStr(""), description="X: access token secret of the bot's account")
    x_url: Address = Field("", description="X: another address of its API, for tests; empty is the real one")
    x_made_with_ai: bool = Field(False, description="X: label replies with a painting as made with AI")
    x_daily_budget_usd: float = Field(5.0, ge=0, le=10**6, description="X: dollars a day after which reading pauses")

    styles_dir: Home | None = Field(None, description="Folder of your own house styles; empty is the built-in ones")
    styles_mode: Literal["replace", "add"] = Field(
        "replace", description="Whether that folder replaces the built-in styles or adds to them"
    )
    allow_private_hosts: bool = Field(False, description="Fetch pictures from loopback and private addresses too")
    allow_weak_confinement: bool = Field(
        False, description="Open strangers' pictures also where the decoder cannot be confined as it should be"
    )
    media_hosts: Hosts = Field(frozenset(), description="Hosts to fetch pictures from, beside the platforms' own")

    mastodon_poll_s: Seconds = Field(5.0, description="Seconds between two looks for mentions on Mastodon")
    x_poll_s: Seconds = Field(60.0, description="Seconds between two looks for mentions on X (each costs money)")
    mastodon_horizon_s: Seconds = Field(90.0, description="Wait before looking whether an uncertain post happened")
    x_horizon_s: Seconds = Field(180.0, description="The same for X")
    overlap: Count = Field(
        40, le=10_000, description="Notifications read again behind the cursor, against late commits"
    )
    max_age_h: Hours = Field(24.0, description="A mention older than this when first seen is not answered")

    quota_10_min: Count = Field(3, description="Paintings a person may ask for in ten minutes")
    quota_day: Count = Field(20, description="Paintings a person may ask for in a day")
    quota_instance_hour: Count = Field(60, description="Paintings the people of one instance may ask for in an hour")
    quota_everybody_hour: Count = Field(60, description="Paintings everybody on one platform may ask for in an hour")
    replies_per_thread: Count = Field(3, description="Replies in one thread, against loops")
    in_flight: int = Field(
        200, ge=1, le=10**6, description="Mentions worked on at a time; the others wait in the ledger"
    )
    bot_name: Annotated[str, AfterValidator(_bot_name)] = Field(
        "", description="Begins the ids of this bot's jobs, where bots share one queue"
    )
    fetchers: int = Field(4, ge=1, le=32, description="Mentions read and fetched at a time")
    allowed_bots: People = Field(frozenset(), description="Bots that are answered all the same: name@host")
    denied: People = Field(frozenset(), description="Accounts (name@host) and hosts that are never answered")
    denied_words: Names = Field(frozenset(), description="Words whose mentions are never painted, as whole words")

    unfinished_s: float = Field(
        60.0, ge=0, le=600, description="Seconds for which a post without a picture is read again before it is told"
    )
    tries: int = Field(
        3, ge=1, le=1000, description="Times a job may get lost with its worker before the person is told"
    )
    deadline_s: float = Field(900.0, gt=0, le=7200, description="Seconds of painting after which a job gives up")
    note_after_s: float = Field(
        120.0, gt=0, le=31_536_000, description="A longer wait is told once, where the platform allows it"
    )
    max_edge_px: int = Field(2048, ge=64, le=4096, description="Longest side of a painting a person may ask for")

    keep_inputs_h: Hours = Field(24.0, description="Hours that photos and attached styles are kept")
    keep_outputs_h: Hours = Field(168.0, description="Hours that paintings and what was asked are kept")
    keep_ids_days: float = Field(90.0, gt=0, le=36_500, description="Days after which ids in the ledger are hashed")
    follow_deletions_h: float = Field(
        24.0, ge=0, le=87_600, description="Hours for which a reply goes when its mention goes"
    )

    metrics_port: int = Field(0, ge=0, le=65535, description="Port of /metrics and /health on loopback; 0 is none")
    metrics_host: str = Field("127.0.0.1", description="Address that port listens on")

    @property
    def has_mastodon(self) -> bool:
        return bool(self.mastodon_url and self.mastodon_token.get_secret_value())

    @property
    def has_x(self) -> bool:
        return all(
            secret.get_secret_value()
            for secret in (self.x_consumer_key, self.x_consumer_secret, self.x_access_token, self.x_access_secret)
        )

    @property
    def horizons_s(self) -> dict[str, float]:
        """Platform name -> seconds after which a post that was sent is visible or never will be."""
        return {"mastodon": self.mastodon_horizon_s, "x": self.x_horizon_s}
