"""Taking a meter file into history: its series become points where they do not exist, its readings intervals."""

from collections.abc import Callable, Mapping, Sequence, Set
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
from ondol.common.messages import said
from ondol.common.objects import Objects
from ondol.common.results import Results
from ondol.common.retention import Retention
from ondol.common.units import conversion
from ondol.history.aggregate_readings import SHORTEST_KEPT_S, old_intervals
from ondol.history.known_stands import with_known_stands
from ondol.history.ports import HistoryRecords
from ondol.history.rules.metering import usual_spacing_us
from ondol.imports.amounts import MonthTotal, converted, intervals_of_readings, month_totals, point_of
from ondol.imports.model import KIND_NAMES, ImportOptions, ParsedFile, SeriesSpec
from ondol.imports.table import is_unnamed
from ondol.readings.model import READINGS
from ondol.readings.ports import TimeSeries
from ondol.sites.create_points import create_points
from ondol.sites.model import Building, NewPoint, Point, PointKind
from ondol.sites.point_index import PointIndex
from ondol.sites.ports import SiteRecords
from ondol.sites.rules import check_own_name

PREVIEW_ROWS = 5
_ENOUGH = 0.95
_NAMELESS = {"value", "state"}
_LONGEST_NAME = 200
_PLAIN_FIELDS = ("file", "building", "building_created", "rows_read", "missing", "stored", "notes")


@dataclass(frozen=True, slots=True)
class Otherwise:
    """What a series would come to under the next best reading of it: `total` in its `total_unit`."""

    kind: str
    total: float


@dataclass(frozen=True, slots=True)
class ImportedSeries:
    """What became of one series of a file, and why it was taken for that.

    Times are RFC 3339; `total` is the sum of its values for amounts. `by_month` is what its local months come to in `total_unit`:
    usage where it is a meter's, else the sum of amounts or the mean of a state.
    """

    point: str
    is_new: bool
    quantity: str
    unit: str
    kind: str
    role: str
    interval_s: int | None
    column: str
    values: int
    first_us: int | None
    last_us: int | None
    total: float | None
    preview: list[tuple[int, float]]
    why: list[str]
    total_unit: str
    by_month: list[MonthTotal]
    otherwise: Otherwise | None
    label: str | None

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
    objects: Objects


def import_history(
    access: Access, parsed: ParsedFile, building: Building, needs: ImportNeeds, *, dry_run: bool = False
) -> ImportSummary:
    """Store a parsed file; importing it again changes nothing. A dry run stores nothing and says what would happen.

    Raises InvalidInput when a series does not fit the point of its name, when the name is not one that they may give, or when the
    file leaves a question open that no point answers.
    """
    existing = needs.index.find(spec.point for spec in parsed.series)
    known = set(existing)
    for spec in parsed.series:
        _check_known(access, spec, existing, building.key, parsed.name)
    if not dry_run:
        existing |= _create_missing(access, parsed.series, existing, building.key, needs)
    stored = 0
    series: list[ImportedSeries] = []
    notes: list[str] = []
    for number, spec in enumerate(parsed.series):
        frame = parsed.frame.filter(pl.col("series") == number)
        point = existing.get(spec.point) or point_of(spec)
        readings = converted(frame, spec, point)
        intervals = _intervals(point, readings, spec, building, needs, is_known=spec.point in known)
        if not dry_run and frame.height:
            stored += _store(readings, intervals, point, building, needs)
        otherwise = _otherwise(spec, point, readings, building) if dry_run else None
        notes += _uncovered(point, spec, intervals)
        months = month_totals(point, intervals, building)
        series.append(_describe(spec, point, frame, months, otherwise, is_new=spec.point not in known))
    notes = [*parsed.notes, *notes, *_beside(access, parsed.series, known, building, needs)]
    return ImportSummary(
        parsed.name, building.key, parsed.rows_read, parsed.missing, stored, series, parsed.rejects, notes
    )


def _check_known(access: Access, spec: SeriesSpec, existing: Mapping[str, Point], building_key: str, file: str) -> None:
    point = existing.get(spec.point)
    if point is None or not access.reaches(point.building_key):
        check_own_name(access, building_key, spec.point)
    if point is not None:
        _check_fits(access, spec, point, building_key, file)
    if spec.question and (
        point is None or (point.kind is PointKind.TOTAL and not (point.interval_s or spec.interval_s))
    ):
        raise InvalidInput(spec.question)


def _check_fits(access: Access, spec: SeriesSpec, point: Point, building_key: str, file: str) -> None:
    if point.building_key != building_key:
        where = (
            said(" by building %(building_key)s", building_key=repr(point.building_key))
            if access.reaches(point.building_key)
            else ""
        )
        raise InvalidInput(
            said(
                "%(file)s: the key %(key)s is taken%(where)s; name another point with --point",
                file=file,
                key=repr(point.key),
                where=where,
            )
        )
    if point.formula is not None:
        raise InvalidInput(
            said(
                "%(file)s: %(key)s is a virtual point, reckoned by its formula; name another point with --point",
                file=file,
                key=repr(point.key),
            )
        )
    if conversion(spec.unit, point.unit) is None:
        raise InvalidInput(
            said(
                "%(file)s: column %(column)s is in %(unit)s but point %(key)s in %(unit_of_point)s; say the right --unit, or name "
                "another --point",
                file=file,
                column=repr(spec.column),
                unit=repr(spec.unit),
                key=repr(point.key),
                unit_of_point=repr(point.unit),
            )
        )
    if spec.kind is not point.kind and ("kind" not in spec.inferred or spec.question is None):
        raise InvalidInput(
            said(
                "%(file)s: column %(column)s reads as %(kind)s, but the point %(key)s is of %(kind_of_point)s; name "
                "another --point, or say --kind if it is the same meter",
                file=file,
                column=repr(spec.column),
                kind=KIND_NAMES[spec.kind],
                key=repr(point.key),
                kind_of_point=KIND_NAMES[point.kind],
            )
        )


