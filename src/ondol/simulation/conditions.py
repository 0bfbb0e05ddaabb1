"""The frame on which every load and sensor is an expression: weather, calendar, people and plant at each step."""

from datetime import datetime
from functools import lru_cache

import polars as pl

from ondol.common.instants import DAY_US, HOUR_US, QUARTER_US, SECOND_US, epoch_us
from ondol.simulation.loads import central_loads, floor_loads, with_plant
from ondol.simulation.occupancy import HABITS, presence, with_calendar
from ondol.simulation.office import FLOORS, KEY, ROOMS
from ondol.simulation.rooms import sensors
from ondol.simulation.weather import with_weather

SEOUL_US = 9 * HOUR_US
"""Korean clocks are nine hours ahead all year."""


def conditions(seed: int, start: datetime, end: datetime, step_s: int) -> pl.DataFrame:
    """Weather, calendar and people at the middle of every step."""
    step_us = step_s * SECOND_US
    first = -(-epoch_us(start) // step_us) * step_us
    times = pl.int_range(first, epoch_us(end), step_us, dtype=pl.Int64, eager=True).alias("time_us")
    local = pl.col("time_us") + SEOUL_US + step_us // 2
    frame = pl.DataFrame({"time_us": times}).with_columns(
        local_us=local,
        day=local // DAY_US,
        hour=local % DAY_US / HOUR_US,
        slot=pl.col("time_us") // QUARTER_US,
    )
    if frame.is_empty():
        return frame
    frame = with_calendar(with_weather(frame, seed), seed)
    frame = frame.with_columns(presence(tenant).alias(f"in_{tenant}") for tenant in HABITS)
    return with_plant(frame, seed)


@lru_cache(maxsize=4)
def expressions(seed: int) -> dict[str, pl.Expr]:
    """Every point but the main meter and the counters, by key."""
    outdoor = {f"{KEY}.outdoor.{name}": pl.col(column) for name, column in
               (("temperature", "outdoor_temperature"), ("humidity", "outdoor_humidity"), ("irradiance", "irradiance"))}  # fmt: skip
    floors = [floor_loads(floor, seed) for floor in FLOORS]
    rooms = [sensors(room, seed) for room in ROOMS]
    return {key: value for group in (outdoor, central_loads(seed), *floors, *rooms) for key, value in group.items()}
