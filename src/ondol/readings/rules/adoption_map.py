"""The map of an adoption: a table that a person edits, a line for each foreign series."""

import csv
import io
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ondol.common.errors import InvalidInput
from ondol.common.spreadsheets import harmless
from ondol.sites.model import PointKind, PointRole

SKIP = "skip"
COLUMNS = ("series", "point", "building", "quantity", "unit", "kind", "interval_s", "role", "multiplier")
"""What is read of a map. `series` names the line's series; a `point` that is `skip` leaves it."""
TOLD = ("readings", "first", "last", "last_value", "unit_there", "why")
"""What stands beside for whoever edits it, and is not read."""
KINDS = {
    "interval": PointKind.TOTAL,
    "register": PointKind.TOTAL_INCREASING,
    "measurement": PointKind.MEASUREMENT,
    "total": PointKind.TOTAL,
    "total_increasing": PointKind.TOTAL_INCREASING,
}
KIND_WORDS = {PointKind.TOTAL: "interval", PointKind.TOTAL_INCREASING: "register", PointKind.MEASUREMENT: "measurement"}
_MOST_TOLD = 20


@dataclass(frozen=True, slots=True)
class MapLine:
    """What a line says of a series; None is what it leaves open."""

    line: int
    series: str
    point: str | None = None
    building: str | None = None
    quantity: str | None = None
    unit: str | None = None
    kind: PointKind | None = None
    interval_s: int | None = None
    role: PointRole | None = None
    multiplier: float | None = None

    @property
    def is_skipped(self) -> bool:
        """Whether the series is to be left."""
        return self.point == SKIP


class Complaints:
    """What is wrong with a map, line by line: all of it is told at once, and nothing is done before."""

    def __init__(self) -> None:
        self._told: list[str] = []

    def add(self, line: int, reason: str) -> None:
        """Note what is wrong with a line."""
        self._told.append(f"line {line}: {reason}")

    def raise_any(self) -> None:
        """Raises InvalidInput with what was noted."""
        if self._told:
            more = len(self._told) - _MOST_TOLD
            rest = [f"and {more:,} more"] if more > 0 else []
            raise InvalidInput(
                "the map cannot be used; nothing was done. " + "; ".join([*self._told[:_MOST_TOLD], *rest])
            )


def write_map(rows: Iterable[Mapping[str, object]]) -> str:
    """A map as text, of rows with the columns COLUMNS and TOLD."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*COLUMNS, *TOLD])
    for row in rows:
        writer.writerow(["" if (cell := row.get(name)) is None else harmless(cell) for name in (*COLUMNS, *TOLD)])
    return out.getvalue()


def read_map(text: str, known: Iterable[str]) -> list[MapLine]:
    """The lines of a map; `known` are the series there are. Raises InvalidInput that names each wrong line and why."""
    by_cell = {str(harmless(series)).strip(): series for series in known}
    complaints, lines, seen = Complaints(), list[MapLine](), dict[str, int]()
    for number, cells in _rows(text):
        try:
            line = _line(number, cells, by_cell)
            if line.series in seen:
                raise ValueError(f"the series stands in line {seen[line.series]} already")
        except ValueError as error:
            complaints.add(number, str(error))
        else:
            seen[line.series] = number
            lines.append(line)
    complaints.raise_any()
    return lines


def _rows(text: str) -> list[tuple[int, dict[str, str]]]:
    """Lines by their number, each with its cells by column."""
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    try:
        head = [name.strip() for name in next(reader, [])]
        if missing := [name for name in ("series", "point") if name not in head]:
            raise InvalidInput(
                f"line 1: the map lacks the column {missing[0]!r}; write one with: ondol adopt influxdb --write-map FILE"
            )
        if unknown := [name for name in head if name not in (*COLUMNS, *TOLD)]:
            raise InvalidInput(f"line 1: {unknown[0][:40]!r} is no column of a map; those are {', '.join(COLUMNS)}")
        rows = [(reader.line_num, [cell.strip() for cell in cells]) for cells in reader]
    except csv.Error as error:
        raise InvalidInput(f"line {reader.line_num}: it is no CSV: {error}") from error
    return [(number, dict(zip(head, cells, strict=False))) for number, cells in rows if any(cells)]


def _line(number: int, cells: Mapping[str, str], by_cell: Mapping[str, str]) -> MapLine:
    """Raises ValueError."""
    series = cells.get("series", "")
    if series not in by_cell:
        raise ValueError(f"there is no series {series[:200]!r} (any more); write the map anew")
    given: dict[str, Any] = {name: cells[name] for name in ("point", "building", "quantity", "unit") if cells.get(name)}
    readers = {"kind": _kind, "interval_s": _interval, "role": _role, "multiplier": _multiplier}
    given |= {name: read(cells[name]) for name, read in readers.items() if cells.get(name)}
    return MapLine(number, by_cell[series], **given)


def _kind(text: str) -> PointKind:
    if text not in KINDS:
        raise ValueError(f"the kind {text[:40]!r} is none; choose interval, register or measurement")
    return KINDS[text]


def _role(text: str) -> PointRole:
    try:
        return PointRole(text)
    except ValueError:
        raise ValueError(f"the role {text[:40]!r} is none; choose one of {', '.join(PointRole)}") from None


def _interval(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text[:9]) <= 366 * 86_400 or len(text) > 9:
        raise ValueError(f"interval_s {text[:40]!r} is no whole number of seconds")
    return int(text)


def _multiplier(text: str) -> float:
    try:
        factor = float(text)
    except ValueError:
        factor = math.nan
    if not (math.isfinite(factor) and 0 < abs(factor) < 1e9):
        raise ValueError(f"the multiplier {text[:40]!r} is no number that values can be multiplied by")
    return factor
