"""Times written as one number: Unix seconds and milliseconds, and the days that Excel counts."""

import re
from dataclasses import dataclass
from itertools import pairwise

import polars as pl

from ondol.common.instants import DAY_US, SECOND_US
from ondol.common.messages import said

_SAMPLE = 100
_NEARLY_ALL = 0.9
_EXCEL_ZERO_US = -25_569 * DAY_US
"""1899-12-30, from which Excel counts days since 1900-03-01."""


@dataclass(frozen=True, slots=True)
class NumericForm:
    """A way to write a time as a number: `wall_us = round(number * unit_us) + zero_us`."""

    pattern: re.Pattern[str]
    unit_us: float
    zero_us: int
    offset_s: int | None
    note: str


_FORMS = [
    NumericForm(re.compile(r"1\d{9}(\.\d+)?"), SECOND_US, 0, 0, said("Times are Unix seconds (UTC).")),
    NumericForm(re.compile(r"1\d{12}"), 1_000, 0, 0, said("Times are Unix milliseconds (UTC).")),
    NumericForm(
        re.compile(r"[2-7]\d{4}(\.\d+)?"), DAY_US, _EXCEL_ZERO_US, None,
        said("Times are the serial days that Excel counts, to the second, by the clock of the building."),
    ),
]  # fmt: skip


def numeric_form(texts: pl.Series) -> NumericForm | None:
    """The form in which nearly all of the first texts are times that never go back, or None."""
    held = texts.filter(texts != "").head(_SAMPLE)
    if held.is_empty():
        return None
    for form in _FORMS:
        times = [float(text) for text in held if form.pattern.fullmatch(text)]
        if len(times) >= _NEARLY_ALL * len(held):
            return form if all(after >= before for before, after in pairwise(times)) else None
    return None


def numeric_wall_us(texts: pl.Series, form: NumericForm) -> pl.Series:
    """Wall times, null where a text is none."""
    numbers = pl.when(texts.str.contains(f"^(?:{form.pattern.pattern})$")).then(texts.cast(pl.Float64, strict=False))
    # A day in a float is good to some microseconds, and cells are rounded to fractions of a second.
    step = SECOND_US if form.offset_s is None else 1_000
    wall = ((numbers * form.unit_us / step).round() * step).cast(pl.Int64) + form.zero_us
    return pl.select(wall.alias("wall_us")).to_series()
