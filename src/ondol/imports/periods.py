"""What span of time the amounts of a file cover: fixed steps, days or months of the calendar, or from a start to an end of their own."""

from dataclasses import dataclass

import polars as pl

from ondol.common.instants import DAY_S, DAY_US, SECOND_US


@dataclass(frozen=True, slots=True)
class Period:
    """The usual distance of two stamps: `seconds`, where regular (whole days count 24 h each), or `months`; 0 where it is neither.

    `is_last_day` when stamps are the last days of their months.
    """

    seconds: int = 0
    months: int = 0
    is_last_day: bool = False

    @property
    def is_known(self) -> bool:
        """Whether stamps have a usual distance."""
        return bool(self.seconds or self.months)

    @property
    def follows_calendar(self) -> bool:
        """Whether periods are days or months of the local calendar, and so of various length."""
        return bool(self.months) or (self.seconds > 0 and self.seconds % DAY_S == 0)

    def shifted(self, time_us: pl.Expr, timezone: str, times: int) -> pl.Expr:
        """Instants some periods later (or earlier), by the local calendar where the period follows it."""
        if not self.follows_calendar:
            return time_us + times * self.seconds * SECOND_US
        by = f"{times * self.months}mo" if self.months else f"{times * (self.seconds // DAY_S)}d"
        local = _local(time_us, timezone).dt.offset_by(by)
        return _utc(local, timezone)

    def month_of_last_day(self, time_us: pl.Expr, timezone: str) -> pl.Expr:
        """The beginning of the period of months that ends with each instant's day."""
        first = _local(time_us, timezone).dt.truncate("1mo").dt.offset_by(f"-{self.months - 1}mo")
        return _utc(first, timezone)


def usual_period(time_us: pl.Series, timezone: str) -> Period:
    """The period of one series' stamps."""
    times = time_us.drop_nulls().unique().sort()
    if len(times) < 2:
        return Period()
    local = times.to_frame("time_us").select(_local(pl.col("time_us"), timezone).alias("t"))["t"]
    at_midnight = (local.dt.time() == local.dt.time()[0]).all()
    if at_midnight and (months := _months(local)):
        return Period(months=months, is_last_day=_are_last_days(local) and local.dt.day().n_unique() > 1)
    step, count = _most_frequent(times.diff().drop_nulls())
    if at_midnight and step >= DAY_US - 3600 * SECOND_US:
        step, count = _most_frequent(local.cast(pl.Int64).diff().drop_nulls())
    is_regular = step % SECOND_US == 0 and 2 * count >= len(times) - 1
    return Period(seconds=step // SECOND_US if is_regular else 0)


def _months(local: pl.Series) -> int:
    """Months between most of the stamps, when all are one day of the month, or its last; else 0."""
    same_day = local.dt.day().n_unique() == 1
    if not same_day and not _are_last_days(local):
        return 0
    months = (local.dt.year().cast(pl.Int64) * 12 + local.dt.month().cast(pl.Int64)).diff().drop_nulls()
    step, count = _most_frequent(months)
    return step if 2 * count >= len(months) and step in (1, 2, 3, 4, 6, 12) else 0


def _are_last_days(local: pl.Series) -> bool:
    return bool((local.dt.month_end().dt.date() == local.dt.date()).all())


def _most_frequent(steps: pl.Series) -> tuple[int, int]:
    counts = (
        steps.filter(steps > 0).alias("step").value_counts(name="count").sort("count", "step", descending=[True, False])
    )
    return (0, 0) if counts.is_empty() else (int(counts.row(0)[0]), int(counts.row(0)[1]))


def _local(time_us: pl.Expr, timezone: str) -> pl.Expr:
    return time_us.cast(pl.Datetime("us", "UTC")).dt.convert_time_zone(timezone).dt.replace_time_zone(None)


def _utc(local: pl.Expr, timezone: str) -> pl.Expr:
    """First instants of local times; one that clocks jump over is the instant of the jump."""
    placed = local.dt.replace_time_zone(timezone, ambiguous="earliest", non_existent="null")
    before = (local - pl.duration(hours=1)).dt.replace_time_zone(timezone, ambiguous="latest", non_existent="null")
    return pl.coalesce(
        placed.dt.convert_time_zone("UTC").cast(pl.Int64),
        before.dt.convert_time_zone("UTC").cast(pl.Int64) + 3600 * SECOND_US,
    )
