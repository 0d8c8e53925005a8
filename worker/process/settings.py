"""What the settings of bot and worker share: where they are read from, and the kinds of their values."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "STYLESMITH_"
Home = Annotated[Path, AfterValidator(Path.expanduser)]


class SharedSettings(BaseSettings):
    """STYLESMITH_… in the environment or in .env; frozen, and silent about secrets in its errors."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="How much is logged")
    log_json: bool = Field(False, description="Log one JSON object a line")
