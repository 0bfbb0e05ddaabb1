"""From wall-clock times to UTC intervals: midnights, summer time, spacing, interval-end stamps.

An axis is a frame with `row` (index of the file's data row), `key` (which series' clock), `wall_us`, `offset_s`, `is_24`.
"""

from dataclasses import dataclass

import polars as pl

from ondol.common.frames import largest, smallest
from ondol.common.instants import DAY_S, DAY_US, SECOND_US
from ondol.common.messages import said
from ondol.imports.model import Stamp
from ondol.imports.periods import Period, usual_period


@dataclass(frozen=True, slots=True)
class Timeline:
    """`frame` has `row`, `key`, `time_us` (starts of intervals), `end_us` (of a period of its own, else null), `reason` (why a stamp
    has no time); the usual period by key. `stamp` says which end of the interval the file's stamps mark."""

    frame: pl.DataFrame
    periods: dict[int, Period]
    stamp: Stamp
    notes: list[str]


AS_STARTS = said("Stamps were taken as the starts of the intervals (give --stamp end if they are their ends).")


def lay_out(axis: pl.DataFrame, timezone: str, stamp: Stamp | None, default: Period, home: str) -> Timeline:
    """Place every stamp in UTC and tell how the stamps are spaced and which end of the interval they mark.

    `default` is the period of a series that has too few stamps to tell, `home` the zone of the building.
    """
    axis = _oldest_first(axis)
    axis, midnights = _same_day_midnights(axis)
    frame = _to_utc(axis, timezone)
    periods = {key: period if period.is_known else default for key, period in _periods(frame, timezone).items()}
    notes: list[str] = []
    if midnights:
        notes.append(
            said(
                "%(midnights)s midnights are written as 00:00 of the day that ends there and were read as 24:00.",
                midnights=midnights,
            )
        )
    if stamp is None:
        stamp = _stamp(axis, frame, periods, midnights, home)
        if stamp == "end":
            notes.append(said("Stamps were taken as the ends of the intervals (give --stamp start if they are not)."))
        elif any(0 < period.seconds < DAY_S for period in periods.values()):
            notes.append(AS_STARTS)
    if stamp == "end":
        frame = _ends_placed(axis, frame, periods, timezone)
    return Timeline(frame, periods, stamp, notes)


def _ends_placed(axis: pl.DataFrame, frame: pl.DataFrame, periods: dict[int, Period], timezone: str) -> pl.DataFrame:
    """The better of two ways to read ends when clocks change: as the clock shows them then, or one step after what it showed
    at the interval's start (`03:00` for the hour before a jump from 02:00 to 03:00 that begins at 02:00 is not shown: `02:00` is meant).
    """
    period = next(iter(periods.values()), Period())
    if not period.seconds or period.follows_calendar or axis["offset_s"].is_not_null().any():
        return frame
    step_us = period.seconds * SECOND_US
    shifted = _to_utc(axis.with_columns(pl.col("wall_us") - step_us), timezone)
    by_start = shifted.with_columns(pl.col("time_us") + step_us)
    return by_start if _faults(by_start) < _faults(frame) else frame


def _faults(frame: pl.DataFrame) -> int:
    """Stamps that found no instant, or the same one as another of their series."""
    placed = frame.drop_nulls("time_us")
    return frame.height - placed.select("key", "time_us").n_unique()


def _oldest_first(axis: pl.DataFrame) -> pl.DataFrame:
    """The axis in the direction of time, as files are written newest first too."""
    steps = axis["wall_us"].drop_nulls().diff()
    return axis.reverse() if (steps < 0).sum() > (steps > 0).sum() else axis


