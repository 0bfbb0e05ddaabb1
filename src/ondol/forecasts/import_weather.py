"""A file of weather forecasts comes in."""

from collections.abc import Sequence
from pathlib import Path

from ondol.common.access import Access, Scope
from ondol.forecasts.keep_weather_forecast import keep_weather_forecast
from ondol.forecasts.needs import ForecastNeeds
from ondol.forecasts.weather_forecast_files import WeatherForecastFile, read_weather_forecasts
from ondol.sites.reach import reach_whole_building


def import_weather(
    access: Access, file: Path, keys: Sequence[str], timezone: str | None, needs: ForecastNeeds, *, dry_run: bool
) -> WeatherForecastFile:
    """Read the file and keep its hours for each of the buildings; a bad line is refused alone.

    Stamps without an offset are of the time zone, by default the first building's. Raises NotFound, NotAllowed, InvalidInput.
    """
    buildings = [reach_whole_building(access, key, needs.sites, Scope.WRITE) for key in keys]
    read = read_weather_forecasts(file, file.name, timezone or buildings[0].timezone)
    if not dry_run:
        keep_weather_forecast(access, keys, read.hours, needs)
    return read
