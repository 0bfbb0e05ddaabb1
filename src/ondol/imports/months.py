"""Months without a day: `2024-01`, `2024년 1월`, `Jan 2024`, `01/2024`."""

import re

import polars as pl

from ondol.imports.month_names import MONTHS

_NAME = rf"(?i:(?P<name>{'|'.join(MONTHS)})[a-z]*\.?)"
_FORMS = [
    re.compile(r"(?P<year>(?:19|20)\d\d)\s*[-/년]\s*(?P<month>0?[1-9]|1[0-2])\s*월?"),
    re.compile(r"(?P<month>0?[1-9]|1[0-2])[-/](?P<year>(?:19|20)\d\d)"),
    re.compile(rf"{_NAME}[-\s/,']*(?P<year>(?:(?:19|20)\d\d)|\d\d)"),
    re.compile(rf"(?P<year>(?:19|20)\d\d)[-\s/,]*{_NAME}"),
]
_BARE = re.compile(r"(?P<year>(?:19|20)\d\d)\.?\s?(?P<month>0[1-9]|1[0-2])\.?")
"""As a number is written, too: a month only where the header says so."""


def month_in(text: str, *, bare: bool = False) -> str | None:
    """The first day of the month that the text is, as `2024-01-01`, or None; with `bare` also `202401` and `2024.01`."""
    for form in [*_FORMS, *([_BARE] if bare else [])]:
        if found := form.fullmatch(text.strip()):
            parts = found.groupdict()
            name = parts.get("name")
            month = MONTHS.index(name.lower()[:3]) + 1 if name else int(parts["month"])
            year = parts["year"] if len(parts["year"]) == 4 else f"20{parts['year']}"
            return f"{year}-{month:02}-01"
    return None


def month_only(texts: pl.Series, *, bare: bool = False) -> bool:
    """Whether the first texts are all months without a day."""
    held = [text for text in texts.head(100) if text]
    if not held or not any(month_in(text, bare=bare) for text in held[:3]):
        return False
    return sum(month_in(text, bare=bare) is not None for text in held) >= 0.8 * len(held)


def first_days(texts: pl.Series) -> pl.Series:
    """Months as their first days; other texts as they are."""
    distinct = texts.unique().drop_nulls()
    days = {text: month_in(text, bare=True) or text for text in distinct}
    return texts.replace_strict(days, return_dtype=pl.String, default=None)
