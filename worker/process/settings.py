"""Settings that bot and worker share, and where all are read from: environment, .env, and files that hold a secret."""

import errno
from collections import ChainMap
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import quote, unquote, urlsplit

from pydantic import AfterValidator, Field, SecretStr
from pydantic_settings import BaseSettings, EnvSettingsSource, InitSettingsSource, SettingsConfigDict
from pydantic_settings import PydanticBaseSettingsSource as Source

from worker.process.redis_address import PRIVATE_SOCKET, RedisUrl

PREFIX = "STYLESMITH_"


def _expanded(path: Path) -> Path:
    try:
        return path.expanduser()
    except RuntimeError:
        raise ValueError("there is no user of the name that follows the ~: write the whole path") from None


Home = Annotated[Path, AfterValidator(_expanded)]


class SharedSettings(BaseSettings):
    """STYLESMITH_… in the environment or in .env, secrets also from files; frozen, no value in its errors."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        allow_inf_nan=False,
    )

    redis_url: RedisUrl = Field(SecretStr(""), description="Redis; empty is the bot's private one, on a single machine")
    blobs_url: SecretStr = Field(
        SecretStr(""), description="fsspec URL through which pictures travel to the workers and back; empty is Redis"
    )
    data_dir: Home = Field(
        Path("~/.local/share/stylesmith"), description="The ledger, the pictures and the private Redis"
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="How much is logged")
    log_json: bool = Field(False, description="Log one JSON object a line")

    @property
    def redis_address(self) -> str:
        """The URL of Redis, or of the bot's private one; its password included: never log it."""
        private = quote(str((self.data_dir / PRIVATE_SOCKET).absolute()))
        return self.redis_url.get_secret_value() or f"unix://{private}?db=0"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: Source,
        env_settings: Source,
        dotenv_settings: Source,
        file_secret_settings: Source,
    ) -> tuple[Source, ...]:
        """Arguments, environment, .env, then the files that STYLESMITH_…_FILE names."""
        files = InitSettingsSource(settings_cls, _secrets_in_files(settings_cls, env_settings, dotenv_settings))
        return init_settings, env_settings, dotenv_settings, files, file_secret_settings


def _secrets_in_files(settings_cls: type[BaseSettings], *sources: Source) -> dict[str, Any]:
    """What is in the files that STYLESMITH_<SECRET>_FILE name, as container secrets come."""
    named = ChainMap(*(dict(source.env_vars) for source in sources if isinstance(source, EnvSettingsSource)))
    secrets = [name for name, field in settings_cls.model_fields.items() if field.annotation is SecretStr]
    paths = {name: named.get(f"{PREFIX}{name}_file".lower()) for name in secrets}
    return {name: _secret_in(Path(path)) for name, path in paths.items() if path}


def _secret_in(path: Path) -> str:
    """Raises OSError, also for what is no text, which a decoder's error would quote."""
    try:
        return path.expanduser().read_text("utf-8").strip()
    except (UnicodeDecodeError, RuntimeError):
        raise OSError(errno.EINVAL, "no text", str(path)) from None


def secrets_of(settings: SharedSettings) -> list[str]:
    """Every secret value, and the password in it where it is an address, for the log to hide."""
    values = (getattr(settings, name) for name in type(settings).model_fields)
    secrets = [value.get_secret_value() for value in values if isinstance(value, SecretStr)]
    passwords = [password for secret in secrets if "://" in secret for password in _passwords(secret)]
    return [secret for secret in (*secrets, *passwords) if secret]


def _passwords(address: str) -> set[str]:
    """The password in an address, as it is written there and as it is meant."""
    try:
        written = urlsplit(address).password or ""
    except ValueError:
        return set()
    return {written, unquote(written)}
