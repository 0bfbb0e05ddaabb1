"""Weather like Seoul's: cold dry winters with cold spells, a rainy season (changma), hot humid summers."""

import math

import polars as pl

from ondol.common.instants import DAY_US
from ondol.simulation.noise import TAU, bump, drift

MONTHLY_TEMPERATURE = [-2.0, 0.7, 6.1, 12.6, 18.2, 22.7, 25.3, 26.1, 21.6, 15.0, 7.5, 0.2]
MONTHLY_HUMIDITY = [56.0, 55.0, 54.0, 54.0, 60.0, 65.0, 76.0, 73.0, 66.0, 61.0, 60.0, 57.0]
LATITUDE = math.radians(37.57)
_SOLAR_LAG_H = 0.53  # Korean clocks run on the meridian of 135 degrees east, Seoul lies at 127


def with_weather(frame: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Add `outdoor_temperature` (degC), `slow_temperature` (without the day's swing), `outdoor_humidity` (%), `irradiance`
    (W/m2), `cloud` (0..1). The frame has `local_us` and `hour`."""
    local = pl.col("local_us")
    frame = frame.with_columns(year_day=(local / DAY_US) % 365.2425)
    day = pl.col("year_day")
    monsoon = bump(day, 187, 16)
    sky = 0.5 * drift(seed, "sky", local, 130_000) + 0.25 * drift(seed, "cloud", local, 30_000)
    frame = frame.with_columns(cloud=(0.42 + sky + 0.32 * monsoon).clip(0, 1))
    winter = bump(day, 15, 40) + bump(day, 380, 40)
    swings = 3.2 * drift(seed, "front", local, 340_000) + 1.8 * drift(seed, "air mass", local, 150_000)
    cold_spell = 9 * winter * (drift(seed, "cold spell", local, 420_000) - 0.25).clip(0)
    heat_wave = 2.5 * bump(day, 220, 18) * drift(seed, "heat wave", local, 600_000)
    slow = _monthly(MONTHLY_TEMPERATURE) + swings * (0.55 + 0.45 * winter) - cold_spell + heat_wave
    frame = frame.with_columns(slow_temperature=slow)
    warmest_h = 15.0
    cycle = ((pl.col("hour") - warmest_h) * TAU / 24).cos() + 0.18 * ((pl.col("hour") - 13) * TAU / 12).cos()
    swing = 4.9 * (1 - 0.62 * pl.col("cloud")) * (1 - 0.25 * monsoon)
    temperature = pl.col("slow_temperature") + swing * cycle + 0.35 * drift(seed, "gust", local, 2_700)
    frame = frame.with_columns(outdoor_temperature=temperature)
    dryness = 3.2 * (pl.col("outdoor_temperature") - pl.col("slow_temperature"))
    humidity = (
        _monthly(MONTHLY_HUMIDITY) - dryness + 26 * (pl.col("cloud") - 0.42) + 5 * drift(seed, "vapour", local, 20_000)
    )
    return frame.with_columns(outdoor_humidity=humidity.clip(14, 100), irradiance=_irradiance())


def _monthly(normals: list[float]) -> pl.Expr:
    """Monthly means joined from mid-month to mid-month."""
    position = (pl.col("year_day") / 30.4369 + 11.5) % 12
    index = position.floor().cast(pl.Int64)
    table = pl.lit(pl.Series(normals))
    before, after = table.gather(index), table.gather((index + 1) % 12)
    return before + (after - before) * (position - index)


def _irradiance() -> pl.Expr:
    """Global irradiance from the height of the sun and the clouds."""
    declination = 0.4093 * ((pl.col("year_day") - 172) * TAU / 365.2425).cos()
    hour_angle = (pl.col("hour") - 12 - _SOLAR_LAG_H) * TAU / 24
    height = math.sin(LATITUDE) * declination.sin() + math.cos(LATITUDE) * declination.cos() * hour_angle.cos()
    clear = 990 * height.clip(0) ** 1.2
    return clear * (1 - 0.80 * pl.col("cloud") ** 2)
