"""History from files: how a meter file is to be read, and what was read from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import polars as pl

from ondol.common.messages import said
from ondol.sites.model import PointKind, PointRole

HISTORY = pl.Schema(
    {
        "series": pl.UInt16,
        "line": pl.UInt32,
        "time_us": pl.Int64,
        "end_us": pl.Int64,
        "value": pl.Float64,
        "quality": pl.UInt8,
    }
)
"""Readings of a file: index into its series, 1-based line of the file, UTC microseconds (interval start), the end of the reading's own
period where each has one (bills, calendar days), else null, finite value, flags of `common.quality`."""

REJECTS = pl.Schema({"line": pl.UInt32, "column": pl.String, "text": pl.String, "reason": pl.String})
"""What of a file was refused: the line, the column, the text as it stands there, and why."""

KIND_WORDS = {
    "interval": PointKind.TOTAL,
    "register": PointKind.TOTAL_INCREASING,
    "measurement": PointKind.MEASUREMENT,
}
"""The words that people use for kinds in commands and mapping files."""

KIND_NAMES = {
    PointKind.TOTAL: said("amounts of intervals"),
    PointKind.TOTAL_INCREASING: said("stands of a register"),
    PointKind.MEASUREMENT: said("measured states"),
}
Stamp = Literal["start", "end"]


@dataclass(frozen=True, slots=True)
class ColumnRule:
    """What one column holds; None leaves a thing to be inferred."""

    point: str | None = None
    quantity: str | None = None
    unit: str | None = None
    kind: PointKind | None = None
    role: PointRole | None = None


@dataclass(frozen=True, slots=True)
class FileRule:
    """One entry of a mapping file: options for the files whose name matches the pattern `file`."""

    file: str
    settings: Mapping[str, Any]  # fields of ImportOptions by name


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """How to read a file. None means: infer it from the file.

    `timezone` is that of stamps without an offset; one that a header names counts more unless a person gave theirs. `columns` names
    the columns or the meters to read and what they hold; `mapping` gives rules by file name, the first that matches counts and
    overrides the rest.
    """

    point: str | None = None
    quantity: str | None = None
    unit: str | None = None
    kind: PointKind | None = None
    role: PointRole | None = None
    time_column: str | None = None
    value_column: str | None = None
    timezone: str = "Asia/Seoul"
    is_timezone_given: bool = False
    date_format: str | None = None
    stamp: Stamp | None = None
    zero_is_missing: bool = False
    decimal_comma: bool | None = None
    multiplier: float | None = None
    delimiter: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    columns: Mapping[str, ColumnRule] = field(default_factory=dict[str, ColumnRule])
    mapping: tuple[FileRule, ...] = ()


@dataclass(frozen=True, slots=True)
class SeriesSpec:
    """One series of a file and the point it belongs to; `inferred` names the fields that were guessed, not given.

    `why` says in sentences what it was taken for by which signs. `question` is what has to be known before it can be stored, when
    the file does not tell it and no point that exists does; `otherwise` what it would be under the next best reading. `label` is
    the name of the meter where rows name theirs.
    """

    point: str
    quantity: str
    unit: str
    kind: PointKind
    interval_s: int | None
    column: str
    inferred: frozenset[str] = frozenset()
    role: PointRole = PointRole.MAIN
    why: tuple[str, ...] = ()
    question: str | None = None
    otherwise: PointKind | None = None
    label: str | None = None


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """What a file holds. `frame` has the columns of HISTORY sorted by series and time, `rejects` those of REJECTS.

    `rows_read` counts the data rows, `missing` the cells that hold no value; `notes` are sentences on what was inferred.
    """

    name: str
    series: list[SeriesSpec]
    frame: pl.DataFrame
    rejects: pl.DataFrame
    rows_read: int
    missing: int
    notes: list[str]
