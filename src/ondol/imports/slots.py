"""Intervals of a day that are numbered: hours 1 to 24, half hours 1 to 48, quarters 1 to 96, and what they are when clocks change.

Two ways exist. By the clock: number 4 is 03:00 to 04:00 on every day, so that the number of the hour that spring skips is left out
(or empty) and the hour that autumn repeats has one number. By count: numbers run on without a gap, to 23 or to 25. The file shows which.
"""

import polars as pl

from ondol.common.frames import with_schema
from ondol.common.instants import DAY_S, DAY_US, SECOND_US
from ondol.common.messages import said
from ondol.imports.header_words import folded
from ondol.imports.numbers import is_missing
from ondol.imports.table import Slots, Table
from ondol.imports.timestamps import TIMES

_COUNTS = {23: 24, 24: 24, 25: 24, 46: 48, 48: 48, 50: 48, 92: 96, 96: 96, 100: 96}
_HOURS = {
    "hour",
    "hours",
    "hr",
    "hrs",
    "h",
    "he",
    "hour ending",
    "hora",
    "heure",
    "stunde",
    "uur",
    "ora",
    "시",
    "시간",
    "時",
    "時間",
    "hour number",
    "hour of day",
}
_PERIODS = {
    "period",
    "settlement period",
    "settlementperiod",
    "sp",
    "hh",
    "half hour",
    "interval",
    "interval number",
    "periodo",
    "période",
    "slot",
    "구간",
    "qh",
    "quarter",
}


def find_slots(table: Table, time: str) -> Slots | None:
    """The column that numbers the intervals of a day beside a date, or None: called so, or counting through every day."""
    dates = table.cells[time]
    dates = dates.str.replace(r"[T ]0?0:00(:00(\.0+)?)?$", "")
    if _share(dates, r"\d:\d\d") > 0.5 or dates.n_unique() == len(dates):
        return None
    for name in table.cells.columns:
        word = folded(name).strip()
        texts = table.cells[name]
        held = texts.filter(~is_missing(texts)).str.replace(r"\.0+$", "")
        numbers = held.filter(held.str.contains(r"^\d{1,3}$")).cast(pl.Int64)
        if name == time or len(numbers) < max(_NEARLY_ALL * len(held), 1):
            continue
        most, least = numbers.max(), numbers.min()
        if not isinstance(most, int) or not isinstance(least, int):
            continue
        first = 0 if least == 0 else 1
        is_called = word in _HOURS or word in _PERIODS
        a_day = _COUNTS.get(most - first + 1) or (24 if word in _HOURS and most <= 24 else 0)
        if a_day and not (word in _HOURS and a_day != 24) and (is_called or _counts_each_day(dates, texts, a_day)):
            return Slots(name, first, a_day)
    return None


_NEARLY_ALL = 0.95


def _share(texts: pl.Series, pattern: str) -> float:
    held = texts.filter(texts != "").head(200)
    return len(held.filter(held.str.contains(pattern))) / max(len(held), 1)


def _counts_each_day(dates: pl.Series, numbers: pl.Series, a_day: int) -> bool:
    """Whether most dates have every number of a day, each once."""
    rows = pl.DataFrame({"date": dates, "number": numbers})
    days = rows.group_by("date").agg(pl.len(), pl.col("number").n_unique().alias("distinct")).filter(pl.col("len") > 1)
    whole = days.filter((pl.col("len") == a_day) & (pl.col("distinct") == a_day)).height
    return days.height > 0 and whole >= 0.5 * days.height


def place_slots(days: pl.DataFrame, numbers: pl.Series, slots: Slots, timezone: str) -> tuple[pl.DataFrame, list[str]]:
    """The starts of numbered intervals as TIMES. `days` are the dates as TIMES; also notes on days when clocks change."""
    step_us = DAY_S // slots.a_day * SECOND_US
    frame = days.select("wall_us", "reason").with_columns(
        numbers.str.replace(r"\.0+$", "").cast(pl.Int64, strict=False).alias("number") - slots.first
    )
    frame = frame.with_columns(pl.col("wall_us") // DAY_US * DAY_US)
    midnight = _midnight(pl.col("wall_us"), timezone)
    length = _midnight(pl.col("wall_us") + DAY_US, timezone) - midnight
    frame = frame.with_columns(midnight.alias("midnight_us"), (length // step_us).alias("in_day"))
    by_count, notes = _runs_on(frame, slots.a_day)
    exact = pl.col("in_day") != slots.a_day if by_count else pl.lit(False)
    counted = pl.col("midnight_us") + pl.col("number") * step_us
    by_clock = pl.col("wall_us") + pl.col("number") * step_us
    last = pl.when(exact).then(pl.col("in_day")).otherwise(slots.a_day)
    reason = (
        pl.when(pl.col("reason").is_not_null()).then(pl.col("reason"))
        .when(pl.col("number").is_null() | (pl.col("number") < 0)).then(pl.lit(said("%(column)s is no number of an interval",
            column=slots.column)))
        .when(pl.col("number") >= last).then(pl.lit(said("the day has no %(column)s of this number",
            column=slots.column)))
    )  # fmt: skip
    placed = frame.select(
        pl.when(reason.is_null()).then(pl.when(exact).then(counted).otherwise(by_clock)).alias("wall_us"),
        pl.when(exact).then(0).cast(pl.Int32).alias("offset_s"),
        pl.lit(False).alias("is_24"),
        reason.alias("reason"),
    )
    return with_schema(placed, TIMES), notes


def _runs_on(frame: pl.DataFrame, a_day: int) -> tuple[bool, list[str]]:
    """Whether numbers run on over a change of clocks, and a note when there is one."""
    frame = frame.filter(pl.col("reason").is_null() & pl.col("number").is_between(0, 2 * a_day))
    changed = frame.filter(pl.col("in_day") != a_day)
    beyond = (frame["number"] >= a_day).any()
    if changed.is_empty():
        return bool(beyond), []
    most = changed.group_by("wall_us").agg(
        pl.col("number").max() + 1,
        pl.col("in_day").first(),
        pl.col("number").n_unique().alias("held"),
        pl.len().alias("rows"),
    )
    short = most.filter(pl.col("in_day") < a_day)
    # On a short day numbers that end with the day's own count have run on; those that reach the last number have left some out.
    ended = short.filter((pl.col("number") == pl.col("in_day")) & (pl.col("held") == pl.col("in_day"))).height
    by_count = bool(beyond) or ended > 0
    long_days = most.filter((pl.col("in_day") > a_day) & (pl.col("rows") <= a_day)).height
    notes = [
        said("Intervals are numbered on through the days when clocks change.")
        if by_count
        else said("Intervals are numbered by the clock, on days when clocks change too.")
    ]
    if long_days:
        notes.append(said("A day when clocks are set back has no number for its repeated hour: that hour is missing."))
    return by_count, notes


def _utc(wall: pl.Expr, timezone: str) -> pl.Expr:
    local = wall.cast(pl.Datetime("us")).dt.replace_time_zone(timezone, ambiguous="earliest", non_existent="null")
    return local.dt.convert_time_zone("UTC").cast(pl.Int64)


def _midnight(wall: pl.Expr, timezone: str) -> pl.Expr:
    """The first instant of a day; where clocks jump over midnight, the instant of the jump."""
    return pl.coalesce(_utc(wall, timezone), _utc(wall - SECOND_US, timezone) + SECOND_US)
