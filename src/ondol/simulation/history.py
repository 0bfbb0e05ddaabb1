"""The office's readings over any stretch of time, as columns. The same seed gives the same building, asked in any pieces."""

from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from functools import lru_cache

import polars as pl

from ondol.common.errors import InvalidInput, NotFound
from ondol.common.instants import HOUR_S, QUARTER_S, QUARTER_US, epoch_us, from_epoch_us
from ondol.simulation.conditions import SEOUL_US, conditions, expressions
from ondol.simulation.loads import LOSSES, gas_m3_h, water_m3_h
from ondol.simulation.office import GAS, MAIN, REGISTER, ROOMS, WATER, describe_office, room_key, submeters
from ondol.simulation.rooms import with_rooms

DIGITS = {"kW": 2, "kWh": 1, "m3": 2, "degC": 1, "%": 1, "W/m2": 0, "ppm": 0, "lx": 0, "people": 0}
"""Decimals that a meter of the unit shows."""

COUNTERS = {REGISTER: 1_284_300.0, GAS: 48_210.0, WATER: 21_960.0}
"""What the counters showed at the start of 2025."""
_COUNTED_FROM = 2025
_ROOM_KEYS = {room_key(room) for room in ROOMS}
_TICKS = 10_000  # of a counter in one kWh or m3
_SEOUL = timezone(timedelta(hours=9))


def history(
    seed: int, start: datetime, end: datetime, points: Sequence[str] | None = None, step_s: int = QUARTER_S
) -> pl.DataFrame:
    """Readings of `start <= time < end` every `step_s` seconds: `point_key`, `time_us` (UTC), `value`.

    Powers and states are means over the step that begins at the time; counters stand as at the time. Times are
    whole multiples of the step. Raises NotFound for an unknown point, InvalidInput where quarter hours are not whole steps.
    """
    keys = [point.key for point in describe_office().points]
    if unknown := sorted(set(points or ()) - set(keys)):
        raise NotFound(f"The synthetic office has no point {unknown[0]!r}.")
    if step_s <= 0 or QUARTER_S % step_s:
        raise InvalidInput(f"A step of {step_s} s does not divide the quarter hour; give 900, 300 or 60.")
    wanted = keys if points is None else [key for key in keys if key in set(points)]
    values = wide(seed, start, end, wanted, step_s)
    return values.unpivot(index="time_us", variable_name="point_key", value_name="value").select(
        pl.col("point_key").cast(pl.Enum(keys)), "time_us", "value"
    )


def wide(seed: int, start: datetime, end: datetime, keys: Sequence[str], step_s: int) -> pl.DataFrame:
    """`time_us` and one column of rounded values a point."""
    frame = conditions(seed, start, end, step_s)
    if frame.is_empty():
        return pl.DataFrame(schema={"time_us": pl.Int64, **dict.fromkeys(keys, pl.Float64)})
    metered = any(key in (MAIN, REGISTER) for key in keys)
    needed = set(keys) | (set(submeters()) if metered else set())
    if any(key.rpartition(".")[0] in _ROOM_KEYS for key in needed):
        frame = with_rooms(frame, seed)
    values = frame.select("time_us", *_rounded({key: load for key, load in expressions(seed).items() if key in needed}))
    if metered:
        values = values.with_columns(main_kw().alias(MAIN))
    counters = [key for key in COUNTERS if key in keys]
    if counters and step_s != QUARTER_S:
        values = values.join(_between_quarters(seed, values["time_us"], counters), on="time_us", maintain_order="left")
        counters = []
    for key in counters:
        ticks = _ticks(key, values if key == REGISTER else frame, seed)
        stand = _ticks_before(seed, key, int(values["time_us"][0])) + ticks.cum_sum() - ticks
        values = values.with_columns(_stand(stand, key))
    return values.select("time_us", *keys)


def main_kw() -> pl.Expr:
    """The main meter: all sub-meters and the losses before them."""
    return ((1 + LOSSES) * pl.sum_horizontal(submeters())).round(DIGITS["kW"])


def _rounded(expressions: dict[str, pl.Expr]) -> list[pl.Expr]:
    return [value.round(DIGITS[_unit(key)]).alias(key) for key, value in expressions.items()]


