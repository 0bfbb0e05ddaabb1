"""A row a day and a column an interval of the day: 24 hours, 48 halves or 96 quarters, with or without totals beside them."""

import itertools
import re
from dataclasses import dataclass, replace

import polars as pl

from ondol.common.messages import said
from ondol.imports.naming import unit_in
from ondol.imports.opened import OpenedFile
from ondol.imports.table import Known, Slots, Table, looks_like_date, with_header

_DAY_MIN = 24 * 60
_COUNTS = {24, 25, 48, 50, 96, 100, 144, 288}
_RANGE = r"(?:\s*[-~–]\s*\d{1,2}(?::\d{2}|\s*시)(?:\s*\d{1,2}\s*분)?)?"
_CLOCK = re.compile(
    rf"(?P<before>\D{{0,24}}?)(?P<hour>\d{{1,2}})(?::(?P<minute>\d{{2}})(?::00)?|\s*시(?:\s*(?P<min>\d{{1,2}})\s*분)?)(?P<range>{_RANGE})(?P<after>\D{{0,24}})"
)
_DIGITS = re.compile(r"(?P<before>\D{0,24}?)(?P<hour>[01]\d|2[0-4])(?P<minute>[0-5]\d)(?P<after>\D{0,24})")
_NUMBER = re.compile(r"(?P<before>\D{0,24}?)(?P<number>\d{1,3})(?P<after>\D{0,24})")
_NUMBERED = re.compile(
    r"(?:h|hr|hh|he|hour|hours|hora|heure|stunde|uur|ora|p|period|periodo|slot|sp|int|interval|q|v|val|value|t)?",
    re.IGNORECASE,
)
VALUE = "value"
_SLOT = "interval of the day"


@dataclass(frozen=True, slots=True)
class _Across:
    """The columns that are intervals: their names in order, the first number of the day (0 or 1), how many a day has."""

    columns: list[str]
    first: int
    a_day: int


def read(opened: OpenedFile) -> Table | None:
    """A row for each day and interval."""
    table = with_header(opened.grid, opened.name)
    across = _clocks(table) or _numbers(table)
    if across is None or not _is_by_day(table, across):
        return None
    beside = [name for name in table.cells.columns if name not in across.columns]
    lines = table.lines.alias(" line")
    frame = table.cells.select(beside).with_columns(lines)
    value = _value_name(across.columns)
    parts = [
        frame.with_columns(pl.lit(str(number)).alias(_SLOT), table.cells[column].alias(value))
        for number, column in enumerate(across.columns, start=across.first)
    ]
    rows = pl.concat(parts).with_columns(pl.int_range(pl.len()).alias(" order")).sort(" line", " order")
    note = said("Each row is a day of %(columns)s values.", columns=len(across.columns))
    return replace(
        table, lines=rows[" line"], cells=rows.drop(" line", " order"), notes=[*table.notes, note],
        known=Known(slots=Slots(_SLOT, across.first, across.a_day), values=(value,)),
    )  # fmt: skip


def _clocks(table: Table) -> _Across | None:
    """Columns that are called by times of the day, each a step after the one before."""
    found: list[tuple[str, int, bool]] = []
    for name in table.cells.columns:
        clock = _CLOCK.fullmatch(name) or _DIGITS.fullmatch(name)
        if clock is not None:
            parts = clock.groupdict()
            minute = int(parts.get("minute") or parts.get("min") or 0)
            found.append((name, int(parts["hour"]) * 60 + minute, bool(parts.get("range"))))
    if len(found) not in _COUNTS:
        return None
    minutes = [minute for _, minute, _ in found]
    if minutes[-1] == 0:
        minutes[-1] = _DAY_MIN
    step = minutes[1] - minutes[0]
    a_day = _DAY_MIN // step if step > 0 and _DAY_MIN % step == 0 else 0
    if a_day != len(found) or any(b - a != step for a, b in itertools.pairwise(minutes)):
        return None
    names = [name for name, _, _ in found]
    return _Across(names, 0, a_day) if minutes[0] in (0, step) else None


def _numbers(table: Table) -> _Across | None:
    """Columns that are numbered through, from 0 or 1, behind the same word for an interval."""
    groups: dict[tuple[str, str], list[tuple[str, int]]] = {}
    for name in table.cells.columns:
        parts = _NUMBER.fullmatch(name)
        if parts is not None:
            groups.setdefault((parts["before"], parts["after"]), []).append((name, int(parts["number"])))
    for (before, after), found in groups.items():
        numbers = [number for _, number in found]
        word = re.sub(r"[\s_.()\[\]-]+", "", f"{before}{after}")
        is_named = _NUMBERED.fullmatch(word) or (
            unit_in(f"{before} {after}") is None and word in ("시", "시간", "구간")
        )
        runs_on = numbers == list(range(numbers[0], numbers[0] + len(found)))
        if len(found) in _COUNTS and is_named and runs_on and numbers[0] in (0, 1):
            return _Across(
                [name for name, _ in found], numbers[0], {25: 24, 50: 48, 100: 96}.get(len(found), len(found))
            )
    return None


def _is_by_day(table: Table, across: _Across) -> bool:
    """Whether a column beside them holds dates, without a time of day."""
    for name in table.cells.columns:
        if name in across.columns:
            continue
        held = [text for text in table.cells[name].head(50) if text]
        dates = [text for text in held if looks_like_date(text)]
        if held and len(dates) >= 0.5 * len(held):
            return not any(re.search(r"\d:\d\d", text) and not re.search(r"\b0?0:00(:00)?", text) for text in dates)
    return False


def _value_name(columns: list[str]) -> str:
    """What the columns are called beside their number, where that names a unit."""
    words = re.sub(r"\d+(:\d+)*", " ", columns[0])
    return " ".join(words.split()) if unit_in(words.strip()) else VALUE
