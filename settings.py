"""Every setting, read once, from the environment or `.streamlit/secrets.toml` (the environment wins)."""

import os
import tomllib
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

ROOT = Path(__file__).resolve().parent
EMBEDDED_DEMO = ROOT / "var" / "demo.db"
SECRETS = ROOT / ".streamlit" / "secrets.toml"
OWN_PREFIX = "DASHBOARD_"
_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")

Network = IPv4Network | IPv6Network


class SettingsError(Exception):
    """A setting cannot be used; the message is one Chinese sentence with its name."""


class Settings(BaseSettings):
    """The settings of this process; built by `read_settings` only."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True, validate_default=False)

    database_url: str = Field(f"sqlite:///{EMBEDDED_DEMO}", validation_alias="DATABASE_URL")
    loader_url: str | None = Field(None, validation_alias="LOADER_URL")
    state_url: str = Field(f"sqlite:///{ROOT / 'var' / 'state.db'}", validation_alias="STATE_URL")
    trusted_proxies: Annotated[tuple[Network, ...], NoDecode] = Field((), validation_alias="DASHBOARD_TRUSTED_PROXIES")

    password_days: int = Field(365, ge=0, validation_alias="DASHBOARD_PASSWORD_DAYS")
    """After how many days a password must be changed; 0: never."""

    reminder_webhook: str | None = Field(None, validation_alias="DASHBOARD_REMINDER_WEBHOOK")
    reminder_secret: str | None = Field(None, validation_alias="DASHBOARD_REMINDER_SECRET")
    slide_template: Path | None = Field(None, validation_alias="DASHBOARD_SLIDE_TEMPLATE")

    township_map: Path | None = Field(None, validation_alias="DASHBOARD_TOWNSHIP_MAP")
    """A county's own GeoJSON, drawn in place of the tile map; read and examined at start."""

    @property
    def is_embedded_demo(self) -> bool:
        """Whether DATABASE_URL is unset, so that the demo county under var/ is shown."""
        return "database_url" not in self.model_fields_set

    @field_validator("database_url", "loader_url", "state_url")
    @classmethod
    def _readable(cls, url: str) -> str:
        try:
            backend = sa.make_url(url).get_backend_name()
        except (sa.exc.ArgumentError, ValueError):
            raise ValueError("不是能识别的数据库地址") from None
        if backend not in ("sqlite", "postgresql"):
            raise ValueError("只支持 sqlite:/// 或 postgresql:// 开头的地址")
        return url

    @field_validator("reminder_webhook")
    @classmethod
    def _encrypted(cls, url: str) -> str:
        """Take http:// for this very machine alone: the address holds a token."""
        try:
            parts = urlsplit(url)
            is_fine = bool(parts.hostname) and (
                parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _THIS_MACHINE)
            )
        except ValueError:
            is_fine = False
        if not is_fine:
            raise ValueError("应为 https:// 开头的地址")
        return url

    @field_validator("slide_template")
    @classmethod
    def _presentation(cls, path: Path) -> Path:
        if path.suffix.lower() not in (".potx", ".pptx"):
            raise ValueError("应为 .potx 或 .pptx 文件")
        return path

    @field_validator("township_map")
    @classmethod
    def _geojson(cls, path: Path) -> Path:
        if path.suffix.lower() not in (".geojson", ".json"):
            raise ValueError("应为 .geojson 或 .json 文件")
        return path

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _networks(cls, listed: object) -> object:
        if not isinstance(listed, str):
            return listed
        try:
            return tuple(ip_network(part.strip()) for part in listed.split(",") if part.strip())
        except ValueError:
            raise ValueError("应为逗号分隔的 IP 地址或网段") from None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment win over what `read_settings` found in the secrets file."""
        return env_settings, init_settings


def read_settings(secrets: Path = SECRETS) -> Settings:
    """Read the settings; empty values count as unset.

    Raises
    ------
    SettingsError
        An unknown DASHBOARD_ name, an unreadable value, or a secrets file that is not TOML.
    """
    given = _secrets(secrets)
    aliases = {str(field.validation_alias) for field in Settings.model_fields.values()}
    own = {name for name in (*given, *os.environ) if name.upper().startswith(OWN_PREFIX)}
    if own - aliases:
        known = "、".join(sorted(alias for alias in aliases if alias.startswith(OWN_PREFIX)))
        raise SettingsError(f"无法启动：设置 {min(own - aliases)} 不存在（以 {OWN_PREFIX} 开头的设置只有 {known}）。")
    try:
        return Settings(**{name: value for name, value in given.items() if name in aliases and value != ""})
    except ValidationError as error:
        fault = error.errors()[0]
        reason = str(fault["msg"]).removeprefix("Value error, ") if fault["type"] == "value_error" else "无法识别"
        raise SettingsError(f"无法启动：设置 {fault['loc'][0]} {reason}。") from None


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """Return the settings of this process; on a fault end it with one sentence and no traceback."""
    try:
        return read_settings()
    except SettingsError as error:
        raise SystemExit(str(error)) from None


def _secrets(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise SettingsError(f"无法启动：{path.name} 不是有效的 TOML 文件。") from None