def _between_quarters(seed: int, time_us: pl.Series, keys: list[str]) -> pl.DataFrame:
    """Stands of counters at times within quarter hours, on the line between those at their ends."""
    first, last = (
        int(time_us[0]) // QUARTER_US * QUARTER_US,
        int(time_us[-1]) // QUARTER_US * QUARTER_US + 2 * QUARTER_US,
    )
    stands = wide(seed, from_epoch_us(first), from_epoch_us(last), keys, QUARTER_S)
    steps = stands.select(pl.col("time_us").alias("slot"), *(pl.col(key).alias(f"{key}@") for key in keys))
    after = stands.select(
        (pl.col("time_us") - QUARTER_US).alias("slot"), *(pl.col(key).alias(f"{key}+") for key in keys)
    )
    frame = pl.DataFrame({"time_us": time_us}).with_columns(slot=pl.col("time_us") // QUARTER_US * QUARTER_US)
    frame = frame.join(steps, on="slot", maintain_order="left").join(after, on="slot", maintain_order="left")
    share = (pl.col("time_us") - pl.col("slot")) / QUARTER_US
    between = (
        (pl.col(f"{key}@") + share * (pl.col(f"{key}+") - pl.col(f"{key}@"))).round(DIGITS[_unit(key)]).alias(key)
        for key in keys
    )
    return frame.select("time_us", *between)


def _ticks(key: str, frame: pl.DataFrame, seed: int) -> pl.Series:
    """What a counter counts in each quarter hour, as whole ticks: they add up to the same in any order."""
    flow = {REGISTER: pl.col(MAIN), GAS: gas_m3_h(seed), WATER: water_m3_h(seed)}[key]
    return frame.select((flow * (QUARTER_S / HOUR_S * _TICKS)).round().cast(pl.Int64)).to_series()


def _stand(ticks: pl.Series, key: str) -> pl.Series:
    return (COUNTERS[key] + ticks / _TICKS).round(DIGITS[_unit(key)]).alias(key)


def _ticks_before(seed: int, key: str, time_us: int) -> int:
    """Ticks between the beginning of 2025 and the start of a quarter hour; negative before it."""
    local = from_epoch_us(time_us).astimezone(_SEOUL)
    years = range(_COUNTED_FROM, local.year) if local.year >= _COUNTED_FROM else range(local.year, _COUNTED_FROM)
    whole = sum(sum(_months(seed, key, year)) for year in years)
    stand = whole if local.year >= _COUNTED_FROM else -whole
    stand += sum(_months(seed, key, local.year)[: local.month - 1])
    month = datetime(local.year, local.month, 1, tzinfo=_SEOUL)
    return stand + (_counted(seed, key, month, time_us) if time_us > epoch_us(month) else 0)


@lru_cache(maxsize=64)
def _months(seed: int, key: str, year: int) -> list[int]:
    """Ticks of the months of a local year."""
    start = datetime(year, 1, 1, tzinfo=_SEOUL)
    frame, ticks = _quarters(seed, key, start, epoch_us(datetime(year + 1, 1, 1, tzinfo=_SEOUL)))
    months = frame.select(pl.from_epoch(pl.col("time_us") + SEOUL_US, "us").dt.month().alias("month")).with_columns(
        ticks
    )
    return months.group_by("month").agg(pl.col("ticks").sum()).sort("month")["ticks"].to_list()


@lru_cache(maxsize=64)
def _counted(seed: int, key: str, start: datetime, end_us: int) -> int:
    """Ticks between two times less than a month apart."""
    return int(_quarters(seed, key, start, end_us)[1].sum())


def _quarters(seed: int, key: str, start: datetime, end_us: int) -> tuple[pl.DataFrame, pl.Series]:
    """`time_us` of quarter hours and the `ticks` of each."""
    end = from_epoch_us(end_us)
    frame = wide(seed, start, end, [MAIN], QUARTER_S) if key == REGISTER else conditions(seed, start, end, QUARTER_S)
    return frame.select("time_us"), _ticks(key, frame, seed).alias("ticks")


@lru_cache(maxsize=256)
def _unit(key: str) -> str:
    return next(point.unit for point in describe_office().points if point.key == key)
