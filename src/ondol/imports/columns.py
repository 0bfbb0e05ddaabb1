"""Which columns of a table hold the time, the values, and the names of series."""

import re
from dataclasses import dataclass

import polars as pl

from ondol.common.errors import InvalidInput
from ondol.imports.model import ImportOptions
from ondol.imports.naming import is_no_reading, meaning_of
from ondol.imports.numbers import is_missing, numeric_share
from ondol.imports.numeric_times import numeric_form
from ondol.imports.table import ROW_NAMES, Table, looks_like_date
from ondol.imports.timestamps import parse_times

_TIME_WORDS = re.compile(r"date|time|stamp|recorded|일시|일자|날짜|시각|시간|측정|검침|fecha|datum|^ts$", re.IGNORECASE)
_ENDS = re.compile(r"end|종료|finish|until|^to$", re.IGNORECASE)
_CLOCK = r"^((오전|오후|[AaPp][Mm])?\s*\d{1,2}:\d{2}(:\d{2})?(\s*[AaPp][Mm])?|(오전|오후)?\s*\d{1,2}시(\s*\d{1,2}분)?)$"
_CLOCK_WORDS = re.compile(r"time|hour|시|시간|시각|hr|h", re.IGNORECASE)
_IDENTITY = re.compile(
    r"(point|series|sensor|meter|channel|tag|device|room|floor|zone|space)([ _]?(id|name|key|type|no))?|name|quantity|variable|topic"
    r"|계기(번호|명)?|계량기(번호|명)?|포인트|센서|항목|측정항목|층|실|채널",
    re.IGNORECASE,
)
_UNIT_WORDS = re.compile(r"units?|단위", re.IGNORECASE)
_SAMPLE = 100


@dataclass(frozen=True, slots=True)
class Roles:
    """Column names by what they hold: `clock` is the time of day beside a date, `identity` names the series of a row."""

    time: str
    clock: str | None
    identity: list[str]
    unit: str | None
    values: list[str]
    notes: list[str]


def assign_roles(table: Table, options: ImportOptions, file: str) -> Roles:
    """Tell the columns apart by the options, their names and what they hold. Raises InvalidInput with what to give."""
    names = table.cells.columns
    time = (
        _known(names, options.time_column, "--time", file)
        if options.time_column
        else _time_column(table, options, file)
    )
    clock = _clock_column(table, time) if not options.date_format or options.time_column is None else None
    free = [name for name in names if name not in (time, clock)]
    identity = [] if options.columns else [name for name in free if _names_series(table, name)]
    unit = next(
        (name for name in free if _UNIT_WORDS.fullmatch(name) and (identity or _holds_texts(table, name))), None
    )
    free = [name for name in free if name not in identity and name != unit]
    if options.columns:
        values = [_known(names, name, "mapping", file) for name in options.columns]
    elif options.value_column:
        values = [_known(names, options.value_column, "--value", file)]
    else:
        return _choose_values(table, Roles(time, clock, identity, unit, free, []), options, file)
    return Roles(time, clock, identity, unit, values, [])


def time_texts(table: Table, roles: Roles) -> pl.Series:
    """The stamps as one column of text, a date and a time of day joined."""
    dates = table.cells[roles.time]
    if roles.clock is None:
        return dates
    clock = table.cells[roles.clock]
    digits = clock.str.contains(r"^\d{1,4}$")
    padded = pl.when(pl.col("c").str.len_chars() <= 2).then(pl.col("c") + ":00")
    padded = padded.otherwise(pl.col("c").str.zfill(4).str.slice(0, 2) + ":" + pl.col("c").str.zfill(4).str.slice(2, 2))
    clock = clock.zip_with(~digits, pl.DataFrame({"c": clock}).select(padded).to_series())
    return (dates + " " + clock).str.strip_chars()


def _known(names: list[str], wanted: str, flag: str, file: str) -> str:
    """The column that was asked for, in any case. Raises InvalidInput with the columns that there are."""
    folded = wanted.strip().casefold()
    found = next((name for name in names if name == wanted), None) or next(
        (n for n in names if n.casefold() == folded), None
    )
    if found is None:
        shown = ", ".join(names[:20])
        raise InvalidInput(f"{file} has no column {wanted!r} ({flag}); its columns are: {shown}.")
    return found


