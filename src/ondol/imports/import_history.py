"""Taking a meter file into history: its series become points where they do not exist, its readings intervals."""

from dataclasses import asdict, dataclass, replace
from typing import Any

import polars as pl

from ondol.common.clock import Clock
from ondol.common.errors import InvalidInput
from ondol.common.frames import largest, smallest, with_schema
from ondol.common.instants import DAY_US, SECOND_US, epoch_us, format_instant
from ondol.common.units import conversion
from ondol.history.aggregate_readings import SHORTEST_KEPT_S, buildings_by_id, old_intervals
from ondol.history.ports import History
from ondol.history.rules.metering import usual_spacing_us
from ondol.imports.model import ParsedFile, SeriesSpec
from ondol.readings.model import READINGS
from ondol.readings.ports import TimeSeries
from ondol.sites.model import Point, PointKind
from ondol.sites.point_index import PointIndex
from ondol.sites.ports import Directory

PREVIEW_ROWS = 5
_PLAIN_FIELDS = ("file", "building", "building_created", "rows_read", "missing", "stored", "notes")


@dataclass(frozen=True, slots=True)
class ImportedSeries:
    """What became of one series of a file. Times are RFC 3339; `total` is the sum of its values for amounts."""

    point: str
    is_new: bool
    quantity: str
    unit: str
    kind: str
    interval_s: int | None
    column: str
    values: int
    first_us: int | None
    last_us: int | None
    total: float | None
    preview: list[tuple[int, float]]

    def document(self) -> dict[str, Any]:
        """The series as JSON values."""
        fields = asdict(self)
        for name in ("first", "last"):
            time_us = fields.pop(f"{name}_us")
            fields[name] = None if time_us is None else format_instant(time_us)
        fields["preview"] = [{"time": format_instant(time_us), "value": value} for time_us, value in self.preview]
        return fields


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """What became of a file. `rejects` has the columns of `domain.history.REJECTS`; `stored` is 0 on a dry run."""

    file: str
    building: str
    rows_read: int
    missing: int
    stored: int
    series: list[ImportedSeries]
    rejects: pl.DataFrame
    notes: list[str]
    building_created: bool = False

    def document(self) -> dict[str, Any]:
        """The summary as JSON values."""
        return {
            **{name: getattr(self, name) for name in _PLAIN_FIELDS},
            "series": [item.document() for item in self.series],
            "rejects": self.rejects.to_dicts(),
        }


@dataclass(frozen=True, slots=True)
class ImportTarget:
    """What importing needs."""

    directory: Directory
    history: History
    timeseries: TimeSeries
    points: PointIndex
    clock: Clock
    raw_retention_days: int


def import_history(
    parsed: ParsedFile, building_key: str, target: ImportTarget, *, dry_run: bool = False
) -> ImportSummary:
    """Store a parsed file; importing it again changes nothing. A dry run stores nothing and says what would happen.

    Raises InvalidInput when a series does not fit the point of its name.
    """
    existing = target.points.find(spec.point for spec in parsed.series)
    known = set(existing)
    for spec in parsed.series:
        if spec.point in existing:
            _check_fits(spec, existing[spec.point], building_key, parsed.name)
    if not dry_run:
        existing |= _create_missing(parsed.series, existing, building_key, target)
    stored = 0
    series: list[ImportedSeries] = []
    for number, spec in enumerate(parsed.series):
        frame = parsed.frame.filter(pl.col("series") == number)
        if not dry_run and frame.height:
            stored += _store(_converted(frame, spec, existing[spec.point]), spec, existing[spec.point], target)
        series.append(_describe(spec, frame, spec.point not in known))
    return ImportSummary(
        parsed.name, building_key, parsed.rows_read, parsed.missing, stored, series, parsed.rejects, parsed.notes
    )


def _check_fits(spec: SeriesSpec, point: Point, building_key: str, file: str) -> None:
    if point.building_key != building_key:
        raise InvalidInput(
            f"{file}: point {point.key!r} belongs to building {point.building_key!r}; name another with --point"
        )
    if conversion(spec.unit, point.unit) is None:
        raise InvalidInput(
            f"{file}: column {spec.column!r} is in {spec.unit!r} but point {point.key!r} in {point.unit!r}; "
            "say the right --unit, or name another --point"
        )
    if spec.kind is not point.kind and "kind" not in spec.inferred:
        raise InvalidInput(f"{file}: point {point.key!r} is a {point.kind}, not a {spec.kind}; name another --point")


def _create_missing(
    series: list[SeriesSpec], existing: dict[str, Point], building_key: str, target: ImportTarget
) -> dict[str, Point]:
    new: dict[str, dict[str, Any]] = {}
    for spec in series:
        if spec.point not in existing:
            new[spec.point] = {
                "key": spec.point,
                "name": spec.point.removeprefix(f"{building_key}.").replace("_", " ").replace(".", " "),
                "quantity": spec.quantity,
                "unit": spec.unit,
                "kind": spec.kind.value,
                "interval_s": spec.interval_s,
            }
    created = target.directory.add_points(building_key, list(new.values())) if new else []
    if created:
        target.points.forget()
    return {point.key: point for point in created}


def _converted(frame: pl.DataFrame, spec: SeriesSpec, point: Point) -> pl.DataFrame:
    factor, offset = conversion(spec.unit, point.unit) or (1.0, 0.0)
    readings = frame.select(
        pl.lit(point.id).alias("point_id"),
        "time_us",
        (pl.col("value") * factor + offset).alias("value") if (factor, offset) != (1.0, 0.0) else pl.col("value"),
        pl.lit(0).alias("quality"),
    )
    return with_schema(readings, READINGS)


def _store(readings: pl.DataFrame, spec: SeriesSpec, point: Point, target: ImportTarget) -> int:
    point = replace(point, interval_s=spec.interval_s or point.interval_s)
    spacing_us = usual_spacing_us(readings)
    if point.kind is not PointKind.TOTAL and spacing_us is not None and spacing_us < SHORTEST_KEPT_S * SECOND_US:
        # Fine readings of the retention stay raw; aggregation makes their history.
        cutoff_us = epoch_us(target.clock()) - target.raw_retention_days * DAY_US
        recent = readings.filter(pl.col("time_us") >= cutoff_us)
        target.timeseries.append(recent)
        readings_old = readings.filter(pl.col("time_us") < cutoff_us)
        if readings_old.height:
            target.history.write(
                old_intervals(point, readings_old), {point.id: point}, buildings_by_id(target.directory)
            )
        return readings.height
    target.history.write(old_intervals(point, readings), {point.id: point}, buildings_by_id(target.directory))
    return readings.height


def _describe(spec: SeriesSpec, frame: pl.DataFrame, is_new: bool) -> ImportedSeries:
    times = frame["time_us"]
    preview = frame.sort("line").head(PREVIEW_ROWS).select("time_us", "value").rows()
    total = float(frame["value"].sum()) if spec.kind is PointKind.TOTAL else None
    return ImportedSeries(
        spec.point, is_new, spec.quantity, spec.unit, spec.kind.value, spec.interval_s, spec.column, frame.height,
        smallest(times) if frame.height else None,
        largest(times) if frame.height else None,
        total, preview,
    )  # fmt: skip
