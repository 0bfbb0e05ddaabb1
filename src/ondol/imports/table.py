"""A file as a table of texts, whatever its format: the shape between the formats and the understanding of the columns."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from ondol.common.errors import InvalidInput
from ondol.common.units import find_unit
from ondol.imports.limits import check_labels
from ondol.imports.model import REJECTS
from ondol.imports.month_names import names_month
from ondol.imports.numeric_times import numeric_form

MAX_COLUMNS = 2_000
TEXT_SHOWN = 120
ROW_NAMES = "row"

_UNNAMED = "column "
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


@dataclass(frozen=True, slots=True)
class Table:
    """Data rows: `cells` has one String column a header name, `lines` the 1-based line (or sheet row) of each."""

    lines: pl.Series
    cells: pl.DataFrame
    rejects: pl.DataFrame
    notes: list[str]
    comma_separated: bool = False


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
    return _DATE_LIKE.match(text) is not None or names_month(text)


def with_header(grid: Grid, file: str) -> Table:
    """Find the header row, drop what stands above it, and name the columns.

    Raises InvalidInput when no data rows follow.
    """
    if grid.cells.width > MAX_COLUMNS:
        raise InvalidInput(
            f"{file}: {grid.cells.width} columns are too many (limit {MAX_COLUMNS}); give a file of readings."
        )
    notes = list(grid.notes)
    names: Sequence[str | None]
    if grid.header is not None:
        names, first = grid.header, 0
    else:
        names, first, note = _header(grid)
        notes += note
    if first >= grid.cells.height:
        line = grid.lines[-1] if len(grid.lines) else 1
        raise InvalidInput(f"{file}, line {line}: no readings follow the header; give a file with data rows below it.")
    check_labels([name or "" for name in names], file)
    cells = grid.cells.slice(first)
    cells.columns = _unique(names)
    return Table(grid.lines.slice(first), cells, grid.rejects, notes, grid.comma_separated)


def _header(grid: Grid) -> tuple[list[str | None], int, list[str]]:
    """Column names, index of the first data row, and notes."""
    top = grid.cells.head(50).rows()
    data = next((i for i, row in enumerate(top) if any(cell and looks_like_date(cell) for cell in row)), None)
    if (
        data is None
        and grid.cells.height > 2
        and any(numeric_form(column.head(3)) for column in grid.cells.iter_columns())
    ):
        data = 0
    if data == 0:
        note = "There is no header row; columns are called column 1, column 2, and so on."
        return [None] * grid.cells.width, 0, [note]
    header = max(range(data or 1), key=lambda i: (sum(1 for cell in top[i] if cell), -i)) if top else 0
    names = list(top[header]) if top else []
    notes = [f"Skipped {header} lines above the header on line {grid.lines[header]}."] if header else []
    units = top[header + 1] if header + 1 < len(top) else ()
    if any(units) and all(not cell or find_unit(cell.strip("[]()")) for cell in units):
        names = [
            f"{name or ''} [{unit.strip('[]()')}]" if unit else name for name, unit in zip(names, units, strict=True)
        ]
        return names, header + 2, [*notes, f"Line {grid.lines[header + 1]} was read as the units of the columns."]
    return names, header + 1, notes


def _unique(names: Sequence[str | None]) -> list[str]:
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