def _time_column(table: Table, options: ImportOptions, file: str) -> str:
    shares = {name: _date_share(table.cells[name], options, file) for name in table.cells.columns}
    found = [name for name, share in shares.items() if share >= 0.5]
    if found:
        named = [name for name in found if _TIME_WORDS.search(name)]
        starts = [name for name in named if not _ENDS.search(name)]
        return (starts or named or found)[0]
    numeric = [name for name in table.cells.columns if numeric_form(table.cells[name])]
    if called := [name for name in numeric if _TIME_WORDS.search(name) or name == table.cells.columns[0]]:
        return called[0]
    likely = next((name for name in table.cells.columns if _TIME_WORDS.search(name)), table.cells.columns[0])
    text = table.cells[likely].head(1).to_list()[0]
    raise InvalidInput(
        f"{file}, line {table.lines[0]}: no column holds times ({likely!r} begins with {str(text)[:40]!r}); "
        "give --time COLUMN or --date-format '%d/%m/%Y %H:%M'."
    )


def _date_share(texts: pl.Series, options: ImportOptions, file: str) -> float:
    held = texts.filter(texts != "").head(_SAMPLE)
    if held.is_empty():
        return 0.0
    if options.date_format:
        times, _ = parse_times(held, options.date_format, file)
        return times["wall_us"].count() / len(held)
    return sum(looks_like_date(text) for text in held) / len(held)


def _clock_column(table: Table, time: str) -> str | None:
    """The column with times of day, when the time column holds dates alone."""
    dates = table.cells[time].filter(table.cells[time] != "").head(_SAMPLE)
    if dates.is_empty() or _share(dates, r"[:시T]|\d\s+\d{1,2}|^\d{9,}") > 0.5:
        return None
    for name in table.cells.columns:
        held = table.cells[name].filter(table.cells[name] != "").head(_SAMPLE)
        if name == time or held.is_empty():
            continue
        hours = _CLOCK_WORDS.fullmatch(name) and held.str.contains(r"^\d{1,2}$|^([01]\d|2[0-4])[0-5]\d$").all()
        if hours or _share(held, _CLOCK) >= 0.9:
            return name
    return None


def _share(texts: pl.Series, pattern: str) -> float:
    """Share of the texts in which the pattern is found."""
    return len(texts.filter(texts.str.contains(pattern))) / len(texts)


def _names_series(table: Table, name: str) -> bool:
    """Whether a column says which series a row belongs to: called so, filled, and repeating itself."""
    if not _IDENTITY.fullmatch(name.strip()):
        return False
    texts = table.cells[name]
    return not is_missing(texts).any() and texts.n_unique() <= max(1, len(texts) // 2) and texts.n_unique() <= 5_000


def _holds_texts(table: Table, name: str) -> bool:
    share = numeric_share(table.cells[name])
    return share is not None and share == 0


def _choose_values(table: Table, roles: Roles, options: ImportOptions, file: str) -> Roles:
    """Every column with readings whose quantity is known; what is left out is named in the notes."""
    readings: list[str] = []
    unknown: list[str] = []
    others: list[str] = []
    for name in roles.values:
        share = numeric_share(table.cells[name])
        if share is None or share < 0.5 or is_no_reading(name) or name == ROW_NAMES or _is_time(table.cells[name]):
            others.append(name)
        else:
            says_meter = roles.identity or options.quantity or options.unit or meaning_of(name, file)
            (readings if says_meter else unknown).append(name)
    if options.quantity and len(readings) > 1:
        readings = [name for name in readings if _measures(name, file, options.quantity)] or readings
    if not readings:
        raise InvalidInput(_no_values(unknown, table, file))
    if len(readings) > 1 and (options.point or options.quantity or options.unit or options.kind):
        shown = ", ".join(readings)
        raise InvalidInput(
            f"{file} has several columns of readings ({shown}); name one with --value, or all in a --mapping file."
        )
    notes = [f"Left out, no readings: {', '.join(others)}."] if others and others != [ROW_NAMES] else []
    if unknown:
        notes.append(f"Left out, quantity unknown: {', '.join(unknown)}; name them in a --mapping file to read them.")
    return Roles(roles.time, roles.clock, roles.identity, roles.unit, readings, notes)


def _no_values(unknown: list[str], table: Table, file: str) -> str:
    if unknown:
        return f"{file}: cannot tell what {', '.join(map(repr, unknown[:5]))} measures; give --quantity and --unit, or a --mapping file."
    return f"{file}, line {table.lines[0]}: no column holds numbers; give --value COLUMN, or --delimiter if the columns are cut wrongly."


def _measures(column: str, file: str, quantity: str) -> bool:
    meaning = meaning_of(column, file)
    return meaning is not None and meaning.quantity == quantity


def _is_time(texts: pl.Series) -> bool:
    held = texts.filter(texts != "").head(20)
    return not held.is_empty() and all(looks_like_date(text) for text in held)
