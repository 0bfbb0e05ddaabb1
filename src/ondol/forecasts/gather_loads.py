"""The hourly loads of buildings out of the history: what forecasts are made from."""

from collections.abc import Sequence

import numpy as np
import polars as pl

from ondol.common.instants import HOUR_S
from ondol.common.quality import Quality
from ondol.forecasts.gather_weather import gather_weather
from ondol.forecasts.hourly_means import by_point
from ondol.forecasts.model.loads import Loads, loads_of
from ondol.forecasts.model.weather import Floats
from ondol.forecasts.ports.weather_forecasts import WeatherForecasts
from ondol.history.ports import HistoryRecords
from ondol.history.rules.usage import usage_by_bin
from ondol.sites.model import Building, Point, main_meters
from ondol.sites.ports import SiteRecords

LEAST_MEASURED_SHARE = 0.9
"""An hour that was measured less than this is not known; one above is scaled to the whole hour."""
_BUILDINGS_AT_ONCE = 40


def gather_loads(
    buildings: Sequence[Building], quantity: str, start_h: int, end_h: int, *, sites: SiteRecords, history: HistoryRecords,
    forecasts: WeatherForecasts | None = None,
) -> Loads:  # fmt: skip
    """Loads of the buildings' main meters between two hours since 1970, with their weather, named by the buildings' keys.

    A building whose meters say nothing is a row of NaN. Weather is measured by outdoor points, and what was forecast.
    """
    energy = np.full((len(buildings), end_h - start_h), np.nan, np.float32)
    units = ["kWh"] * len(buildings)
    for first in range(0, len(buildings), _BUILDINGS_AT_ONCE):
        part = buildings[first : first + _BUILDINGS_AT_ONCE]
        meters = {building.key: main_meters(sites.points(building.key), quantity) for building in part}
        of_meters = _hourly_by_meter([meter for each in meters.values() for meter in each], start_h, end_h, history)
        for row, building in enumerate(part, first):
            rows = [of_meters[meter.id] for meter in meters[building.key]]
            if rows:
                energy[row] = _sum_of_meters(np.stack(rows))
                units[row] = str(meters[building.key][0].usage_unit)
    weather = gather_weather(buildings, start_h, end_h, sites=sites, history=history, forecasts=forecasts)
    names, zones = [building.key for building in buildings], [building.timezone for building in buildings]
    return loads_of(names, start_h, energy, zones, weather, units=units)


def _hourly_by_meter(meters: list[Point], start_h: int, end_h: int, history: HistoryRecords) -> dict[int, Floats]:
    points = {meter.id: meter for meter in meters}
    found = history.read(list(points), start_h * HOUR_S, end_h * HOUR_S)
    good = found.filter(pl.col("quality") & int(Quality.OUT_OF_RANGE) == 0, pl.col("duration_s") <= HOUR_S)
    bins = usage_by_bin(good, points, range(start_h * HOUR_S, end_h * HOUR_S + 1, HOUR_S))
    share = pl.col("measured_s") / HOUR_S
    whole = bins.filter(share >= LEAST_MEASURED_SHARE).select(
        "point_id", pl.col("bin").alias("hour"), (pl.col("usage") / share.clip(upper_bound=1)).alias("value")
    )
    return by_point(whole, points, end_h - start_h)


def _sum_of_meters(rows: Floats) -> Floats:
    """The sum where every meter is known that is in use: a meter counts from its first known hour to its last."""
    known = ~np.isnan(rows)
    begun = np.maximum.accumulate(known, axis=1)
    not_ended = np.maximum.accumulate(known[:, ::-1], axis=1)[:, ::-1]
    # The newest hours of a meter that lags behind are not known, rather than a part of the load.
    last_seen = not_ended.any(axis=0)
    lacking = (begun & ~known & (not_ended | last_seen)).any(axis=0) | ~known.any(axis=0)
    return np.where(lacking, np.float32(np.nan), np.nansum(rows, axis=0)).astype(np.float32)
