"""An installation with something behind every operation: what the examples of the OpenAPI document name is there."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
from tests.contracts.test_forecasters import office
from tests.making import make_building, make_points, make_spaces, make_tenants, make_token, make_user

from ondol.common.access import SYSTEM, Scope
from ondol.forecasts import FORECAST_HOURS
from ondol.forecasts.score_forecasts import score_forecasts
from ondol.history import NewRepair, RepairAction
from ondol.history.model import INTERVALS
from ondol.installation import Installation
from ondol.people import Role
from ondol.readings import Submission
from ondol.sites import Point

DAYS = 60
HOURLY = {"kind": "total", "interval_s": 3600}
POINTS: list[dict[str, Any]] = [
    {"key": "b36.electricity", "quantity": "electricity", "unit": "kWh", **HOURLY},
    {"key": "b36.gas", "quantity": "gas", "unit": "m3", "kind": "total_increasing", "rollover_at": 1e6},
    {"key": "b36.f3.power", "quantity": "electricity", "unit": "kW", "submeter_of": "b36.electricity", "space": "f3"},
    {"key": "b36.co2", "quantity": "co2", "unit": "ppm", "max_value": 5000.0, "floor": "3"},
    {
        "key": "b36.outdoor",
        "quantity": "temperature",
        "unit": "degC",
        "brick_class": "Outside_Air_Temperature_Sensor",
    },
]


def furnish(ondol: Installation, now: datetime) -> str:
    """Fill an empty installation, as of an hour before `now` where forecasts are to be scored; returns a token for everything."""
    make_building(ondol, "b36", name="본관", address="서울특별시 중구 세종대로 110", contract_power_kw=100.0, floors=8)
    make_building(ondol, "annex", name="Annex", building_type="office", total_area_m2=9800.5)
    make_building(ondol, "building_001", name="the one of the line protocol's example")
    make_tenants(ondol, "b36", [{"key": "cafe", "name": "Café", "move_in_date": now.date()}])
    make_spaces(ondol, "b36", [{"key": "f3", "name": "3F", "kind": "floor", "tenant": "cafe"}])
    make_points(ondol, "b36", [{"name": point["key"], **point} for point in POINTS])
    make_points(ondol, "annex", [{"key": "annex.co2", "name": "CO2", "quantity": "co2", "unit": "ppm"}])
    make_user(ondol, "lee", Role.TENANT, tenants=("cafe",))
    make_user(ondol, "park", Role.MANAGER, buildings=("annex",))
    make_token(ondol, "reader", Scope.READ, buildings=["annex"])
    _measure(ondol, now)
    _forecast(ondol, now)
    return make_token(ondol, "everything", *Scope, may_register=True)


def _measure(ondol: Installation, now: datetime) -> None:
    points = {point.key: point for point in ondol.sites.points(SYSTEM, "b36")}
    first_s, hours = int(now.timestamp()) // 3600 * 3600 - DAYS * 86_400, DAYS * 24
    history = pl.concat([
        _hourly(points["b36.electricity"], first_s, office(hours, start_h=first_s // 3600)),
        _hourly(points["b36.outdoor"], first_s, 10 + 5 * np.sin(np.arange(hours) / 12)),
    ])  # fmt: skip
    building = ondol.sites.building(SYSTEM, "b36")
    ondol.history.records.write(history, {point.id: point for point in points.values()}, {building.id: building})
    for key, step in (("b36.gas", 1.5), ("b36.f3.power", 0.0), ("b36.co2", 3.0), ("annex.co2", -1.0)):
        times = [int((now - timedelta(minutes=minute)).timestamp()) * 1_000_000 for minute in range(90, 0, -1)]
        values = [500.0 + step * n for n in range(len(times))]
        ondol.readings.record(SYSTEM, Submission([key] * len(times), times, values, range(1, len(times) + 1)))
    ondol.history.aggregate()
    hour = now.replace(minute=0, second=0, microsecond=0)
    repair = NewRepair(action=RepairAction.SCALE, start=hour - timedelta(hours=3), end=hour, value=2.0, reason="dust")
    ondol.history.repair(SYSTEM, "b36.electricity", repair)


def _hourly(point: Point, first_s: int, values: np.ndarray) -> pl.DataFrame:
    rows = {
        "point_id": [point.id] * len(values),
        "start": [first_s + n * 3600 for n in range(len(values))],
        "duration_s": [3600] * len(values),
        "value": values.astype(float).tolist(),
        "quality": [0] * len(values),
        "measured_share": [1.0] * len(values),
    }
    frame = pl.DataFrame(rows).with_columns(
        *(pl.lit(None, pl.Float64).alias(name) for name in ("value_min", "value_max", "value_last"))
    )
    return frame.select(INTERVALS.names()).cast(INTERVALS)  # pyright: ignore


def _forecast(ondol: Installation, now: datetime) -> None:
    """Issue forecasts for the coming day and week, and have one of the past day scored."""
    issued_s = int(now.timestamp())
    weather = [(issued_s, issued_s // 3600 * 3600 + n * 3600, 5.0 + n % 12, 60.0) for n in range(48)]
    ondol.forecasts.keep_weather_forecast(SYSTEM, ["b36"], pl.DataFrame(weather, schema=FORECAST_HOURS, orient="row"))
    ondol.forecasts.train(SYSTEM)
    day = next(f for f in ondol.forecasts.issue(SYSTEM) if (f.quantity, f.horizon_h) == ("electricity", 24))
    past = replace(day, issued_at=day.issued_at - timedelta(days=2), start=day.start - timedelta(days=2))
    needs = ondol.forecasts.needs
    needs.records.add([past])
    score_forecasts(now, sites=needs.sites, history=needs.history, forecasts=needs.records)
