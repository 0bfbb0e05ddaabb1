"""Files as they are imported, and what became of them."""

from typing import Literal

from pydantic import AwareDatetime, Field

from ondol.imports import ImportedSeries, ImportSummary
from ondol.web.api.shapes.base import Key, Shape, instant_of


class ImportQuery(Shape):
    """How to read the file; what is left out is inferred. See `ondol import --help`."""

    building: Key
    name: str = Field(max_length=255, examples=["electricity-2019.csv"])
    point: str | None = None
    quantity: str | None = None
    unit: str | None = None
    kind: Literal["interval", "register", "measurement"] | None = None
    time: str | None = None
    value: str | None = None
    timezone: str | None = None
    date_format: str | None = None
    stamp: Literal["start", "end"] | None = None
    zero_is_missing: bool = False
    decimal_comma: bool | None = None
    delimiter: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    mapping: str | None = Field(None, description="text of a mapping file")
    dry_run: bool = False


class PreviewedValue(Shape):
    """One of the first values of a series, as it was understood."""

    time: AwareDatetime
    value: float


class ImportedSeriesAnswer(Shape):
    """What became of one series; `total` is the sum of its values for amounts."""

    point: str
    is_new: bool
    quantity: str
    unit: str
    kind: str
    interval_s: int | None
    column: str
    values: int
    first: AwareDatetime | None
    last: AwareDatetime | None
    total: float | None
    preview: list[PreviewedValue]


class RejectedLine(Shape):
    """What of the file was refused."""

    line: int
    column: str | None
    text: str | None
    reason: str


class ImportAnswer(Shape):
    """What became of a file."""

    file: str
    building: str
    building_created: bool
    rows_read: int
    missing: int
    stored: int
    series: list[ImportedSeriesAnswer]
    rejects: list[RejectedLine]
    notes: list[str]


def import_answer(summary: ImportSummary) -> ImportAnswer:
    """The summary in the API's shape."""
    return ImportAnswer(
        file=summary.file, building=summary.building, building_created=summary.building_created,
        rows_read=summary.rows_read, missing=summary.missing, stored=summary.stored,
        series=[_series(series) for series in summary.series],
        rejects=[RejectedLine(**row) for row in summary.rejects.to_dicts()],
        notes=summary.notes,
    )  # fmt: skip


def _series(series: ImportedSeries) -> ImportedSeriesAnswer:
    first, last = (None if us is None else instant_of(us) for us in (series.first_us, series.last_us))
    return ImportedSeriesAnswer(
        point=series.point, is_new=series.is_new, quantity=series.quantity, unit=series.unit, kind=series.kind,
        interval_s=series.interval_s, column=series.column, values=series.values, first=first, last=last,
        total=series.total,
        preview=[PreviewedValue(time=instant_of(time_us), value=value) for time_us, value in series.preview],
    )  # fmt: skip
