"""From texts to wall-clock times: formats, the order of day and month, Korean forms, offsets.

A wall time is what a clock on the wall shows, in microseconds since 1970-01-01 00:00 as if it were UTC.
"""

import polars as pl

from ondol.domain.errors import InvalidInput

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
_ORDERS = {"ymd": "abc", "dmy": "cba", "mdy": "cab"}
_FORMATS = {"dmy": "%d/%m/%Y %H:%M", "mdy": "%m/%d/%Y %H:%M", "ymd": "%y/%m/%d %H:%M"}
_NAMES = {"dmy": "day/month/year", "mdy": "month/day/year", "ymd": "year/month/day"}
_DAY_US = 86_400_000_000

TIMES = pl.Schema({"wall_us": pl.Int64, "offset_s": pl.Int32, "is_24": pl.Boolean, "reason": pl.String})
"""A parsed stamp: wall time, offset from UTC where one is written, whether it is 24:00; `reason` says why there is none."""


def parse_times(texts: pl.Series, date_format: str | None, file: str) -> tuple[pl.DataFrame, list[str]]:
    """The stamps in the TIMES schema and notes on the order of day and month. Raises InvalidInput when it stays ambiguous."""
    if date_format is not None:
        return _with_format(texts, date_format, file), []
    wall = _iso(texts)
    odd = wall.is_null()
    if not odd.any():
        return _plain(wall), []
    general, notes = _general(texts.filter(odd), file)
    if odd.all():
        return general, notes
    rows = pl.int_range(len(texts), eager=True).alias("row")
    regular = _plain(wall.filter(~odd)).with_columns(rows.filter(~odd))
    both = pl.concat([regular, general.with_columns(rows.filter(odd))]).sort("row").drop("row")
    return both, notes


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
        raise InvalidInput(f"{file}: the date format {date_format!r} is not understood ({reason}).") from None
    plausible = wall.dt.year().is_between(1970, 2099)
    wall_us = wall.cast(pl.Int64).set(~plausible.fill_null(False), None) + late.cast(pl.Int64) * _DAY_US
    reason = pl.when(pl.col("wall_us").is_null()).then(pl.lit(f"the time is not in the format {date_format}"))
    return pl.DataFrame({"wall_us": wall_us}).select(
        "wall_us", offset_s=pl.lit(0 if "%z" in date_format else None, pl.Int32), is_24=late, reason=reason
    )


