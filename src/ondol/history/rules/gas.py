"""Gas in kWh: a volume times what a cubic metre held on that day."""

from collections.abc import Sequence
from datetime import date

import polars as pl

from ondol.sites.model import CalorificValue


def kwh_per_m3(days: pl.Series, values: Sequence[CalorificValue]) -> pl.Series:
    """The value in force on each local day; null before the first."""
    table = pl.DataFrame(
        [(value.valid_from, value.kwh_per_m3) for value in values],
        schema={"valid_from": pl.Date, "f": pl.Float64},
        orient="row",
    ).sort("valid_from")
    place = pl.Series(table["valid_from"].search_sorted(days, side="right"), dtype=pl.Int64) - 1
    found = table["f"].gather(place.clip(0))
    return found.set(place < 0, None).alias("kwh_per_m3")


def covers(values: Sequence[CalorificValue], first: date) -> bool:
    """Whether a value is in force on the day, and so on all that follow."""
    return any(value.valid_from <= first for value in values)
