"""Settings: the only reader of the environment and of `.env`.

Each setting is `ONDOL_` and its name; docs/settings.md describes them all (a test holds that).
"""

import os
import re
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, DotEnvSettingsSource, EnvSettingsSource, SettingsConfigDict

from ondol.common.retention import LONGEST_DAYS, Retention
from ondol.common.store_urls import check_url, option_of, scheme_of, secrets_of

PREFIX = "ONDOL_"
EXAMPLE_PASSWORDS = frozenset(
    [
        "energy_password",
        "energy_pass",
        "energypassword",
        "energy123",
        "energy_user",
        "energy",
        "password",
        "password123",
        "passwd",
        "admin",
        "admin123",
        "admin_password",
        "changeme",
        "change_me",
        "postgres",
        "redis",
        "influxdb",
        "secret",
        "example",
        "test",
        "1234",
        "12345678",
        "your_password",
        "minioadmin",
        "redis_password",
        "influx_password",
        "my-super-secret-auth-token",
    ]
)
"""Passwords that stand in guides and examples: whoever reads those could read the building's data."""


def default_home() -> Path:
    """The folder for the embedded stores where the platform keeps a user's data."""
    if local := os.environ.get("LOCALAPPDATA"):
        return Path(local) / "Ondol"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "ondol"


