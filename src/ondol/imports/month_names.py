"""Dates that name the month: `01-Jun-2024`, `June 1, 2024`."""

import re

import polars as pl

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAME = rf"(?P<month>{'|'.join(MONTHS)})[a-z]*\.?"
_DAY_FIRST = rf"(?i)^(?P<day>\d{{1,2}})[-\s/.]*{_NAME}[-\s/.,]*(?P<year>(?:19|20)\d{{2}})(?P<rest>\D.*)?$"
_MONTH_FIRST = rf"(?i)^{_NAME}[-\s/.]*(?P<day>\d{{1,2}}),?[-\s/.]+(?P<year>(?:19|20)\d{{2}})(?P<rest>\D.*)?$"
_EITHER = re.compile(f"{_DAY_FIRST}|{_MONTH_FIRST.replace('(?i)', '').replace('?P<', '?P<other_')}")


def names_month(text: str) -> bool:
    """Whether a cell is a date with the name of its month."""
    return _EITHER.match(text) is not None


def dates_in_digits(texts: pl.Series) -> pl.Series:
    """The same texts with such dates written as `2024-06-01`."""
    first = next((text for text in texts.head(50) if text), "")
    if not names_month(first):
        return texts
    for pattern in (_DAY_FIRST, _MONTH_FIRST):
        parts = (
            pl.DataFrame({"text": texts})
            .select("text", pl.col("text").str.extract_groups(pattern).alias("parts"))
            .unnest("parts")
        )
        number = (
            pl.col("month")
            .str.to_lowercase()
            .replace_strict({name: f"{n:02}" for n, name in enumerate(MONTHS, 1)}, default=None)
        )
        digits = pl.concat_str(pl.col("year"), number, pl.col("day").str.zfill(2), separator="-") + pl.col(
            "rest"
        ).fill_null("")
        texts = parts.select(pl.coalesce(digits, "text").alias("text")).to_series()
    return texts
