"""Flow 4 of the guide: history (training data) -> model -> cache -> dashboard.

Forecasts are issued for many buildings at once, kept for good with `issued_at`, and put into the cache as
`forecast:{building}:{quantity}:{hours}h` until they are outdated.
"""

import contextlib
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson

from ondol.common.cache import Cache
from ondol.common.errors import NotFound, StoreUnavailable
from ondol.forecasts.model.forecasts import Forecast, ForecastFlag
from ondol.forecasts.ports.forecasts import Forecasts
from ondol.sites.model import Building

LOOK_BACK_H = (365 + 63) * 24
"""What a forecast looks at: a year ago and the four weeks before that."""


def issue_forecasts(
    buildings: Sequence[Building], predict: Callable[[], list[Forecast]], *, forecasts: Forecasts, cache: Cache | None,
    ttl_s: float,
) -> list[Forecast]:  # fmt: skip
    """Make forecasts of the buildings' history, keep them, and put them where the dashboard looks first."""
    issued = predict()
    forecasts.add(issued)
    if cache is not None:
        share_forecasts(issued, {building.id: building.key for building in buildings}, cache, ttl_s)
    return issued


def share_forecasts(forecasts: Sequence[Forecast], keys: Mapping[int, str], cache: Cache, ttl_s: float) -> None:
    """Put forecasts where the dashboard looks first; `keys` are the buildings' keys by id. They are durable already."""
    with contextlib.suppress(StoreUnavailable):
        cache.set_many({cache_key(keys[f.building_id], f.quantity, f.horizon_h): pack(f) for f in forecasts}, ttl_s)


def look_up_forecast(
    building: Building, quantity: str, horizon_h: int, *, forecasts: Forecasts, cache: Cache | None, ttl_s: float
) -> Forecast:
    """The newest forecast: from the cache, else from the database. Raises NotFound when none was issued."""
    key = cache_key(building.key, quantity, horizon_h)
    with contextlib.suppress(StoreUnavailable):
        if cache is not None and (kept := cache.get(key)) is not None and (shared := unpack(kept)) is not None:
            return shared
    found = forecasts.newest(building.id, quantity, horizon_h)
    if found is None:
        raise NotFound(
            f"building {building.key!r} has no forecast of {quantity!r} yet: one is issued every hour once two days of its main "
            "meters are known; `ondol forecast predict` issues it now"
        )
    if cache is not None:
        share_forecasts([found], {building.id: building.key}, cache, ttl_s)
    return found


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