def _same_day_midnights(axis: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """Move midnights that stand after the last stamp of their own day to the day's end, when nearly all do so."""
    wall = pl.col("wall_us")
    before = wall.shift(1).over("key")
    is_midnight = (wall % DAY_US == 0) & ~pl.col("is_24")
    same_day = (wall // DAY_US == before // DAY_US) & (before > wall)
    step = wall + DAY_US - before
    usual = axis.select((wall - before).filter(wall > before).mode().min()).item()
    if not isinstance(usual, int) or usual >= DAY_US:
        return axis, 0
    marked = axis.with_columns(late=(is_midnight & same_day & (step == usual)).fill_null(False))
    late = int(marked["late"].sum())
    midnights = int(axis.select((is_midnight & before.is_not_null()).sum()).item())
    if late == 0 or late < 0.9 * midnights:
        return axis, 0
    moved = marked.with_columns(wall + pl.col("late").cast(pl.Int64) * DAY_US).drop("late")
    return moved, late


def _to_utc(axis: pl.DataFrame, timezone: str) -> pl.DataFrame:
    """`time_us` in UTC; a repeated hour is taken in file order, a skipped one has a reason."""
    local = pl.col("wall_us").cast(pl.Datetime("us"))
    placed = local.dt.replace_time_zone(timezone, ambiguous="null", non_existent="null")
    utc = placed.dt.convert_time_zone("UTC").cast(pl.Int64)
    offset = pl.col("offset_s").cast(pl.Int64) * SECOND_US
    time_us = pl.when(pl.col("offset_s").is_not_null()).then(pl.col("wall_us") - offset).otherwise(utc)
    axis = axis.with_columns(time_us=time_us, reason=pl.lit(None, pl.String))
    odd = pl.col("time_us").is_null() & pl.col("wall_us").is_not_null()
    if not axis.select(odd.any()).item():
        return axis.select("row", "key", "time_us", "reason")
    skipped = pl.lit(
        said("there is no such local time in %(timezone)s: clocks jump over it (summer time)", timezone=timezone)
    )
    folded = _folds(axis.filter(odd), timezone)
    axis = axis.join(folded, on="row", how="left", maintain_order="left")
    time_us = pl.coalesce("time_us", "fold_us")
    return axis.with_columns(reason=pl.when(odd & pl.col("fold_us").is_null()).then(skipped)).select(
        "row", "key", time_us.alias("time_us"), "reason"
    )


def _folds(axis: pl.DataFrame, timezone: str) -> pl.DataFrame:
    """`fold_us` of stamps in a repeated hour: the first pass until the clock goes back in file order, then the second."""
    night = pl.col("wall_us") // DAY_US
    highest = pl.col("wall_us").cum_max().shift(1).over("key", night)
    second = (pl.col("wall_us") <= highest).fill_null(False).cum_max().over("key", night)
    local = pl.col("wall_us").cast(pl.Datetime("us"))
    fold = pl.when(second).then(pl.lit("latest")).otherwise(pl.lit("earliest"))
    placed = local.dt.replace_time_zone(timezone, ambiguous=fold, non_existent="null")
    return axis.select("row", fold_us=placed.dt.convert_time_zone("UTC").cast(pl.Int64))


def _periods(frame: pl.DataFrame, timezone: str) -> dict[int, Period]:
    """The usual period of each key's stamps."""
    times = frame.select("key", "time_us")
    if times["key"].n_unique() > 1:
        parts = times.partition_by("key", as_dict=True).items()
        return {key: usual_period(part["time_us"], timezone) for (key,), part in parts}
    return {0: usual_period(times["time_us"], timezone)}


def _stamp(axis: pl.DataFrame, frame: pl.DataFrame, periods: dict[int, Period], midnights: int, timezone: str) -> Stamp:
    """`end` when 24:00 is written, or when the file runs from one step after midnight up to midnight, as written or local."""
    if midnights or axis["is_24"].any():
        return "end"
    step_us = next(iter(periods.values()), Period()).seconds * SECOND_US
    if not 0 < step_us < DAY_US:
        return "start"
    utc = pl.col("time_us").cast(pl.Datetime("us", "UTC"))
    local = utc.dt.convert_time_zone(timezone).dt.replace_time_zone(None).cast(pl.Int64)
    for wall in (axis["wall_us"].drop_nulls(), frame.select(local).to_series().drop_nulls()):
        if not wall.is_empty() and smallest(wall) % DAY_US == step_us and largest(wall) % DAY_US == 0:
            return "end"
    return "start"
