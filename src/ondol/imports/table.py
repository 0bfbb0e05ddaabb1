"""A file as a table of texts, whatever its format: the shape between the formats and the understanding of the columns."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from ondol.common.errors import InvalidInput
from ondol.common.messages import said
from ondol.common.units import find_unit
from ondol.imports.limits import check_labels
from ondol.imports.model import REJECTS
from ondol.imports.month_names import names_month
from ondol.imports.months import month_in
from ondol.imports.numeric_times import numeric_form

MAX_COLUMNS = 2_000
TEXT_SHOWN = 120
ROW_NAMES = "row"

_UNNAMED = "column "
_UNIT_FACTS = ("unit", "units", "unité", "unite", "einheit", "단위", "単位", "unidad", "unità", "eenheid")
_CODE = re.compile(r"^\s*\d\.\d{1,2}\.\d(\D|$)")
"""`1.8.0`: a register's code and no date, which has a year of two or four digits."""
_DATE_LIKE = re.compile(r"^\s*(\d{1,4}\s*[-/.년]\s*\d{1,2}\s*[-/.월]\s*\d{1,4}|(19|20)\d{6,12}(\D|$))")


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of stripped cells before the header is found. `cells` has String columns; `lines` their places in the file."""

    lines: pl.Series
    cells: pl.DataFrame
    rejects: pl.DataFrame
    notes: list[str]
    comma_separated: bool = False
    header: list[str] | None = None  # names found before; None: look among the rows
    above: Sequence[Sequence[str]] = ()  # cells of the lines above the rows that are cut otherwise


@dataclass(frozen=True, slots=True)
class Slots:
    """A column that numbers the intervals of a day: `column` holds whole numbers from `first` on, `a_day` of them."""

    column: str
    first: int
    a_day: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a layout knows of its columns, so that nobody has to tell it from what they hold; None and empty: it does not."""

    time: str | None = None
    end: str | None = None
    slots: Slots | None = None
    identity: tuple[str, ...] = ()
    unit: str | None = None
    quality: str | None = None
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """Data rows: `cells` has one String column a header name, `lines` the 1-based line (or sheet row) of each.

    `facts` are the words that stand above the header: pairs of a name and what it says.
    """

    lines: pl.Series
    cells: pl.DataFrame
    rejects: pl.DataFrame
    notes: list[str]
    comma_separated: bool = False
    known: Known = Known()
    facts: Sequence[tuple[str, str]] = ()

    @property
    def unit_above(self) -> str | None:
        """The unit that stands above the header: `단위: kWh`."""
        return next((value for name, value in self.facts if name.casefold().strip(" ()[]") in _UNIT_FACTS), None)


def rejected(lines: pl.Series, column: str, texts: pl.Series, reason: str | pl.Series) -> pl.DataFrame:
    """Rows of REJECTS for the cells `texts` of one column."""
    reasons = reason if isinstance(reason, pl.Series) else pl.repeat(reason, len(lines), dtype=pl.String, eager=True)
    shown = texts.cast(pl.String).fill_null("").str.slice(0, TEXT_SHOWN)
    names = pl.repeat(column, len(lines), dtype=pl.String, eager=True)
    return pl.DataFrame([lines, names, shown, reasons], schema=REJECTS)


def is_unnamed(column: str) -> bool:
    """Whether a column has no name in the file."""
    return re.fullmatch(rf"{_UNNAMED}\d+", column) is not None


def looks_like_date(text: str) -> bool:
    """Whether a cell begins as a calendar date does, in any order."""
    return (_DATE_LIKE.match(text) is not None and _CODE.match(text) is None) or names_month(text)


def named_column(names: list[str], wanted: str, flag: str, file: str) -> str:
    """The column that was asked for, in any case. Raises InvalidInput with the columns that there are."""
    folded = wanted.strip().casefold()
    found = next((name for name in names if name == wanted), None) or next(
        (n for n in names if n.casefold() == folded), None
    )
    if found is None:
        shown = ", ".join(names[:20])
        raise InvalidInput(
            said(
                "%(file)s has no column %(wanted)s (%(flag)s); its columns are: %(shown)s.",
                file=file,
                wanted=repr(wanted),
                flag=flag,
                shown=shown,
            )
        )
    return found


def check_width(grid: Grid, file: str) -> None:
    """Raises InvalidInput for more columns than any file of readings has."""
    if grid.cells.width > MAX_COLUMNS:
        raise InvalidInput(
            said(
                "%(file)s: %(width)s columns are too many (limit %(max_columns)s); give a file of readings.",
                file=file,
                width=grid.cells.width,
                max_columns=MAX_COLUMNS,
            )
        )


def with_header(grid: Grid, file: str) -> Table:
    """Find the header row, take what stands above it as facts, and name the columns.

    Raises InvalidInput when no data rows follow.
    """
    check_width(grid, file)
    notes = list(grid.notes)
    names: Sequence[str | None]
    if grid.header is not None:
        names, first = grid.header, 0
    else:
        names, first, note = _header(grid)
        notes += note
    if first >= grid.cells.height:
        line = grid.lines[-1] if len(grid.lines) else 1
        raise InvalidInput(
            said(
                "%(file)s, line %(line)s: no readings follow the header; give a file with data rows below it.",
                file=file,
                line=line,
            )
        )
    check_labels([name or "" for name in names], file)
    facts = facts_of([*grid.above, *grid.cells.head(max(first - 1, 0)).rows()])
    cells = grid.cells.slice(first)
    cells.columns = unique_names(names)
    return Table(grid.lines.slice(first), cells, grid.rejects, notes, grid.comma_separated, facts=facts, known=Known())


