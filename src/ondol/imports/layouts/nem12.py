"""NEM12, the interval file of Australia's electricity market.

Record 200 says meter (NMI), register suffix, unit and minutes an interval; each 300 below it is a day of values, by the market's
clock (UTC+10 all year). E registers count what is drawn from the grid, B what is fed into it, Q and K the reactive energy of both.
Source: AEMO, Meter Data File Format Specification NEM12 & NEM13, version 2.5.
"""

import csv
import re
from datetime import datetime, timedelta, timezone

import polars as pl

from ondol.common.errors import InvalidInput
from ondol.common.messages import said
from ondol.imports.model import REJECTS
from ondol.imports.opened import OpenedFile
from ondol.imports.table import Known, Table

_FIRST = re.compile(r"\s*(?:100\s*,\s*\"?(NEM1[23])|200\s*,)")
_MARKET_TIME = timezone(timedelta(hours=10))
_DIRECTIONS = {"E": "import", "B": "export", "Q": "import reactive", "K": "export reactive"}
_MINUTES = (5, 15, 30)


def read(opened: OpenedFile) -> Table | None:
    """A row for each interval: meter, register, unit, time and value."""
    first = _FIRST.match(opened.head)
    if first is None:
        return None
    if first[1] == "NEM13":
        raise InvalidInput(
            said(
                "%(name)s is NEM13, of accumulated reads; ask the retailer for the interval file NEM12.",
                name=opened.name,
            )
        )
    records = _Records(opened.name)
    for line, cells in enumerate(csv.reader(opened.text[0].splitlines()), start=1):
        records.take(line, [cell.strip() for cell in cells])
    return records.table(opened.text[1])


class _Records:
    """What the records said so far."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._meter: tuple[str, str, str, int] | None = None
        self._rows: list[list[str]] = []
        self._lines: list[int] = []
        self._day_begins = 0
        self._refused: list[tuple[int, str, str, str]] = []

    def take(self, line: int, cells: list[str]) -> None:
        kind = cells[0] if cells else ""
        if kind == "200":
            self._meter = self._described(line, cells)
        elif kind == "300":
            self._day(line, cells)
        elif kind == "400":
            self._part(cells)
        elif kind not in ("", "100", "500", "900"):
            self._refused.append((line, "", ",".join(cells), said("is no record of NEM12 (100 to 900)")))

    def table(self, notes: list[str]) -> Table:
        """What was taken. Raises InvalidInput without any interval."""
        if not self._rows:
            raise InvalidInput(
                said("%(file)s is NEM12 without an interval: no record 300 below a record 200.", file=self._file)
            )
        names = ("NMI", "register", "unit", "time", "value", "quality")
        cells = pl.DataFrame(self._rows, schema=dict.fromkeys(names, pl.String), orient="row")
        refused = pl.DataFrame(self._refused, schema=REJECTS, orient="row")
        return Table(
            pl.Series("line", self._lines, pl.UInt32), cells, refused,
            [*notes, said("The file is NEM12: its times are the market's (UTC+10), E is drawn from the grid, B fed into it.")],
            known=Known(time="time", identity=("NMI", "register"), unit="unit", quality="quality", values=("value",)),
        )  # fmt: skip

    def _described(self, line: int, cells: list[str]) -> tuple[str, str, str, int] | None:
        if len(cells) < 9 or not cells[8].isdigit() or int(cells[8]) not in _MINUTES:
            self._refused.append(
                (line, "", ",".join(cells)[:120], said("record 200 names no interval of 5, 15 or 30 minutes"))
            )
            return None
        suffix = cells[4] or "E1"
        register = " ".join(part for part in (suffix, _DIRECTIONS.get(suffix[0], "")) if part)
        return cells[1], register, cells[7], int(cells[8])

    def _day(self, line: int, cells: list[str]) -> None:
        if self._meter is None:
            self._refused.append((line, "", ",".join(cells)[:120], said("stands below no record 200")))
            return
        nmi, register, unit, minutes = self._meter
        count = 24 * 60 // minutes
        values = cells[2 : 2 + count]
        try:
            midnight = datetime.strptime(cells[1], "%Y%m%d").replace(tzinfo=_MARKET_TIME)
        except (ValueError, IndexError):
            self._refused.append((line, "", ",".join(cells)[:120], said("its date is not written as 20240131")))
            return
        if len(values) < count:
            self._refused.append(
                (
                    line,
                    "",
                    ",".join(cells)[:120],
                    said("has %(values)s of %(count)s values", values=len(values), count=count),
                )
            )
            return
        quality = _quality(cells[2 + count] if len(cells) > 2 + count else "")
        self._day_begins = len(self._rows)
        self._lines += [line] * count
        self._rows += [
            [nmi, register, unit, (midnight + timedelta(minutes=minutes * n)).isoformat(), value, quality]
            for n, value in enumerate(values)
        ]

    def _part(self, cells: list[str]) -> None:
        """Record 400: the quality of some intervals of the day above, numbered from 1."""
        numbers = [int(cell) if cell.isdigit() else 0 for cell in cells[1:3]]
        for row in self._rows[self._day_begins + max(numbers[0] - 1, 0) : self._day_begins + numbers[-1]]:
            row[-1] = _quality(cells[3] if len(cells) > 3 else "")


def _quality(method: str) -> str:
    """`estimated` for what was not measured: estimates, forward estimates and final substitutes."""
    return "estimated" if method[:1] in ("E", "F", "S") else "actual"
