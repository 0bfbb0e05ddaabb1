"""From texts to wall-clock times: formats, the order of day and month, Korean forms, offsets.

A wall time is what a clock on the wall shows, in microseconds since 1970-01-01 00:00 as if it were UTC.
"""

import polars as pl

from ondol.common.errors import InvalidInput
from ondol.common.instants import DAY_US, HOUR_S, MINUTE_S, SECOND_US
from ondol.common.messages import said
from ondol.imports.date_order import find_order, midnights
from ondol.imports.month_names import dates_in_digits
from ondol.imports.months import first_days, month_only
from ondol.imports.numeric_times import NumericForm, numeric_form, numeric_wall_us

_ISO = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"]
_HALF = r"오전|오후|[AaPp]\.?[Mm]\.?"
_CLOCK = (
    rf"(?:(?P<half>{_HALF})?\s*(?P<hour>\d{{1,2}})\s*(?:[:시]\s*(?:(?P<minute>\d{{1,2}})(?:\s*[:분]\s*"
    rf"(?:(?P<second>\d{{1,2}})\s*초?(?:[.,](?P<fraction>\d{{1,9}}))?)?)?)?)?\s*(?P<late_half>{_HALF})?)?"
)
_ZONE = r"\s*(?P<zone>[Zz]|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?\s*$"
_WEEKDAY = r"(?:\s*\(?[월화수목금토일]요?일?\)?)?"
_DATE = r"^(?P<a>\d{1,4})\s*[-/.년]\s*(?P<b>\d{1,2})\s*[-/.월]\s*(?P<c>\d{1,4})\s*[일.]?"
_SEPARATED = rf"{_DATE}{_WEEKDAY}[T,\s]*{_CLOCK}{_ZONE}"
_COMPACT = (
    r"^(?P<a>\d{4})(?P<b>\d{2})(?P<c>\d{2})[T\s]*"
    rf"(?:(?P<hour>\d{{2}}):?(?:(?P<minute>\d{{2}}):?(?P<second>\d{{2}})?)?)?{_ZONE}"
)

TIMES = pl.Schema({"wall_us": pl.Int64, "offset_s": pl.Int32, "is_24": pl.Boolean, "reason": pl.String})
"""A parsed stamp: wall time, offset from UTC where one is written, whether it is 24:00; `reason` says why there is none."""


def parse_times(
    texts: pl.Series, date_format: str | None, file: str, *, are_days: bool = False
) -> tuple[pl.DataFrame, list[str]]:
    """The stamps in the TIMES schema and notes on the order of day and month. Raises InvalidInput when it stays ambiguous.

    With `are_days` the texts are one day after the other, which tells days from months.
    """
    if date_format is not None:
        return _with_format(texts, date_format, file), []
    numeric = numeric_form(texts)
    if numeric is not None:
        return _numeric(texts, numeric), [numeric.note]
    texts = first_days(texts) if month_only(texts, bare=True) else dates_in_digits(texts)
    wall = _iso(texts)
    odd = wall.is_null()
    if not odd.any():
        return _plain(wall), []
    general, notes = _general(texts.filter(odd), file, are_days=are_days)
    if odd.all():
        return general, notes
    rows = pl.int_range(len(texts), eager=True).alias("row")
    regular = _plain(wall.filter(~odd)).with_columns(rows.filter(~odd))
    both = pl.concat([regular, general.with_columns(rows.filter(odd))]).sort("row").drop("row")
    return both, notes


def _numeric(texts: pl.Series, form: NumericForm) -> pl.DataFrame:
    wall_us = numeric_wall_us(texts, form)
    return pl.DataFrame({"wall_us": wall_us}).with_columns(
        offset_s=pl.lit(form.offset_s, pl.Int32),
        is_24=pl.lit(False),
        reason=pl.when(pl.col("wall_us").is_null()).then(pl.lit(said("the time is not a number like the others"))),
    )


def _iso(texts: pl.Series) -> pl.Series:
    """Wall times where the texts are in the usual ISO form, else null: the fast way."""
    first = next((text for text in texts.head(50) if text), "")
    for form in _ISO:
        if pl.Series([first]).str.strptime(pl.Datetime("us"), form, strict=False).is_not_null().item():
            wall = texts.str.strptime(pl.Datetime("us"), form, strict=False)
            plausible = wall.dt.year().is_between(1970, 2099) & ~texts.str.ends_with(":60")
            return wall.cast(pl.Int64).set(~plausible.fill_null(False), None)
    return pl.Series([None], dtype=pl.Int64).new_from_index(0, len(texts))


def _plain(wall: pl.Series) -> pl.DataFrame:
    none = pl.lit(None, pl.String)
    return pl.DataFrame({"wall_us": wall}).with_columns(
        offset_s=pl.lit(None, pl.Int32), is_24=pl.lit(False), reason=none
    )


