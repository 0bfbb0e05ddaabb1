"""A weather forecast is kept as it was issued, so that a back-test of that day sees what was known."""

from collections.abc import Sequence

import polars as pl

from ondol.common.access import Access, Scope
from ondol.forecasts.needs import ForecastNeeds
from ondol.sites.reach import reach_whole_building


def keep_weather_forecast(access: Access, keys: Sequence[str], hours: pl.DataFrame, needs: ForecastNeeds) -> int:
    """Keep FORECAST_HOURS for each of the buildings; returns how many hours. Raises NotFound, NotAllowed."""
    buildings = [reach_whole_building(access, key, needs.sites, Scope.WRITE) for key in keys]
    each = [hours.select(pl.lit(building.id, pl.Int32).alias("building_id"), pl.all()) for building in buildings]
    needs.weather.write(pl.concat(each))
    return hours.height
