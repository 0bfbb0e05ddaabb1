"""Intervals of history as columns, what is known of registers, and repairs."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypedDict, Unpack

import polars as pl

from ondol.common.instants import DAY_S, HOUR_S

LONGEST_INTERVAL_S = DAY_S + 2 * HOUR_S
"""History holds intervals of at most a day, which has 25 hours when clocks are set back."""

INTERVALS = pl.Schema(
    {
        "point_id": pl.Int32,
        "start": pl.Int64,
        "duration_s": pl.Int32,
        "value": pl.Float64,
        "quality": pl.UInt16,
        "measured_share": pl.Float64,
        "value_min": pl.Float64,
        "value_max": pl.Float64,
        "value_last": pl.Float64,
    }
)
"""Columns of history. `start` in epoch seconds UTC. `value` is the mean of a measurement or the amount of a total or register;
`measured_share` (0..1) is how much of the interval was measured."""


@dataclass(frozen=True, slots=True)
class RegisterMemory:
    """What is kept of a register for good: the fastest pace that it kept up, and its newest true reading.

    The reading outlives the retention: a register that is read each quarter of a year goes on from it.
    """

    fastest_per_hour: float | None
    last_us: int
    last_value: float


class RepairAction(StrEnum):
    """What a repair does to the intervals of its stretch. Amounts are those of totals and registers.

    A measurement takes `value` at every instant; for amounts it is that of the whole stretch, shared out by time.
    """

    SET = "set"  # `value` in place of what was computed
    SCALE = "scale"  # times `value`
    SHIFT = "shift"  # plus `value`
    INTERPOLATE = "interpolate"  # the line between the neighbours of the stretch
    SIMILAR_DAYS = "similar_days"  # the mean of the nearest days of the same kind
    DELETE = "delete"  # nothing is known
    RESTORE = "restore"  # as computed, whatever earlier repairs say
    SWAP = "swap"  # at `start` another register begins at the stand `value`; the old one ended at `last_value`
    FIRST_VALUE = "first_value"  # at `start`, before its history, the register stood at `value`


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """A decision of a person about a stretch of a point's history, kept for good. Instants are epoch seconds.

    `covers_*` is the stretch in whole intervals, as it was last applied. One that is undone is in force no more.
    """

    key: str
    point_id: int
    action: RepairAction
    start_s: int
    end_s: int
    value: float | None
    last_value: float | None
    reason: str
    made_by: str
    made_at_s: int
    covers_start_s: int
    covers_end_s: int
    undone_by: str | None = None
    undone_at_s: int | None = None


class IntervalColumns(TypedDict, total=False):
    """Columns of INTERVALS by name, each an expression over the rows or one value for all."""

    point_id: pl.Expr | int
    start: pl.Expr | int
    duration_s: pl.Expr | int
    value: pl.Expr | float
    quality: pl.Expr | int
    measured_share: pl.Expr | float
    value_min: pl.Expr | float | None
    value_max: pl.Expr | float | None
    value_last: pl.Expr | float | None


_UNLESS_KNOWN: IntervalColumns = {
    "quality": 0, "measured_share": 1.0, "value_min": None, "value_max": None, "value_last": None,
}  # fmt: skip


def intervals_frame(rows: pl.DataFrame, **columns: Unpack[IntervalColumns]) -> pl.DataFrame:
    """INTERVALS of the rows. A column that is not given is the one of that name in `rows`; where that lacks it, too, the
    interval is taken as wholly measured, without flags, and its spread as unknown. Raises polars' ColumnNotFoundError without
    a point, start, duration or value.
    """
    known = {**_UNLESS_KNOWN, **{name: pl.col(name) for name in rows.columns}, **columns}
    return rows.select(
        _expression(known.get(name, pl.col(name)), dtype).alias(name) for name, dtype in INTERVALS.items()
    )


def _expression(column: object, dtype: pl.DataType) -> pl.Expr:
    return column.cast(dtype) if isinstance(column, pl.Expr) else pl.lit(column, dtype)
