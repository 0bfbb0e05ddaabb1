"""Who is in the building: working days, Korean holidays, lunch, late work; each tenant in its own way."""

from dataclasses import dataclass
from datetime import date, timedelta

import holidays
import polars as pl

from ondol.simulation.noise import jitter, rise, uniform

_EPOCH = date(1970, 1, 1)
_FEASTS = ("Korean New Year", "Chuseok")


@dataclass(frozen=True, slots=True)
class Habits:
    """A tenant's day in hours of the clock; shares are of those who come on an ordinary working day."""

    arrive_h: float
    leave_h: float
    spread_h: float
    late_share: float
    late_until_h: float
    lunch_dip: float
    saturday: float
    sunday: float
    holiday: float
    feast: float


HABITS = {
    "cafe": Habits(7.6, 20.7, 0.35, 0.10, 21.5, -0.55, 0.65, 0.50, 0.40, 0.0),
    "clinic": Habits(8.7, 18.4, 0.25, 0.05, 19.5, 0.70, 0.55, 0.0, 0.0, 0.0),
    "insurance": Habits(8.5, 18.1, 0.22, 0.14, 20.5, 0.62, 0.03, 0.01, 0.01, 0.0),
    "software": Habits(9.6, 18.9, 0.45, 0.30, 22.6, 0.50, 0.07, 0.05, 0.04, 0.01),
    "accounting": Habits(8.8, 18.4, 0.25, 0.30, 21.8, 0.60, 0.12, 0.04, 0.03, 0.0),
    "studio": Habits(9.9, 19.2, 0.40, 0.24, 22.0, 0.52, 0.06, 0.03, 0.02, 0.0),
}


def with_calendar(frame: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Add what kind of day each row falls on: shares `workday`, `saturday`, `sunday`, `holiday`, `feast` (one of them is not 0),
    `was_workday` of the day before, `monday` after days off, and each tenant's mood of the day. The frame has `day` (local days
    since 1970)."""
    first, last = frame.select(pl.col("day").min()).item(), frame.select(pl.col("day").max()).item()
    days = _days(int(first), int(last))
    days = days.with_columns(
        (pl.col("workday") * (0.93 + 0.04 * jitter(seed, "attendance", pl.col("day")))).alias("workday"),
        *(jitter(seed, f"{tenant} clock", pl.col("day")).alias(f"{tenant}_clock") for tenant in HABITS),
        *(uniform(seed, f"{tenant} late", pl.col("day")).alias(f"{tenant}_late") for tenant in HABITS),
    )
    return frame.join(days, on="day", how="left", maintain_order="left")


def _days(first: int, last: int) -> pl.DataFrame:
    dates = [_EPOCH + timedelta(days=day) for day in range(first - 4, last + 5)]
    named = holidays.country_holidays("KR", years=range(dates[0].year, dates[-1].year + 1), language="en_US")
    off = {day for day in dates if day.weekday() >= 5 or day in named}
    feasts = {
        day
        for day in dates
        if any(feast in named.get(day, "") for feast in _FEASTS) and "Alternative" not in named.get(day, "")
    }
    rows = [_day(day, day in named, feasts, off) for day in dates[3:-4]]
    table = pl.DataFrame(
        rows, schema=["day", "workday", "saturday", "sunday", "holiday", "feast", "monday"], orient="row"
    )
    return table.with_columns(was_workday=pl.col("workday").shift(1)).slice(1).cast({"day": pl.Int64})


def _day(day: date, is_holiday: bool, feasts: set[date], off: set[date]) -> tuple[float, ...]:
    """Day number, then the shares of the kinds of day, then whether a weekend lies before it."""
    number = float((day - _EPOCH).days)
    one = timedelta(days=1)
    if day in feasts:
        return (number, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0)
    if is_holiday:
        return (number, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    if day.weekday() >= 5:
        return (number, 0.0, float(day.weekday() == 5), float(day.weekday() == 6), 0.0, 0.0, 0.0)
    share = {0: 0.98, 4: 0.94}.get(day.weekday(), 1.0)
    if day - one in off and day + one in off:
        share *= 0.72  # a single working day between days off
    if {day - one, day - 2 * one, day + one, day + 2 * one} & feasts:
        share *= 0.85
    if (7, 27) <= (day.month, day.day) <= (8, 8):
        share *= 0.82  # the summer holidays
    return (number, share, 0.0, 0.0, 0.0, 0.0, float(day - one in off))


def presence(tenant: str, lag_h: float = 0.0) -> pl.Expr:
    """Share of the tenant's people (or guests) who are in, 0..1, as it was `lag_h` hours ago."""
    habits = HABITS[tenant]
    hour = pl.col("hour") - lag_h - 0.22 * pl.col(f"{tenant}_clock")
    come = rise(hour, habits.arrive_h, habits.spread_h)
    late = habits.late_share * (0.6 + 0.8 * pl.col(f"{tenant}_late"))
    stay = (1 - late) * (1 - rise(hour, habits.leave_h, habits.spread_h * 1.3)) + late * (
        1 - rise(hour, habits.late_until_h, 0.7)
    )
    lunch = 1 - habits.lunch_dip * (-(((hour - 12.5) / 0.47) ** 4)).exp()
    ordinary = come * stay * lunch
    visitors = rise(hour, 10.0, 0.5) * (1 - rise(hour, 16.5 if tenant != "cafe" else 20.0, 0.6))
    morning = rise(hour, 8.8, 0.25) * (1 - rise(hour, 13.2, 0.25)) if tenant == "clinic" else visitors
    free = pl.col("saturday") * habits.saturday * morning
    free += (
        pl.col("sunday") * habits.sunday + pl.col("holiday") * habits.holiday + pl.col("feast") * habits.feast
    ) * visitors
    top = 1.55 if habits.lunch_dip < 0 else 1.0
    return ((pl.col("workday") * ordinary + free) / top).clip(0, 1)


def operation() -> pl.Expr:
    """How far the central air conditioning runs, 0..1: working days from half past seven, a little on Saturdays."""
    hour = pl.col("hour")
    weekdays = pl.col("workday").sign() * rise(hour, 7.4, 0.12) * (1 - rise(hour, 18.8, 0.25))
    evening = 0.10 * pl.col("workday").sign() * rise(hour, 18.8, 0.25) * (1 - rise(hour, 21.2, 0.3))
    saturday = 0.28 * pl.col("saturday") * rise(hour, 8.3, 0.2) * (1 - rise(hour, 13.4, 0.3))
    shops = 0.07 * (1 - pl.col("feast")) * rise(hour, 9.0, 0.3) * (1 - rise(hour, 20.5, 0.4))
    return (weekdays + evening + saturday + shops).clip(0, 1)
