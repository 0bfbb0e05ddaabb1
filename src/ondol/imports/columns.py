"""Which columns of a table hold the time, the values, and the names of series."""

import re
from dataclasses import dataclass

import polars as pl

from ondol.common.errors import InvalidInput
from ondol.common.messages import said
from ondol.imports import header_words as words
from ondol.imports.evidence import choose_values, names_columns
from ondol.imports.header_words import is_called, is_unit_column, says
from ondol.imports.model import ImportOptions
from ondol.imports.months import month_only
from ondol.imports.naming import meaning_of
from ondol.imports.numbers import is_missing, numeric_share
from ondol.imports.numeric_times import numeric_form
from ondol.imports.slots import find_slots
from ondol.imports.table import Slots, Table, looks_like_date, named_column
from ondol.imports.timestamps import parse_times

_CLOCK = r"^((오전|오후|[AaPp][Mm])?\s*\d{1,2}:\d{2}(:\d{2})?(\s*[AaPp][Mm])?|(오전|오후)?\s*\d{1,2}시(\s*\d{1,2}분)?)$"
_TIME_IN_A_DATE = r"[:시T]|\d\s+\d{1,2}$|^\d{9,}"
_SAMPLE = 100
_FEWEST_ROWS = 4
_MOSTLY = 0.9


@dataclass(frozen=True, slots=True)
class Roles:
    """Column names by what they hold: `clock` is the time of day beside a date, `slots` the number of the interval of a day, `end`
    where a period ends, `identity` names the series of a row, `quality` says whether a value was measured."""

    time: str
    end: str | None
    clock: str | None
    slots: Slots | None
    identity: list[str]
    unit: str | None
    quality: str | None
    values: list[str]
    notes: list[str]


def assign_roles(table: Table, options: ImportOptions, file: str) -> Roles:
    """Tell the columns apart by the options, their names and what they hold. Raises InvalidInput with what to give."""
    names, known = table.cells.columns, table.known
    time = (
        named_column(names, options.time_column, "--time", file)
        if options.time_column
        else known.time or _time_column(table, options, file)
    )
    end = known.end or _end_column(table, time)
    slots = known.slots or find_slots(table, time)
    clock = _clock_column(table, time) if slots is None and not (options.date_format and options.time_column) else None
    taken = {time, end, clock, slots.column if slots else None}
    free = [name for name in names if name not in taken]
    quality = known.quality or next((n for n in free if is_called(words.QUALITY, n) and _holds_texts(table, n)), None)
    free = [name for name in free if name != quality]
    unit = known.unit or next((name for name in free if is_unit_column(name) and _holds_texts(table, name)), None)
    free = [name for name in free if name != unit]
    by_column = names_columns(names, options)
    identity = [] if by_column else list(known.identity) or [n for n in free if _names_series(table, n)]
    notes: list[str] = []
    if not identity and not by_column:
        clocks = [name for name in (clock, slots.column if slots else None) if name]
        identity, notes = _identity_by_rows(table, [time, *clocks], free, file)
    free = [name for name in free if name not in identity]
    if known.values and not by_column:
        values = list(known.values)
    else:
        values, more = choose_values(table, free, identity, unit, options, file)
        notes += more
    return Roles(time, end, clock, slots, identity, unit, quality, values, notes)


def time_texts(table: Table, roles: Roles) -> pl.Series:
    """The stamps as one column of text, a date and a time of day joined."""
    dates = table.cells[roles.time]
    if roles.clock is not None or roles.slots is not None:
        # A date that is merged over its day stands in the first of its cells alone.
        dates = (
            dates.to_frame("d")
            .select(pl.when(pl.col("d") != "").then(pl.col("d")).forward_fill().fill_null(""))
            .to_series()
        )
        dates = dates.alias(roles.time)
    if roles.clock is None:
        return dates
    clock = table.cells[roles.clock]
    digits = clock.str.contains(r"^\d{1,4}$")
    padded = pl.when(pl.col("c").str.len_chars() <= 2).then(pl.col("c") + ":00")
    padded = padded.otherwise(pl.col("c").str.zfill(4).str.slice(0, 2) + ":" + pl.col("c").str.zfill(4).str.slice(2, 2))
    clock = clock.zip_with(~digits, pl.DataFrame({"c": clock}).select(padded).to_series())
    return (dates.str.replace(r"[T ]0?0:00(:00(\.0+)?)?$", "") + " " + clock).str.strip_chars()