def _general(texts: pl.Series, file: str) -> tuple[pl.DataFrame, list[str]]:
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
    order, notes = _order(parts, clock["clock_us"], file)
    day = _days(parts, order)
    frame = pl.concat([parts, clock], how="horizontal").with_columns(day_us=day)
    wall = pl.col("day_us") + pl.col("clock_us")
    in_range = pl.col("day_us").is_between(0, 4_102_444_800_000_000 - 1)
    reason = (
        pl.when(pl.col("text") == "").then(pl.lit("the time is missing"))
        .when(pl.col("a").is_null()).then(pl.lit("the time is not understood"))
        .when(pl.col("day_us").is_null()).then(pl.lit("there is no such date"))
        .when(~in_range).then(pl.lit("the year lies outside 1970 to 2099"))
        .when(pl.col("clock_us").is_null()).then(pl.lit("there is no such time of day"))
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
    clock = ((hour * 60 + minute) * 60 + second) * 1_000_000 + fraction
    possible = (minute < 60) & (second < 60) & (clock <= _DAY_US)
    return parts.select(pl.when(possible).then(clock).alias("clock_us"), (clock == _DAY_US).alias("is_24"))


def _offset() -> pl.Expr:
    """Seconds east of UTC that a stamp names, or null."""
    zone = pl.col("zone").str.replace(":", "", literal=True)
    sign = pl.when(zone.str.starts_with("-")).then(-1).otherwise(1)
    hours = zone.str.slice(1, 2).cast(pl.Int32, strict=False).fill_null(0)
    minutes = zone.str.slice(3, 2).cast(pl.Int32, strict=False).fill_null(0)
    numeric = zone.str.contains(r"^[+-]")
    seconds = pl.when(numeric).then(sign * (hours * 3600 + minutes * 60)).when(zone.is_not_null()).then(0)
    return seconds.cast(pl.Int32).alias("offset_s")


def _order(parts: pl.DataFrame, clock_us: pl.Series, file: str) -> tuple[pl.Series, list[str]]:
    """The order of the parts of each row, and a note where it had to be decided over the whole column."""
    first, last = parts["a"].str.len_chars(), parts["c"].str.len_chars()
    year_first, year_last = (first == 4).fill_null(False), ((last == 4) & (first <= 2)).fill_null(False)
    two_digits = ((first <= 2) & (last <= 2)).fill_null(False)
    order = pl.select(pl.when(year_first).then(pl.lit("ymd"))).to_series()
    notes: list[str] = []
    for rows, candidates in ((year_last, ["dmy", "mdy"]), (two_digits, ["ymd", "dmy", "mdy"])):
        if rows.any():
            chosen = _decide(parts.filter(rows), clock_us.filter(rows), candidates, file)
            order = order.zip_with(~rows, pl.Series([chosen]).new_from_index(0, len(order)))
            notes.append(f"Dates are {_NAMES[chosen]}.")
    return order, notes


def _decide(parts: pl.DataFrame, clock_us: pl.Series, candidates: list[str], file: str) -> str:
    """The order under which most dates exist and the times run on. Raises InvalidInput when that does not tell."""
    walls = {order: _days(parts, pl.Series([order]).new_from_index(0, parts.height)) + clock_us for order in candidates}
    scores = {order: _plausibility(wall) for order, wall in walls.items()}
    best = min(candidates, key=lambda order: scores[order])
    rivals = [order for order in candidates if order != best and scores[order] == scores[best]]
    if any(not walls[order].equals(walls[best]) for order in rivals):
        ways = " or ".join(f"--date-format '{_FORMATS[order]}'" for order in [best, *rivals])
        raise InvalidInput(
            f"{file}: {parts['text'][0]} may be read as {_NAMES[best]} or {_NAMES[rivals[0]]}; give {ways}."
        )
    return best


def _plausibility(wall: pl.Series) -> tuple[int, int, int]:
    """Dates that do not exist, steps against the run of the file, and gaps of days in data that comes by the hour."""
    steps = wall.drop_nulls().diff().drop_nulls()
    steps = steps.filter(steps != 0)
    back = min(int((steps < 0).sum()), int((steps > 0).sum()))
    usual = steps.abs().mode().min() if len(steps) else None
    gaps = int((steps.abs() > 2 * _DAY_US).sum()) if isinstance(usual, int) and usual < _DAY_US else 0
    return int(wall.null_count()), back, gaps


def _days(parts: pl.DataFrame, order: pl.Series) -> pl.Series:
    """Midnight of each row's date, null where there is no such day. Two-digit years are 2000 to 2099."""
    place = {name: [_ORDERS[o][i] for o in _ORDERS] for i, name in enumerate(("year", "month", "day"))}
    columns: dict[str, pl.Expr] = {}
    for name, letters in place.items():
        choice = pl.when(order == "ymd").then(pl.col(letters[0])).when(order == "dmy").then(pl.col(letters[1]))
        columns[name] = choice.otherwise(pl.col(letters[2])).str.zfill(2)
    year = pl.when(pl.col("year").str.len_chars() == 2).then("20" + pl.col("year")).otherwise(pl.col("year"))
    text = pl.concat_str(year, pl.col("month"), pl.col("day"), separator="-")
    days = parts.select(**columns).select(text.str.strptime(pl.Date, "%Y-%m-%d", strict=False)).to_series()
    return days.cast(pl.Datetime("us")).cast(pl.Int64)
