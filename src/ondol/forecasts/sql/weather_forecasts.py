"""`WeatherForecasts` on the relational database."""

from collections.abc import Sequence
from datetime import datetime

import polars as pl
from sqlalchemy import select

from ondol.common.instants import epoch_s
from ondol.database.engine import Database
from ondol.database.upsert import upsert
from ondol.forecasts.ports.weather_forecasts import WEATHER_FORECASTS
from ondol.forecasts.tables import WeatherForecastRow

_KEY = ("building_id", "issued_at", "valid_at")
_BUILDINGS_A_QUERY = 500


class SqlWeatherForecasts:
    """See the port."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def write(self, forecasts: pl.DataFrame) -> None:
        rows = forecasts.unique(["building_id", "issued_s", "valid_s"], keep="last").select(WEATHER_FORECASTS.names())
        with self._database.write() as connection:
            upsert(connection, WeatherForecastRow, [*_KEY, "temperature_c", "humidity_pct"], rows.rows(), _KEY)

    def read(self, building_ids: Sequence[int], first: datetime, end: datetime) -> pl.DataFrame:
        rows: list[tuple[object, ...]] = []
        issued = WeatherForecastRow.issued_at
        with self._database.read() as connection:
            for n in range(0, len(building_ids), _BUILDINGS_A_QUERY):
                query = select(
                    WeatherForecastRow.building_id, issued, WeatherForecastRow.valid_at,
                    WeatherForecastRow.temperature_c, WeatherForecastRow.humidity_pct,
                ).where(
                    WeatherForecastRow.building_id.in_(building_ids[n : n + _BUILDINGS_A_QUERY]),
                    issued >= epoch_s(first), issued < epoch_s(end),
                )  # fmt: skip
                rows += map(tuple, connection.execute(query))
        return pl.DataFrame(rows, schema=WEATHER_FORECASTS, orient="row").sort("building_id", "issued_s", "valid_s")
