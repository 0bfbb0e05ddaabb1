"""Forecasts as the cache keeps them."""

from datetime import UTC, datetime
from typing import Any

import orjson

from ondol.forecasts.model.forecasts import Forecast, ForecastFlag


def cache_key(building_key: str, quantity: str, horizon_h: int) -> str:
    """Where the cache keeps a forecast."""
    return f"forecast:{building_key}:{quantity}:{horizon_h}h"


def pack(forecast: Forecast) -> bytes:
    """A forecast as the cache keeps it."""
    instants = {"issued_at": forecast.issued_at.timestamp(), "start": forecast.start.timestamp()}
    names = (
        "building_id",
        "quantity",
        "unit",
        "horizon_h",
        "model",
        "version",
        "flags",
        "expected",
        "band",
        "last_week",
    )
    return orjson.dumps({name: getattr(forecast, name) for name in names} | instants)


def unpack(packed: bytes) -> Forecast | None:
    """What `pack` gave; None for what an earlier release packed, which did not say the unit."""
    kept: dict[str, Any] = orjson.loads(packed)
    if "unit" not in kept:
        return None
    instants = {name: datetime.fromtimestamp(kept[name], UTC) for name in ("issued_at", "start")}
    curves = {name: tuple(kept[name]) for name in ("expected", "last_week")}
    band = tuple(tuple(hour) for hour in kept["band"])
    fields: dict[str, Any] = {**kept, **instants, **curves, "band": band, "flags": ForecastFlag(kept["flags"])}
    return Forecast(**fields)