def _create_missing(
    access: Access, series: list[SeriesSpec], existing: Mapping[str, Point], building_key: str, needs: ImportNeeds
) -> dict[str, Point]:
    new = {
        spec.point: NewPoint(
            key=spec.point,
            name=_name(spec, building_key),
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


def _name(spec: SeriesSpec, building_key: str) -> str:
    """What people call the series: the meter of its rows, its header, or else its key."""
    named = " ".join(part for part in (spec.label, None if spec.column in _NAMELESS else spec.column) if part)
    plain = spec.point.removeprefix(f"{building_key}.").replace("_", " ").replace(".", " ")
    return (plain if not named or is_unnamed(spec.column) else named)[:_LONGEST_NAME]


def _uncovered(point: Point, spec: SeriesSpec, intervals: pl.DataFrame) -> list[str]:
    """How much of the time a measured power leaves open: its energy is that of the rest."""
    if point.is_additive or point.usage_unit is None or intervals.is_empty():
        return []
    span_s = largest(intervals["start"] + intervals["duration_s"]) - smallest(intervals["start"])
    held_s = float((intervals["duration_s"] * intervals["measured_share"]).sum())
    if held_s >= _ENOUGH * span_s:
        return []
    return [
        said(
            "%(column)s: values are known for %(held_s)s of the time between the first and the last; the energy is that of this time.",
            column=spec.column,
            held_s=f"{held_s / span_s:.0%}",
        )
    ]


def _intervals(
    point: Point, readings: pl.DataFrame, spec: SeriesSpec, building: Building, needs: ImportNeeds, *, is_known: bool
) -> pl.DataFrame:
    """History of the readings; a register goes on from the stand before them and to the one after, when it has any."""
    if point.kind is PointKind.TOTAL_INCREASING and is_known and readings.height:
        readings = with_known_stands(point, readings, needs.history)
    return intervals_of_readings(point, readings, spec, building)


def _store(
    readings: pl.DataFrame, intervals: pl.DataFrame, point: Point, building: Building, needs: ImportNeeds
) -> int:
    spacing_us = usual_spacing_us(readings)
    points, buildings = {point.id: point}, {building.id: building}
    if point.kind is not PointKind.TOTAL and spacing_us is not None and spacing_us < SHORTEST_KEPT_S * SECOND_US:
        # Fine readings of the retention stay raw; aggregation makes their history.
        cutoff_us = needs.taken_in.from_us(epoch_us(needs.clock()))
        needs.timeseries.append(with_schema(readings.filter(pl.col("time_us") >= cutoff_us), READINGS))
        old = readings.filter(pl.col("time_us") < cutoff_us).drop("end_us")
        if old.height:
            needs.history.write(old_intervals(point, old), points, buildings)
        return readings.height
    needs.history.write(intervals, points, buildings)
    return readings.height


def _otherwise(spec: SeriesSpec, point: Point, readings: pl.DataFrame, building: Building) -> Otherwise | None:
    """The total under the next best reading, which is worth a look before a file is taken."""
    if spec.otherwise is None:
        return None
    other = replace(point, kind=spec.otherwise)
    months = month_totals(other, intervals_of_readings(other, readings, spec, building), building)
    return Otherwise(spec.otherwise.value, sum(month.value for month in months))


def _beside(
    access: Access, series: Sequence[SeriesSpec], known: Set[str], building: Building, needs: ImportNeeds
) -> list[str]:
    """What new mains are added to: a second main of one quantity may be a part of the first."""
    if building.id == 0:
        return []
    there = [point for point in needs.sites.points(building.key) if point.is_main_meter]
    notes: list[str] = []
    for quantity in dict.fromkeys(spec.quantity for spec in series):
        new = [s.point for s in series if s.quantity == quantity and s.point not in known and point_of(s).is_main_meter]
        old = [p.key for p in there if p.quantity == quantity and p.key not in new and access.reaches(p.building_key)]
        if new and old:
            notes.append(
                said(
                    "%(quantity)s: %(new)s is added to what %(old)s counts; if one is a part of another, give --role submeter.",
                    quantity=quantity,
                    new=", ".join(new),
                    old=", ".join(old[:5]),
                )
            )
    return notes


def _describe(
    spec: SeriesSpec, point: Point, frame: pl.DataFrame, months: list[MonthTotal], otherwise: Otherwise | None, *,
    is_new: bool,
) -> ImportedSeries:  # fmt: skip
    times = frame["time_us"]
    preview = frame.sort("line").head(PREVIEW_ROWS).select("time_us", "value").rows()
    total = float(frame["value"].sum()) if point.kind is PointKind.TOTAL else None
    return ImportedSeries(
        spec.point, is_new, point.quantity, spec.unit, point.kind.value, point.role.value, spec.interval_s, spec.column,
        frame.height, smallest(times) if frame.height else None, largest(times) if frame.height else None,
        total, preview, list(spec.why), point.usage_unit or point.unit, months, otherwise, spec.label,
    )  # fmt: skip
