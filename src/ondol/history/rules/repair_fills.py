"""Values for a stretch that nothing is known of: from its neighbours, or from days like it."""

from datetime import date

import polars as pl

from ondol.common.day_types import country_of, day_type
from ondol.common.errors import InvalidInput
from ondol.common.instants import DAY_S
from ondol.common.messages import said
from ondol.common.quality import Quality
from ondol.history.rules.stretches import END
from ondol.sites.model import Building, Point

_NEIGHBOURS_WITHIN_S = 7 * DAY_S
_DAYS_AROUND = 28
_DAYS_TAKEN = 4
_PARTIAL = pl.lit(int(Quality.PARTIAL), pl.UInt16)
_MIDDLE = pl.col("start") + pl.col("duration_s") / 2


def interpolated(point: Point, _: Building, wanted: pl.DataFrame, others: pl.DataFrame) -> pl.DataFrame:
    """`wanted` with values on the line between the nearest of the others before and after; amounts go by their pace.

    Raises InvalidInput when there is none within a week on both sides.
    """
    pace = pl.col("value") / (pl.col("duration_s") if point.is_additive else 1)
    first, last = int(wanted["start"][0]), int(wanted["start"][-1] + wanted["duration_s"][-1])
    before = others.filter(first >= END, first - _NEIGHBOURS_WITHIN_S < END).sort("start").tail(1)
    after = others.filter(pl.col("start") >= last, pl.col("start") < last + _NEIGHBOURS_WITHIN_S).sort("start").head(1)
    ends = pl.concat([before, after]).select(_MIDDLE.alias("at"), pace.alias("pace"))
    if ends.height < 2:
        raise InvalidInput(said("nothing is known within a week before or after the stretch; use set or similar_days"))
    (low, begin), (high, end) = ends.rows()
    line = begin + (end - begin) * (_MIDDLE - low) / (high - low)
    return wanted.with_columns((line * (pl.col("duration_s") if point.is_additive else 1)).alias("value"))


def like_similar_days(_: Point, building: Building, wanted: pl.DataFrame, others: pl.DataFrame) -> pl.DataFrame:
    """`wanted` with the mean of the same time of day on the four nearest days of the same kind, within four weeks.

    Kinds are working days, Saturdays, and Sundays with the public holidays. Only what carries no flag counts. Raises InvalidInput
    when a time of day is known on none of them.
    """
    slots = wanted.with_columns(_local(building))
    good = others.filter((pl.col("quality") & ~_PARTIAL) == 0, pl.col("measured_share").fill_null(1.0) >= 0.999)
    donors = good.with_columns(_local(building)).select(
        pl.col("day").alias("donor"), "clock", "duration_s", pl.col("value").alias("known")
    )
    days = _similar(slots["day"].unique().to_list(), donors["donor"].unique().to_list(), building)
    means = (
        slots.select("start", "day", "clock", "duration_s")
        .join(days, on="day")
        .join(donors, on=["donor", "clock", "duration_s"])
        .sort("start", "distance")
        .group_by("start", maintain_order=True)
        .agg(pl.col("known").head(_DAYS_TAKEN).mean())
    )
    filled = slots.join(means, on="start", how="left", maintain_order="left")
    if filled["known"].has_nulls():
        raise InvalidInput(
            said(
                "no similar day within four weeks knows all times of the stretch without a flag; use set or interpolate"
            )
        )
    return filled.with_columns(pl.col("known").alias("value")).drop("day", "clock", "known")


def _local(building: Building) -> list[pl.Expr]:
    local = pl.from_epoch("start").dt.replace_time_zone("UTC").dt.convert_time_zone(building.timezone)
    clock = local.dt.hour().cast(pl.Int32) * 3600 + local.dt.minute().cast(pl.Int32) * 60 + local.dt.second()
    return [local.dt.date().alias("day"), clock.alias("clock")]


def _similar(wanted: list[date], known: list[date], building: Building) -> pl.DataFrame:
    """`day`, `donor` and their `distance`, nearest first; of two as near the earlier one, so that the result is always the same."""
    country = country_of(building.timezone)
    kinds = {day: day_type(day, country) for day in {*wanted, *known}}
    pairs = [
        (day, donor, 2 * abs((donor - day).days) + (donor > day))
        for day in wanted
        for donor in known
        if kinds[day] is kinds[donor] and 0 < abs((donor - day).days) <= _DAYS_AROUND
    ]
    return pl.DataFrame(pairs, schema={"day": pl.Date, "donor": pl.Date, "distance": pl.Int64}, orient="row")