def _with_format(texts: pl.Series, date_format: str, file: str) -> pl.DataFrame:
    """Stamps in the format that was given; 24:00 is understood with it too."""
    late = texts.str.contains(r"\b24:00")
    texts = texts.zip_with(~late, texts.str.replace(r"\b24:00", "00:00"))
    try:
        if "%z" in date_format:
            wall = texts.str.strptime(pl.Datetime("us", "UTC"), date_format, strict=False)
        elif not any(code in date_format for code in ("%H", "%I", "%T", "%R", "%X", "%k", "%l", "%c")):
            wall = texts.str.strptime(pl.Date, date_format, strict=False).cast(pl.Datetime("us"))
        else:
            wall = texts.str.strptime(pl.Datetime("us"), date_format, strict=False)
    except pl.exceptions.PolarsError as error:
        reason = str(error).splitlines()[0]
        raise InvalidInput(
            said(
                "%(file)s: the date format %(date_format)s is not understood (%(reason)s).",
                file=file,
                date_format=repr(date_format),
                reason=reason,
            )
        ) from None
    plausible = wall.dt.year().is_between(1970, 2099)
    wall_us = wall.cast(pl.Int64).set(~plausible.fill_null(False), None) + late.cast(pl.Int64) * DAY_US
    reason = pl.when(pl.col("wall_us").is_null()).then(
        pl.lit(said("the time is not in the format %(date_format)s", date_format=date_format))
    )
    return pl.DataFrame({"wall_us": wall_us}).select(
        "wall_us", offset_s=pl.lit(0 if "%z" in date_format else None, pl.Int32), is_24=late, reason=reason
    )


def _general(texts: pl.Series, file: str, *, are_days: bool) -> tuple[pl.DataFrame, list[str]]:
    """Stamps in any form that is understood."""
    parts = (
        pl.DataFrame({"text": texts})
        .with_columns(pl.col("text").str.extract_groups(_SEPARATED).alias("parts"))
        .unnest("parts")
    )
    compact = (
        parts.filter(pl.col("a").is_null())
        .select("text")
        .with_columns(pl.col("text").str.extract_groups(_COMPACT).alias("parts"))
    )
    rows = pl.int_range(len(texts), eager=True).alias("row")
    parts = parts.with_columns(rows)
    if compact.height:
        found = compact.unnest("parts").with_columns(rows.filter(parts["a"].is_null()))
        parts = pl.concat([parts.filter(pl.col("a").is_not_null()), found], how="diagonal").sort("row")
    clock = _clock(parts)
    order, notes = find_order(parts, clock["clock_us"], file, are_days=are_days)
    day = midnights(parts, order)
    frame = pl.concat([parts, clock], how="horizontal").with_columns(day_us=day)
    wall = pl.col("day_us") + pl.col("clock_us")
    in_range = pl.col("day_us").is_between(0, 4_102_444_800_000_000 - 1)
    reason = (
        pl.when(pl.col("text") == "").then(pl.lit(said("the time is missing")))
        .when(pl.col("a").is_null()).then(pl.lit(said("the time is not understood")))
        .when(pl.col("day_us").is_null()).then(pl.lit(said("there is no such date")))
        .when(~in_range).then(pl.lit(said("the year lies outside 1970 to 2099")))
        .when(pl.col("clock_us").is_null()).then(pl.lit(said("there is no such time of day")))
    )  # fmt: skip
    frame = frame.with_columns(reason=reason).with_columns(wall_us=pl.when(pl.col("reason").is_null()).then(wall))
    return frame.select("wall_us", _offset(), "is_24", "reason"), notes


def _clock(parts: pl.DataFrame) -> pl.DataFrame:
    """`clock_us` since midnight, null where there is no such time; `is_24` for 24:00."""
    half = pl.coalesce("half", "late_half").str.to_lowercase()
    late, early = half.is_in(["오후", "pm", "p.m.", "p.m", "pm."]), half.is_in(["오전", "am", "a.m.", "a.m", "am."])
    written = pl.col("hour").cast(pl.Int64).fill_null(0)
    hour = pl.when(late & (written < 12)).then(written + 12).when(early & (written == 12)).then(0).otherwise(written)
    minute, second = pl.col("minute").cast(pl.Int64).fill_null(0), pl.col("second").cast(pl.Int64).fill_null(0)
    fraction = pl.col("fraction").str.pad_end(6, "0").str.slice(0, 6).cast(pl.Int64).fill_null(0)
    clock = ((hour * 60 + minute) * 60 + second) * SECOND_US + fraction
    possible = (minute < 60) & (second < 60) & (clock <= DAY_US)
    return parts.select(pl.when(possible).then(clock).alias("clock_us"), (clock == DAY_US).alias("is_24"))


def _offset() -> pl.Expr:
    """Seconds east of UTC that a stamp names, or null."""
    zone = pl.col("zone").str.replace(":", "", literal=True)
    sign = pl.when(zone.str.starts_with("-")).then(-1).otherwise(1)
    hours = zone.str.slice(1, 2).cast(pl.Int32, strict=False).fill_null(0)
    minutes = zone.str.slice(3, 2).cast(pl.Int32, strict=False).fill_null(0)
    numeric = zone.str.contains(r"^[+-]")
    seconds = pl.when(numeric).then(sign * (hours * HOUR_S + minutes * MINUTE_S)).when(zone.is_not_null()).then(0)
    return seconds.cast(pl.Int32).alias("offset_s")