def _time_column(table: Table, options: ImportOptions, file: str) -> str:
    shares = {name: _date_share(table.cells[name], name, options, file) for name in table.cells.columns}
    found = [name for name, share in shares.items() if share >= 0.5]
    if found:
        named = [name for name in found if says(words.TIME, name)]
        starts = [name for name in named if says(words.STARTS, name) and not says(words.ENDS, name)]
        others = [name for name in named if not says(words.ENDS, name)]
        return (starts or others or named or found)[0]
    numeric = [name for name in table.cells.columns if numeric_form(table.cells[name])]
    if called := [name for name in numeric if says(words.TIME, name) or name == table.cells.columns[0]]:
        return called[0]
    likely = next((name for name in table.cells.columns if says(words.TIME, name)), table.cells.columns[0])
    text = table.cells[likely].head(1).to_list()[0]
    raise InvalidInput(
        said(
            "%(file)s, line %(line)s: no column holds times (%(likely)s begins with %(text)s); give --time COLUMN or "
            "--date-format '%%d/%%m/%%Y %%H:%%M'.",
            file=file,
            line=table.lines[0],
            likely=repr(likely),
            text=repr(str(text)[:40]),
        )
    )


def _date_share(texts: pl.Series, name: str, options: ImportOptions, file: str) -> float:
    held = texts.filter(texts != "").head(_SAMPLE)
    if held.is_empty():
        return 0.0
    if options.date_format:
        times, _ = parse_times(held, options.date_format, file)
        return times["wall_us"].count() / len(held)
    if month_only(held, bare=says(words.TIME, name)):
        return 1.0
    return sum(looks_like_date(text) for text in held) / len(held)


def _end_column(table: Table, time: str) -> str | None:
    """The column with the ends of periods: dates too, called so, and none before its row's start."""
    for name in table.cells.columns:
        if name == time or not says(words.ENDS, name) or (says(words.STARTS, name) and not says(words.STARTS, time)):
            continue
        held = table.cells[name].filter(table.cells[name] != "").head(_SAMPLE)
        if not held.is_empty() and sum(looks_like_date(text) for text in held) >= 0.9 * len(held):
            return name
    return None


def _clock_column(table: Table, time: str) -> str | None:
    """The column with times of day, when the time column holds dates alone."""
    dates = table.cells[time].filter(table.cells[time] != "").head(_SAMPLE)
    dates = dates.str.replace(r"[T ]0?0:00(:00(\.0+)?)?$", "")
    if dates.is_empty() or _share(dates, _TIME_IN_A_DATE) > 0.5:
        return None
    for name in table.cells.columns:
        held = table.cells[name].filter(table.cells[name] != "").head(_SAMPLE)
        if name == time or held.is_empty():
            continue
        four_digits = is_called(_CLOCK_WORDS, name) and held.str.contains(r"^([01]\d|2[0-4])[0-5]\d$").all()
        if four_digits or _share(held, _CLOCK) >= 0.9:
            return name
    return None


_CLOCK_WORDS = re.compile(r"time|hour|시|시간|시각|hr|h|hora|heure|uhrzeit|ora|tijd|時刻")


def _share(texts: pl.Series, pattern: str) -> float:
    """Share of the texts in which the pattern is found."""
    return len(texts.filter(texts.str.contains(pattern))) / len(texts)


def _names_series(table: Table, name: str) -> bool:
    """Whether a column says which series a row belongs to: called so, filled, and repeating itself."""
    if not is_called(words.IDENTITY, name):
        return False
    texts = table.cells[name]
    return not is_missing(texts).any() and texts.n_unique() <= max(1, len(texts) // 2) and texts.n_unique() <= 5_000


def _holds_texts(table: Table, name: str) -> bool:
    share = numeric_share(table.cells[name])
    return share is not None and share == 0


def _identity_by_rows(table: Table, times: list[str], free: list[str], file: str) -> tuple[list[str], list[str]]:
    """The column that tells rows of one time apart, where times repeat: a few texts or numbers that come again and again."""
    rows = table.cells
    if rows.height < _FEWEST_ROWS or rows.select(times).n_unique() > _MOSTLY * rows.height:
        return [], []
    for name in free:
        texts = rows[name]
        count = texts.n_unique()
        is_name = 1 < count <= min(5_000, rows.height // 2) and not is_missing(texts).any()
        is_name = is_name and meaning_of(name) is None and not texts.str.contains(r"^\s*-?\d+[.,]\d+\s*$").any()
        if is_name and not looks_like_date(str(texts[0])) and rows.select(*times, name).n_unique() > 0.99 * rows.height:
            return [name], [
                said("Times repeat; %(name)s tells the rows of one time apart and names the meters.", name=repr(name))
            ]
    return [], []
