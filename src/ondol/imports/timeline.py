"""From wall-clock times to UTC intervals: midnights, summer time, spacing, interval-end stamps.

An axis is a frame with `row` (index of the file's data row), `key` (which series' clock), `wall_us`, `offset_s`, `is_24`.
"""

from dataclasses import dataclass

import polars as pl

from ondol.common.frames import largest, smallest
from ondol.common.instants import DAY_S, DAY_US, SECOND_US
from ondol.imports.model import Stamp


@dataclass(frozen=True, slots=True)
class Timeline:
    """`frame` has `row`, `key`, `time_us` (as stamped), `reason` (why a stamp has no time); spacing by key, 0 where irregular."""

    frame: pl.DataFrame
    spacing_s: dict[int, int]
    stamp: Stamp
    notes: list[str]


def lay_out(axis: pl.DataFrame, timezone: str, stamp: Stamp | None) -> Timeline:
    """Place every stamp in UTC and tell how the stamps are spaced and which end of the interval they mark."""
    axis = _oldest_first(axis)
    axis, midnights = _same_day_midnights(axis)
    frame = _to_utc(axis, timezone)
    spacing = _spacing(frame)
    notes: list[str] = []
    if midnights:
        notes.append(f"{midnights} midnights are written as 00:00 of the day that ends there and were read as 24:00.")
    if stamp is None:
        stamp = _stamp(axis, spacing, midnights)
        if stamp == "end":
            notes.append("Stamps were taken as the ends of the intervals (give --stamp start if they are not).")
    return Timeline(frame, spacing, stamp, notes)


def interval_starts(time_us: pl.Expr, interval_s: int, timezone: str) -> pl.Expr:
    """What turns interval-end stamps into starts; whole days follow the local calendar."""
    if interval_s % DAY_S:
        return time_us - interval_s * SECOND_US
    local = time_us.cast(pl.Datetime("us", "UTC")).dt.convert_time_zone(timezone)
    return local.dt.offset_by(f"-{interval_s // DAY_S}d").dt.convert_time_zone("UTC").cast(pl.Int64)


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
    skipped = pl.lit(f"there is no such local time in {timezone}: clocks jump over it (summer time)")
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


def _spacing(frame: pl.DataFrame) -> dict[int, int]:
    """Seconds between most neighbouring stamps of each key; 0 where there is no such regularity."""
    times = frame.select("key", "time_us")
    if times["key"].n_unique() > 1:
        return {key: _usual_step(part["time_us"]) for (key,), part in times.partition_by("key", as_dict=True).items()}
    return {0: _usual_step(times["time_us"])}


def _usual_step(time_us: pl.Series) -> int:
    steps = time_us.drop_nulls().sort().diff().drop_nulls()
    counts = steps.filter(steps > 0).value_counts(name="count").sort("count", steps.name, descending=[True, False])
    if counts.is_empty():
        return 0
    step, count = counts.row(0)
    is_regular = step % SECOND_US == 0 and 2 * count >= counts.select(pl.col("count").sum()).item()
    return int(step // SECOND_US) if is_regular else 0


def _stamp(axis: pl.DataFrame, spacing: dict[int, int], midnights: int) -> Stamp:
    """`end` when 24:00 is written, or when the file runs from one step after midnight up to midnight."""
    if midnights or axis["is_24"].any():
        return "end"
    wall = axis["wall_us"].drop_nulls()
    step_us = next(iter(spacing.values()), 0) * SECOND_US
    if wall.is_empty() or not 0 < step_us < DAY_US:
        return "start"
    first, last = smallest(wall), largest(wall)
    return "end" if first % DAY_US == step_us and last % DAY_US == 0 else "start"
