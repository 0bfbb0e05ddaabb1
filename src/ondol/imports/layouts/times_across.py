"""Times in the header and a row a meter: statistics of Home Assistant's energy panel, pivot tables."""

import polars as pl

from ondol.common.messages import said
from ondol.imports.header_words import is_unit_column
from ondol.imports.numbers import numeric_share
from ondol.imports.opened import OpenedFile
from ondol.imports.table import Grid, Known, Table, check_width, looks_like_date, unique_names

_FEWEST = 3
_ROWS_LOOKED_AT = 20


def read(opened: OpenedFile) -> Table | None:
    """A row for each meter and time."""
    grid = opened.grid
    check_width(grid, opened.name)
    header = _header(grid)
    if header is None:
        return None
    names = [cell or "" for cell in grid.cells.row(header)]
    times = [position for position, name in enumerate(names) if looks_like_date(name)]
    return turned(grid, header + 1, {position: names[position] for position in times}, names, "time")


def turned(grid: Grid, first: int, stamps: dict[int, str], names: list[str], time: str) -> Table:
    """Rows from `first` on, a row for each cell below the stamps; what stands beside them names the meter."""
    cells = grid.cells.slice(first)
    beside = [position for position in range(cells.width) if position not in stamps]
    named = unique_names([names[position] for position in beside])
    kept = cells.select(pl.nth(position).alias(name) for position, name in zip(beside, named, strict=True))
    words = [name for name in named if numeric_share(kept[name]) == 0]
    frame = kept.with_columns(grid.lines.slice(first).alias(_LINE))
    parts = [
        frame.with_columns(pl.lit(stamp).alias(time), cells.to_series(position).alias(VALUE))
        for position, stamp in stamps.items()
    ]
    rows = pl.concat(parts).sort(_LINE, maintain_order=True)
    unit = next((name for name in words if is_unit_column(name)), None)
    known = Known(time=time, identity=tuple(name for name in words if name != unit), unit=unit, values=(VALUE,))
    note = said("The times stand in the header; each row is a meter.")
    return Table(rows[_LINE], rows.drop(_LINE), grid.rejects, [*grid.notes, note], grid.comma_separated, known)


VALUE = "value"
_LINE = " line"


def _header(grid: Grid) -> int | None:
    """Index of the row of times: below it no column of times goes on with times."""
    if grid.header is not None:
        return None
    top = grid.cells.head(_ROWS_LOOKED_AT).rows()
    for index, row in enumerate(top):
        times = [position for position, cell in enumerate(row) if cell and looks_like_date(cell)]
        if times:
            below = top[index + 1 : index + 6]
            goes_on = any(looks_like_date(other[position] or "") for other in below for position in times)
            return index if len(times) >= _FEWEST and below and not goes_on else None
    return None