def facts_of(rows: Sequence[Sequence[str | None]]) -> list[tuple[str, str]]:
    """What lines above a header say: `name: value` in a cell, name and value in two, or a line of names above one of values."""
    filled = [[(cell or "").strip() for cell in row] for row in rows]
    facts: list[tuple[str, str]] = []
    for number, row in enumerate(filled):
        below = filled[number + 1] if number + 1 < len(filled) else []
        held = [cell for cell in row if cell]
        for cell in held:
            name, colon, value = cell.partition(":")
            facts += [(name.strip("([ "), value.strip(")] "))] if colon and value.strip() else []
        if len(held) == 2:
            facts.append((held[0].rstrip(":"), held[1]))
        elif len(held) > 2 and sum(map(bool, below)) > 1:
            facts += [(name, value) for name, value in zip(row, below, strict=False) if name and value]
    return facts


def _header(grid: Grid) -> tuple[list[str | None], int, list[str]]:
    """Column names, index of the first data row, and notes."""
    top = grid.cells.head(50).rows()
    data = next(
        (i for i, row in enumerate(top) if any(cell and (looks_like_date(cell) or month_in(cell)) for cell in row)),
        None,
    )
    if data is None:
        data = _numeric_data(grid.cells)
    if data == 0:
        note = said("There is no header row; columns are called column 1, column 2, and so on.")
        return [None] * grid.cells.width, 0, [note]
    header = max(range(data or 1), key=lambda i: (sum(1 for cell in top[i] if cell), -i)) if top else 0
    names = list(top[header]) if top else []
    if header and _groups(top[header - 1], names):
        joined = said(
            "Lines %(first)s and %(second)s were read as one header.",
            first=grid.lines[header - 1],
            second=grid.lines[header],
        )
        return _joined_header(top[header - 1], names), header + 1, [joined]
    notes = (
        [said("Skipped %(skipped)s lines above the header on line %(line)s.", skipped=header, line=grid.lines[header])]
        if header
        else []
    )
    units = top[header + 1] if header + 1 < len(top) else ()
    if any(units) and all(not cell or find_unit(cell.strip("[]()")) for cell in units):
        names = [
            f"{name or ''} [{unit.strip('[]()')}]" if unit else name for name, unit in zip(names, units, strict=True)
        ]
        return (
            names,
            header + 2,
            [*notes, said("Line %(line)s was read as the units of the columns.", line=grid.lines[header + 1])],
        )
    if header + 1 < len(top) and data is not None and header + 1 < data and _continues(top[header], top[header + 1]):
        return _joined_header(top[header], top[header + 1]), header + 2, [
            *notes, said("Lines %(first)s and %(second)s were read as one header.",
            first=grid.lines[header], second=grid.lines[header + 1]),
        ]  # fmt: skip
    return names, header + 1, notes


def _numeric_data(cells: pl.DataFrame) -> int | None:
    """Index of the first row from which a column holds times that are numbers."""
    for first in range(min(_LINES_ABOVE, cells.height - 2)):
        if any(numeric_form(column.slice(first, 4)) for column in cells.iter_columns() if column[first]):
            return first
    return None


_LINES_ABOVE = 20
_NUMBER = re.compile(r"[-+]?[\d.,]+")


def _groups(above: Sequence[str | None], names: Sequence[str | None]) -> bool:
    """Whether a line names groups of the columns below it: names there come again, and the line has several words."""
    filled = [name for name in names if name]
    words = [cell for cell in above if cell]
    return len(set(filled)) < len(filled) and len(words) > 1 and not any(_NUMBER.fullmatch(cell) for cell in words)


def _continues(above: Sequence[str | None], below: Sequence[str | None]) -> bool:
    """Whether the line below a header goes on with it: words, and no numbers."""
    words = [cell for cell in below if cell]
    return len(words) > 1 and not any(_NUMBER.fullmatch(cell) for cell in words) and sum(map(bool, above)) > 1


def _joined_header(above: Sequence[str | None], below: Sequence[str | None]) -> list[str | None]:
    """Names of two lines; a cell that is merged over several columns is named in the first of them alone."""
    names: list[str | None] = []
    last = ""
    for upper, lower in zip(above, below, strict=True):
        last = upper or last
        group = upper or (last if lower else "")
        names.append(" ".join(part for part in (group, lower) if part) or None)
    return names


def unique_names(names: Sequence[str | None]) -> list[str]:
    """Names without blanks and repeats: `kWh`, `kWh (2)`, `column 3`."""
    seen: set[str] = set()
    result: list[str] = []
    for position, name in enumerate(names):
        base = " ".join((name or "").split()) or f"{_UNNAMED}{position + 1}"
        unique, count = base, 1
        while unique in seen:
            count += 1
            unique = f"{base} ({count})"
        seen.add(unique)
        result.append(unique)
    return result
