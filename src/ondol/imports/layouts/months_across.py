"""A row a year and a column a month, or months with their years in the header: tables of bills."""

import re

import polars as pl

from ondol.imports.layouts.times_across import VALUE, turned
from ondol.imports.month_names import MONTHS
from ondol.imports.months import month_in
from ondol.imports.opened import OpenedFile
from ondol.imports.table import Grid, Known, Table, looks_like_date

_FEWEST = 6
_ROWS_LOOKED_AT = 20
_YEAR = re.compile(r"((?:19|20)\d\d)\s*년?")
_NUMBERED = re.compile(rf"(?:(\d{{1,2}})\s*(?:월|月)?|({'|'.join(MONTHS)})[a-z]*\.?)", re.IGNORECASE)


def read(opened: OpenedFile) -> Table | None:
    """A row for each year and month, stamped with the month's first day."""
    grid = opened.grid
    if grid.header is not None:
        return None
    for index, row in enumerate(grid.cells.head(_ROWS_LOOKED_AT).rows()):
        names = [cell or "" for cell in row]
        if any(map(looks_like_date, names)):
            return None
        with_year = {n: stamp for n, name in enumerate(names) if (stamp := month_in(name))}
        if len(with_year) >= _FEWEST:
            return turned(grid, index + 1, with_year, names, "month")
        months = {n: month for n, name in enumerate(names) if (month := _month(name))}
        if len(months) >= _FEWEST and sorted(months.values()) == list(months.values()):
            years = _year_column(grid, index + 1, set(months))
            return None if years is None else _by_year(grid, index + 1, months, names, years)
    return None


def _month(name: str) -> int | None:
    found = _NUMBERED.fullmatch(name.strip())
    if found is None:
        return None
    month = int(found[1]) if found[1] else MONTHS.index(found[2].lower()) + 1
    return month if 1 <= month <= 12 else None


def _year_column(grid: Grid, first: int, months: set[int]) -> int | None:
    """The column in which every row that says anything names a year."""
    for position in range(grid.cells.width):
        if position not in months:
            held = [cell for cell in grid.cells.slice(first).to_series(position) if cell]
            if held and sum(1 for cell in held if _YEAR.fullmatch(cell)) >= 0.5 * len(held):
                return position
    return None


def _by_year(grid: Grid, first: int, months: dict[int, int], names: list[str], years: int) -> Table:
    stamps = {position: f"-{month:02}-01" for position, month in months.items()}
    table = turned(grid, first, stamps, names, "month")
    year = grid.cells.slice(first).to_series(years).str.extract(_YEAR.pattern, 1)
    by_line = dict(zip(grid.lines.slice(first), year, strict=True))
    of_row = table.lines.replace_strict(by_line, return_dtype=pl.String, default=None)
    dated = pl.DataFrame({"year": of_row, "month": table.cells["month"]}).select(
        pl.when(pl.col("year").is_not_null()).then(pl.col("year") + pl.col("month")).otherwise(pl.lit(""))
    )
    cells = table.cells.with_columns(dated.to_series().alias("month"))
    if names[years] in cells.columns:
        cells = cells.drop(names[years])
    identity = tuple(name for name in table.known.identity if name != names[years])
    known = Known(time="month", identity=identity, unit=table.known.unit, values=(VALUE,))
    return Table(table.lines, cells, table.rejects, table.notes, table.comma_separated, known)
