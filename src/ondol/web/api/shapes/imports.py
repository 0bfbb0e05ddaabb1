"""Files as they are imported, and what became of them."""

from typing import Literal

from pydantic import AwareDatetime, Field

from ondol.imports import ImportedSeries, ImportSummary
from ondol.sites import PointRole
from ondol.web.api.shapes.base import Key, PointKey, Shape, Text, instant_of


class ImportQuery(Shape):
    """How to read the file; what is left out is inferred. See `ondol import --help`."""

    building: Key
    name: Text = Field(max_length=255, examples=["electricity-2019.csv"])
    point: PointKey | None = None
    quantity: Text | None = Field(None, min_length=1, max_length=50, examples=["electricity"])
    unit: Text | None = Field(None, max_length=20, examples=["kWh"])
    kind: Literal["interval", "register", "measurement"] | None = None
    role: PointRole | None = Field(None, description="what the meter's count is of the building's use")
    time: Text | None = Field(None, min_length=1, examples=["time"], description="name of the column")
    value: Text | None = Field(None, min_length=1, examples=["value"], description="name of the column")
    timezone: Text | None = Field(None, min_length=1, max_length=64, examples=["Asia/Seoul"])
    date_format: Text | None = Field(None, min_length=1, max_length=64, examples=["%Y-%m-%d %H:%M"])
    stamp: Literal["start", "end"] | None = None
    zero_is_missing: bool = False
    decimal_comma: bool | None = Field(None, examples=[False])
    multiplier: float | None = Field(None, gt=0, lt=1e9, description="what every value is multiplied by", examples=[1])
    delimiter: Text | None = Field(None, min_length=1, max_length=1, examples=[","])
    encoding: Text | None = Field(None, min_length=1, max_length=40, examples=["utf-8"])
    sheet: Text | None = Field(None, min_length=1, max_length=64, examples=["Sheet1"])
    mapping: Text | None = Field(
        None, min_length=1, description="text of a mapping file", examples=['- {file: "*.csv", stamp: start}']
    )
    dry_run: bool = False


class PreviewedValue(Shape):
    """One of the first values of a series, as it was understood."""

    time: AwareDatetime
    value: float


class MonthTotalAnswer(Shape):
    """What a local month comes to."""

    month: str = Field(examples=["2024-06"])
    value: float


class OtherwiseAnswer(Shape):
    """What the series would come to if it were of the other kind."""

    kind: str
    total: float


class ImportedSeriesAnswer(Shape):
    """What became of one series, and by which signs; `total` is the sum of its values for amounts, `by_month` usage in `total_unit`
    where it is a meter's. `otherwise` is told on a dry run.
    """

    point: str
    is_new: bool
    quantity: str
    unit: str
    kind: str
    role: PointRole
    interval_s: int | None
    column: str
    values: int
    first: AwareDatetime | None
    last: AwareDatetime | None
    total: float | None
    preview: list[PreviewedValue]
    why: list[str]
    total_unit: str
    by_month: list[MonthTotalAnswer]
    otherwise: OtherwiseAnswer | None
    label: str | None = Field(description="the meter, where rows name theirs")


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
        point=series.point, is_new=series.is_new, quantity=series.quantity, unit=series.unit, kind=series.kind, role=PointRole(series.role),
        interval_s=series.interval_s, column=series.column, values=series.values, first=first, last=last,
        total=series.total,
        preview=[PreviewedValue(time=instant_of(time_us), value=value) for time_us, value in series.preview],
        why=series.why, total_unit=series.total_unit,
        by_month=[MonthTotalAnswer(month=month.month, value=month.value) for month in series.by_month],
        label=series.label,
        otherwise=series.otherwise and OtherwiseAnswer(kind=series.otherwise.kind, total=series.otherwise.total),
    )  # fmt: skip
