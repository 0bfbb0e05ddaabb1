"""Taking a meter file into history: its series become points where they do not exist, its readings intervals."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from ondol.common.access import Access
from ondol.common.audit import Audit
from ondol.common.cache import Cache
from ondol.common.clock import Clock
from ondol.common.errors import InvalidInput
from ondol.common.frames import largest, smallest, with_schema
from ondol.common.instants import SECOND_US, epoch_us, format_instant
from ondol.common.results import Results
from ondol.common.retention import Retention
from ondol.common.units import conversion
from ondol.history.aggregate_readings import SHORTEST_KEPT_S, buildings_by_id, old_intervals
from ondol.history.ports import HistoryRecords
from ondol.history.rules.metering import usual_spacing_us
from ondol.history.rules.periods import period_intervals
from ondol.imports.model import ImportOptions, ParsedFile, SeriesSpec
from ondol.readings.model import READINGS
from ondol.readings.ports import TimeSeries
from ondol.sites.create_points import create_points
from ondol.sites.model import NewPoint, Point, PointKind
from ondol.sites.point_index import PointIndex
from ondol.sites.ports import SiteRecords
from ondol.sites.rules import check_own_name

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
    """What became of a file. `rejects` has the columns of `imports.model.REJECTS`; `stored` is 0 on a dry run."""

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
class ImportNeeds:
    """What importing needs. `timezone` is that of buildings that are created without one; `read` is `read_file`, or reads elsewhere."""

    sites: SiteRecords
    history: HistoryRecords
    timeseries: TimeSeries
    index: PointIndex
    cache: Cache
    results: Results
    audit: Audit
    clock: Clock
    taken_in: Retention
    timezone: str
    read: Callable[[Path | bytes, str, ImportOptions, str], ParsedFile]


def import_history(
    access: Access, parsed: ParsedFile, building_key: str, needs: ImportNeeds, *, dry_run: bool = False
) -> ImportSummary:
    """Store a parsed file; importing it again changes nothing. A dry run stores nothing and says what would happen.

    Raises InvalidInput when a series does not fit the point of its name, or the name is not one that they may give.
    """
    existing = needs.index.find(spec.point for spec in parsed.series)
    known = set(existing)
    for spec in parsed.series:
        if spec.question and (spec.point not in existing or not access.reaches(existing[spec.point].building_key)):
            raise InvalidInput(spec.question)
        if spec.point not in existing or not access.reaches(existing[spec.point].building_key):
            check_own_name(access, building_key, spec.point)
        if spec.point in existing:
            _check_fits(access, spec, existing[spec.point], building_key, parsed.name)
    if not dry_run:
        existing |= _create_missing(access, parsed.series, existing, building_key, needs)
    stored = 0
    series: list[ImportedSeries] = []
    for number, spec in enumerate(parsed.series):
        frame = parsed.frame.filter(pl.col("series") == number)
        if not dry_run and frame.height:
            stored += _store(frame, spec, existing[spec.point], needs)
        series.append(_describe(spec, frame, spec.point not in known))
    return ImportSummary(
        parsed.name, building_key, parsed.rows_read, parsed.missing, stored, series, parsed.rejects, parsed.notes
    )


def _check_fits(access: Access, spec: SeriesSpec, point: Point, building_key: str, file: str) -> None:
    if point.building_key != building_key:
        where = f" by building {point.building_key!r}" if access.reaches(point.building_key) else ""
        raise InvalidInput(f"{file}: the key {point.key!r} is taken{where}; name another point with --point")
    if conversion(spec.unit, point.unit) is None:
        raise InvalidInput(
            f"{file}: column {spec.column!r} is in {spec.unit!r} but point {point.key!r} in {point.unit!r}; "
            "say the right --unit, or name another --point"
        )
    if spec.kind is not point.kind and "kind" not in spec.inferred:
        raise InvalidInput(f"{file}: point {point.key!r} is a {point.kind}, not a {spec.kind}; name another --point")


def _create_missing(
    access: Access, series: list[SeriesSpec], existing: Mapping[str, Point], building_key: str, needs: ImportNeeds
) -> dict[str, Point]:
    new = {
        spec.point: NewPoint(
            key=spec.point,
            name=spec.point.removeprefix(f"{building_key}.").replace("_", " ").replace(".", " "),
            quantity=spec.quantity,
            unit=spec.unit,
            kind=spec.kind,
            interval_s=spec.interval_s,
            role=spec.role,
        )
        for spec in series
        if spec.point not in existing
    }
    if not new:
        return {}
    created = create_points(
        access, building_key, list(new.values()),
        records=needs.sites, index=needs.index, results=needs.results, audit=needs.audit,
    )  # fmt: skip
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


def _store(frame: pl.DataFrame, spec: SeriesSpec, point: Point, needs: ImportNeeds) -> int:
    point = replace(point, interval_s=spec.interval_s or point.interval_s)
    buildings = buildings_by_id(needs.sites)
    readings = _converted(frame, spec, point)
    if point.kind is not PointKind.TOTAL_INCREASING and frame["end_us"].is_not_null().any():
        with_ends = readings.with_columns(frame["end_us"])
        computed = period_intervals(point, with_ends, buildings[point.building_id])
        needs.history.write(computed, {point.id: point}, buildings)
        return readings.height
    spacing_us = usual_spacing_us(readings)
    if point.kind is not PointKind.TOTAL and spacing_us is not None and spacing_us < SHORTEST_KEPT_S * SECOND_US:
        # Fine readings of the retention stay raw; aggregation makes their history.
        cutoff_us = needs.taken_in.from_us(epoch_us(needs.clock()))
        needs.timeseries.append(readings.filter(pl.col("time_us") >= cutoff_us))
        old = readings.filter(pl.col("time_us") < cutoff_us)
        if old.height:
            needs.history.write(old_intervals(point, old), {point.id: point}, buildings)
        return readings.height
    needs.history.write(old_intervals(point, readings), {point.id: point}, buildings)
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
