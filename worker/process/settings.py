"""Settings that bot and worker share, and where all are read from: environment, .env, and files that hold a secret."""

from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from worker.process.redis_address import PRIVATE_SOCKET, RedisUrl

PREFIX = "STYLESMITH_"
Home = Annotated[Path, AfterValidator(Path.expanduser)]


class SharedSettings(BaseSettings):
    """STYLESMITH_… in the environment or in .env, secrets also from files; frozen, no value in its errors."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
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
        return self.redis_url.get_secret_value() or f"unix://{self.data_dir / PRIVATE_SOCKET}?db=0"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, environment, .env, then the files that STYLESMITH_…_FILE names."""
        files = SecretFiles(settings_cls, [env_settings, dotenv_settings])
        return init_settings, env_settings, dotenv_settings, files, file_secret_settings


class SecretFiles(PydanticBaseSettingsSource):
    """Reads the file named by STYLESMITH_<SECRET>_FILE, as container secrets come."""

    def __init__(self, settings_cls: type[BaseSettings], sources: list[PydanticBaseSettingsSource]) -> None:
        super().__init__(settings_cls)
        self._named: dict[str, str | None] = {}
        for source in reversed(sources):
            if isinstance(source, EnvSettingsSource):
                self._named.update(source.env_vars)

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        path = self._named.get(f"{PREFIX}{field_name}_file".lower())
        if field.annotation is not SecretStr or not path:
            return None, field_name, False
        return Path(path).expanduser().read_text(encoding="utf-8").strip(), field_name, False

    def __call__(self) -> dict[str, Any]:
        values = {name: self.get_field_value(field, name)[0] for name, field in self.settings_cls.model_fields.items()}
        return {name: value for name, value in values.items() if value is not None}


def secrets_of(settings: SharedSettings) -> list[str]:
    """Every secret value, and the password in it where it is an address, for the log to hide."""
    values = (getattr(settings, name) for name in type(settings).model_fields)
    secrets = [value.get_secret_value() for value in values if isinstance(value, SecretStr)]
    passwords = [urlsplit(secret).password for secret in secrets if "://" in secret]
    return [secret for secret in (*secrets, *passwords) if secret]
