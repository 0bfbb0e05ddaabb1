"""Outdoor weather of buildings: measured by their outdoor points, and as it was forecast."""

from collections.abc import Sequence

import numpy as np
import polars as pl

from ondol.common.instants import HOUR_S, from_epoch_s
from ondol.forecasts.hourly_means import hourly_means
from ondol.forecasts.model.loads import LONGEST_HORIZON_H
from ondol.forecasts.model.weather import Floats, IssuedWeather
from ondol.forecasts.ports.weather_forecasts import WeatherForecasts
from ondol.history.ports import HistoryRecords
from ondol.sites.model import Building, Point
from ondol.sites.ports import SiteRecords

_OUTDOOR = {
    "temperature": ("Outside_Air_Temperature_Sensor", "temperature"),
    "humidity": ("Outside_Air_Humidity_Sensor", "humidity"),
}


def outdoor_point(points: Sequence[Point], what: str) -> Point | None:
    """The outdoor point of `temperature` or `humidity`: by its Brick class, else by a key that says outdoor or weather."""
    brick, quantity = _OUTDOOR[what]
    named = [
        point
        for point in points
        if point.quantity in (quantity, f"outdoor_{quantity}")
        and ("outdoor" in point.key or "weather" in point.key or point.quantity.startswith("outdoor_"))
    ]
    return next((point for point in points if point.brick_class == brick), named[0] if named else None)


def gather_weather(
    buildings: Sequence[Building], start_h: int, end_h: int, *, sites: SiteRecords, history: HistoryRecords,
    forecasts: WeatherForecasts | None,
) -> IssuedWeather | None:  # fmt: skip
    """Weather on the grid of hours start_h..end_h (since 1970); None when no building has any."""
    measured: dict[str, Floats] = {}
    for what in _OUTDOOR:
        points = [outdoor_point(sites.points(building.key), what) for building in buildings]
        rows = hourly_means({point.id: point for point in points if point}, start_h, end_h, history)
        nothing = np.full(end_h - start_h, np.nan, np.float32)
        measured[what] = np.stack([rows[point.id] if point else nothing for point in points])
    issued = _issued(buildings, start_h, end_h, forecasts)
    if issued is None and np.isnan(measured["temperature"]).all():
        return None
    none = np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros((0, 1), np.float32), np.zeros((0, 1), np.float32)
    return IssuedWeather(measured["temperature"], measured["humidity"], *(issued or none))


def _issued(
    buildings: Sequence[Building], start_h: int, end_h: int, forecasts: WeatherForecasts | None
) -> tuple[np.ndarray, np.ndarray, Floats, Floats] | None:
    """Load, first column, temperatures and humidities of each issue, as `IssuedWeather` wants them."""
    if forecasts is None:
        return None
    first, end = (from_epoch_s(hour * HOUR_S) for hour in (start_h - 24, end_h + 1))
    rows = forecasts.read([building.id for building in buildings], first, end)
    if rows.is_empty():
        return None
    row_of = {building.id: row for row, building in enumerate(buildings)}
    # An issue is known from the hour after it: nothing of that hour may look as if it had been known at its start.
    column = -(-pl.col("issued_s") // HOUR_S) - start_h
    placed = rows.select(
        pl.col("building_id").replace_strict(row_of, return_dtype=pl.Int64).alias("load"),
        column.alias("column"),
        (pl.col("valid_s") // HOUR_S - start_h).alias("valid"),
        "temperature_c",
        "humidity_pct",
    ).with_columns((pl.col("valid") - pl.col("column")).alias("lead"))
    issues = placed.select("load", "column").unique().sort("load", "column").with_row_index("issue")
    placed = placed.join(issues, on=["load", "column"]).filter(pl.col("lead").is_between(0, LONGEST_HORIZON_H - 1))
    values = {
        name: np.full((issues.height, LONGEST_HORIZON_H), np.nan, np.float32)
        for name in ("temperature_c", "humidity_pct")
    }
    for name, grid in values.items():
        grid[placed["issue"].to_numpy(), placed["lead"].to_numpy()] = placed[name].fill_null(np.nan).to_numpy()
    return issues["load"].to_numpy(), issues["column"].to_numpy(), values["temperature_c"], values["humidity_pct"]