class Settings(BaseSettings):
    """What Ondol runs with. Frozen; build it with `load_settings`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=".env", extra="ignore", frozen=True, hide_input_in_errors=True
    )

    home: Path = Field(default_factory=default_home, description="Folder of the embedded stores.")
    database_url: SecretStr = Field(
        SecretStr(""),
        description="Business data: `sqlite:///FILE` (default: `ondol.sqlite` in the home) or `postgresql://`.",
    )
    timeseries_url: SecretStr = Field(
        SecretStr(""),
        description="Raw readings: `duckdb:///FILE` (default: `readings.duckdb` in the home), `influxdb://` or `memory://`.",
    )
    adopt_url: SecretStr = Field(
        SecretStr(""),
        description="InfluxDB whose series are adopted: `influxdb://` (default: `ONDOL_TIMESERIES_URL`, where that is one).",
    )
    cache_url: SecretStr = Field(
        SecretStr(""),
        description="Sessions, cache, live messages: `memory:///FILE` (default: `sessions.sqlite` in the home).",
    )
    objects_url: SecretStr = Field(
        SecretStr(""),
        description="Files such as trained models: `file:///FOLDER` (default: `objects` in the home) or `s3://`.",
    )
    smtp_url: SecretStr = Field(
        SecretStr(""),
        description="Mail server: `smtp://USER:PASSWORD@HOST:587?from=ADDRESS` or `smtps://`; without one links are handed over.",
    )
    public_url: str = Field(
        "",
        pattern=r"^(https?://[^\s/?#@]+(/[^\s?#]*)?)?$",
        description="Where people reach Ondol, for links in mails: `https://ondol.example.com`; else `http://HOST:PORT`.",
    )
    sign_up: Literal["closed", "approval"] = Field(
        "closed",
        description="Whether strangers may ask for an account (`approval`): the address is confirmed, an administrator approves.",
    )
    host: str = Field("127.0.0.1", description="Address that `ondol serve` listens on.")
    port: int = Field(8000, ge=1, le=65535, description="Port that `ondol serve` listens on.")
    timezone: str = Field("Asia/Seoul", description="Time zone of buildings that are created without one.")
    language: Literal["ko", "en"] = Field(
        "ko", description="Language of pages when the user and the browser name none."
    )
    raw_retention_days: int = Field(
        30,
        ge=0,
        le=LONGEST_DAYS,
        description="Days that raw readings are kept, 0 for good; intervals are kept for good.",
    )
    spool_mb: int = Field(
        1024, ge=1, description="Most megabytes of readings that wait on disk while InfluxDB is away; then 503."
    )
    unknown_points: Literal["refuse", "register"] = Field(
        "refuse",
        description="What happens to readings of unknown points; a token with `--register` may always register.",
    )
    future_tolerance_s: int = Field(
        600, ge=0, description="Seconds that a reading may lie in the future before it is flagged."
    )
    session_ttl_s: int = Field(3600, ge=60, description="Seconds after which an unused session ends.")
    session_longest_s: int = Field(
        43_200, ge=60, description="Seconds after which a session ends however much it is used."
    )
    sign_in_attempts: int = Field(
        8, ge=1, description="Failed sign-ins per account and address in 15 minutes before a pause."
    )
    secure_cookies: bool = Field(False, description="Send cookies over HTTPS only; switch on behind a TLS proxy.")
    trusted_proxies: int = Field(
        0, ge=0, le=8, description="Proxies in front whose `X-Forwarded-For` and `-Proto` are believed; 0 without any."
    )
    open_metrics: bool = Field(
        False, description="Show `/metrics` to whoever reaches the port, for Prometheus on a private network."
    )
    max_body_mb: int = Field(64, ge=1, description="Largest accepted request body, after decompression.")
    live_viewers: int = Field(
        64,
        ge=1,
        description="Most live streams at a time; each holds a thread. A person or token may hold a quarter of them.",
    )
    request_threads: int = Field(16, ge=1, description="Threads that answer requests beside the live streams.")
    requests_per_address: int = Field(
        128, ge=1, description="Most requests under way of one address, those whose body is still arriving included."
    )
    connections_per_address: int = Field(
        256, ge=1, description="Most open connections of one address; not bounded behind trusted proxies or on Windows."
    )
    web_processes: int = Field(
        2, ge=1, description="Processes that serve when all three stores are servers; embedded stores have one."
    )
    aggregate_every_s: float = Field(10.0, gt=0, description="Seconds between two aggregations of new readings.")
    adopt_every_s: float = Field(5.0, gt=0, description="Seconds between two looks for new readings of adopted series.")
    adopt_late_s: int = Field(
        86_400, ge=0, description="Seconds for which readings of adopted series that arrive late are looked for."
    )
    forecast_train_days: int = Field(7, ge=1, description="Days after which forecast models are fitted anew.")
    forecast_cache_s: float = Field(
        600.0, gt=0, description="Seconds that the cache keeps a forecast; the database keeps it for good."
    )
    peak_warning_share: float = Field(
        0.9, gt=0, description="Share of the contract power at which expected 15-minute demand is warned of."
    )
    audit_days: int = Field(730, ge=365, description="Days that the audit is kept; never less than a year.")
    audit_key: SecretStr = Field(
        SecretStr(""),
        description="Seals the audit against whoever can write the database; `ondol audit key` makes one.",
    )
    simulate: bool = Field(
        False, description="Run the synthetic demonstration building in this process (`ondol demo`)."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="Least severity that is logged."
    )

    @field_validator("database_url", "timeseries_url", "adopt_url", "cache_url", "objects_url", "smtp_url")
    @classmethod
    def _has_a_secret_of_its_own(cls, url: SecretStr) -> SecretStr:
        if not url:
            return url
        check_url(url.get_secret_value())
        if any(secret.lower() in EXAMPLE_PASSWORDS for secret in secrets_of(url.get_secret_value())):
            raise ValueError("the password is one of guides and examples; `ondol init` writes a .env with random ones")
        return url

    @field_validator("timeseries_url")
    @classmethod
    def _keeps_whole_days(cls, url: SecretStr) -> SecretStr:
        days = option_of(url, "retention_days")
        if days is not None and not (re.fullmatch(r"[0-9]{1,5}", days) and int(days) <= LONGEST_DAYS):
            raise ValueError(f"retention_days is a whole number of days up to {LONGEST_DAYS}; 0 keeps for good")
        return url

    @field_validator("adopt_url")
    @classmethod
    def _is_an_influxdb(cls, url: SecretStr) -> SecretStr:
        if url and scheme_of(url) not in ("influxdb", "influxdbs"):
            raise ValueError("names an InfluxDB: influxdb://USER:PASSWORD@HOST:8086/DATABASE")
        return url

    @field_validator("audit_key")
    @classmethod
    def _is_a_key_of_the_audit(cls, key: SecretStr) -> SecretStr:
        if key and not re.fullmatch(r"[1-9]\d{0,15}:\S{32,}", key.get_secret_value()):
            raise ValueError("is NUMBER:SECRET, as `ondol audit key` prints it")
        return key

    @model_validator(mode="after")
    def _can_confirm_addresses(self) -> "Settings":
        if self.sign_up == "approval" and not self.smtp_url.get_secret_value():
            raise ValueError("ONDOL_SIGN_UP=approval needs ONDOL_SMTP_URL: addresses are confirmed by mail")
        return self

    @cached_property
    def links_at(self) -> str:
        """What links in mails begin with. It is never taken from a request: who sends one could name another host."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.public_url.rstrip("/") or f"http://{host}:{self.port}"

    @cached_property
    def database(self) -> SecretStr:
        """Database URL in force."""
        return self.database_url or SecretStr(f"sqlite:///{(self.home / 'ondol.sqlite').as_posix()}")

    @cached_property
    def timeseries(self) -> SecretStr:
        """Time-series URL in force."""
        return self.timeseries_url or SecretStr(f"duckdb:///{(self.home / 'readings.duckdb').as_posix()}")

    @cached_property
    def adopt(self) -> SecretStr | None:
        """URL in force of the InfluxDB whose series are adopted; None without one."""
        is_influxdb = scheme_of(self.timeseries) in ("influxdb", "influxdbs")
        return self.adopt_url or (self.timeseries if is_influxdb else None)

    @cached_property
    def retention(self) -> Retention:
        """How long raw readings are kept: what the time-series URL says (`retention_days`), else the setting."""
        return Retention.of(self.timeseries_url, self.raw_retention_days)

    @cached_property
    def cache(self) -> SecretStr:
        """Cache URL in force."""
        return self.cache_url or SecretStr(f"memory:///{(self.home / 'sessions.sqlite').as_posix()}")

    @cached_property
    def objects(self) -> SecretStr:
        """Object store URL in force."""
        return self.objects_url or SecretStr((self.home.absolute() / "objects").as_uri())

    @cached_property
    def has_shared_stores(self) -> bool:
        """Whether every store is a server that several processes may use: then `ondol worker` does the standing work."""
        stores = (self.database, self.timeseries, self.cache)
        servers = (("postgresql",), ("influxdb", "influxdbs"), ("redis", "rediss"))
        return all(scheme_of(url) in names for url, names in zip(stores, servers, strict=True))


def load_settings(**overrides: Any) -> Settings:
    """Settings from arguments, then the environment, then `.env`, then defaults. Raises pydantic.ValidationError."""
    return Settings(**{name: value for name, value in overrides.items() if value is not None})


def environment_of(settings: Settings) -> dict[str, str]:
    """The environment in which a process of ours runs with the same settings."""
    return {
        **os.environ,
        **{(PREFIX + name).upper(): _plain(getattr(settings, name)) for name in settings.model_fields_set},
    }


def _plain(value: Any) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)


def origin(name: str) -> str:
    """Where a setting comes from: `environment`, `.env` or `default`."""
    variable = (PREFIX + name).lower()
    for source, place in ((EnvSettingsSource(Settings), "environment"), (DotEnvSettingsSource(Settings), ".env")):
        if source.env_vars.get(variable) is not None:
            return place
    return "default"
