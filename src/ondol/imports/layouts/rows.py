"""A header and a row a time: what most files are."""

import re
from dataclasses import replace

import polars as pl

from ondol.imports.opened import OpenedFile
from ondol.imports.table import Known, Table, looks_like_date, with_header

_SPAN = re.compile(r"^\s*(.+?)\s*(?:~|–|—|\bto\b|\bbis\b|\bau\b| - )\s*(.+?)\s*$")


def read(opened: OpenedFile) -> Table:
    """The rows below the header; a column of spans (`2024.01.05 ~ 2024.02.04`) becomes one of starts and one of ends."""
    table = with_header(opened.grid, opened.name)
    for name in table.cells.columns:
        held = [text for text in table.cells[name].head(50) if text]
        if held and sum(_is_span(text) for text in held) >= 0.8 * len(held):
            return _with_ends(table, name)
    return table


def _is_span(text: str) -> bool:
    found = _SPAN.match(text)
    return found is not None and looks_like_date(found[1]) and looks_like_date(found[2])


def _with_ends(table: Table, name: str) -> Table:
    ends = f"{name} (end)"
    parts = [_SPAN.match(text or "") if _is_span(text or "") else None for text in table.cells[name]]
    starts = pl.Series(
        name, [found[1] if found else text for found, text in zip(parts, table.cells[name], strict=True)]
    )
    last = pl.Series(ends, [found[2] if found else "" for found in parts])
    return replace(table, cells=table.cells.with_columns(starts, last), known=Known(time=name, end=ends))
