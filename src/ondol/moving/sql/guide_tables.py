"""A foreign SQLite file that holds just the guide's four tables, taken in as buildings, tenants, users, points and history."""

import itertools
import sqlite3
from collections import defaultdict
from contextlib import closing
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl
from sqlalchemy import Table, func, select
from sqlalchemy.dialects import postgresql

from ondol.common.instants import DAY_S, epoch_s
from ondol.database.base import Base
from ondol.database.engine import Database
from ondol.history.model import intervals_frame
from ondol.history.ports import HistoryRecords
from ondol.people.tables import UserRow
from ondol.sites.model import RAW_RESOLUTION_S, NewPoint
from ondol.sites.ports import SiteRecords
from ondol.sites.tables import BuildingRow, TenantRow

COLUMNS = {
    "users": ("id", "username", "email", "password_hash", "role", "created_at"),
    "buildings": ("id", "name", "address", "total_area", "floors", "building_type", "created_at"),
    "tenants": ("id", "building_id", "name", "contact_info", "move_in_date", "contract_end_date", "created_at"),
}
_TABLES = {"users": UserRow, "buildings": BuildingRow, "tenants": TenantRow}


class Sensor(NamedTuple):
    """What tells the guide's series apart."""

    building_id: int
    sensor_type: str
    unit: str


@dataclass(slots=True)
class GuideReport:
    """Rows taken per table, values per point with their sum on both sides, and the rows that could not be taken."""

    rows: dict[str, int] = field(default_factory=dict[str, int])
    points: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    refused: list[str] = field(default_factory=list[str])

    @property
    def ok(self) -> bool:
        """Whether every row was taken and arrived; rows that were not taken are listed beside it."""
        return not self.refused and all(
            p["source"] == p["target"] and abs(p["source_sum"] - p["target_sum"]) < 1e-6 for p in self.points
        )

    def document(self) -> dict[str, Any]:
        """As `ondol migrate-sqlite --json` prints it."""
        return {"ok": self.ok, **asdict(self)}


def is_guide_file(source: Path) -> bool:
    """Whether the file has the guide's tables and not Ondol's own."""
    with closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
        names = {name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")}
    return {"buildings", "sensor_data"} <= names and "points" not in names


def take_in(
    source: Path, database: Database, sites: SiteRecords, history: HistoryRecords, *, dry_run: bool
) -> GuideReport:
    """Take every row over, ids kept; running it again replaces the same rows by themselves."""
    report = GuideReport()
    with closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        for name, columns in COLUMNS.items():
            rows = _rows(connection, name, columns, report)
            report.rows[name] = len(rows)
            if rows and not dry_run:
                _store(database, Base.metadata.tables[_TABLES[name].__tablename__], rows)
        values = _values(connection, report)
    report.rows["sensor_data"] = sum(map(len, values.values()))
    for sensor, series in sorted(values.items()):
        _take_series(sensor, series, sites, history, report, dry_run=dry_run)
    return report


def _rows(
    connection: sqlite3.Connection, name: str, columns: tuple[str, ...], report: GuideReport
) -> list[dict[str, Any]]:
    taken: list[dict[str, Any]] = []
    for row in connection.execute(f"select * from {name} order by id"):  # noqa: S608  names of the guide
        given = {column: row[column] for column in columns if column in row.keys()}  # noqa: SIM118
        try:
            taken.append({column: _value(column, value) for column, value in given.items()} | _keys(name, given["id"]))
        except ValueError as error:
            report.refused.append(f"{name} {row['id']}: {error}")
    return taken


def _keys(name: str, number: int) -> dict[str, str]:
    """The keys that Ondol's tables have beside the guide's columns."""
    return {"buildings": {"key": f"building_{number:03}"}, "tenants": {"key": f"tenant_{number:03}"}}.get(name, {})


def _value(column: str, value: Any) -> Any:
    if value is None:
        return None
    if column == "created_at":
        return datetime.fromisoformat(str(value)).replace(tzinfo=UTC)
    return date.fromisoformat(str(value)[:10]) if column.endswith("_date") else value


def _store(database: Database, table: Table, rows: list[dict[str, Any]]) -> None:
    insert = postgresql.insert(table)
    changed = {name: insert.excluded[name] for name in rows[0] if name != "id"}
    with database.write() as connection:
        connection.execute(insert.on_conflict_do_update(index_elements=["id"], set_=changed), rows)
        sequence = func.pg_get_serial_sequence(table.name, "id")
        connection.execute(
            select(func.setval(sequence, select(func.max(table.columns.id) + 1).scalar_subquery(), False))
        )


def _values(connection: sqlite3.Connection, report: GuideReport) -> dict[Sensor, list[tuple[int, float]]]:
    """Instants (epoch seconds; times without a zone are UTC) and values by building, sensor type and unit."""
    known = {number for (number,) in connection.execute("select id from buildings")}
    values: dict[Sensor, list[tuple[int, float]]] = defaultdict(list)
    for row in connection.execute("select * from sensor_data order by id"):
        try:
            if row["building_id"] not in known:
                raise ValueError(f"there is no building {row['building_id']}")
            time = datetime.fromisoformat(str(row["recorded_at"]))
            start = epoch_s(time if time.tzinfo else time.replace(tzinfo=UTC))
            values[Sensor(row["building_id"], row["sensor_type"], row["unit"] or "")].append(
                (start, float(row["value"]))
            )
        except (ValueError, TypeError) as error:
            report.refused.append(f"sensor_data {row['id']}: {error}")
    return values


def _take_series(
    sensor: Sensor, series: list[tuple[int, float]], sites: SiteRecords, history: HistoryRecords, report: GuideReport, *,
    dry_run: bool,
) -> None:  # fmt: skip
    building_key = f"building_{sensor.building_id:03}"
    key = f"{building_key}.{sensor.sensor_type}"
    newest = dict(series)  # of two rows of one second the later one counts
    entry: dict[str, Any] = {"point": key, "source": len(newest), "source_sum": sum(newest.values())}
    if dry_run:
        report.points.append(entry | {"target": len(newest), "target_sum": entry["source_sum"]})
        return
    if key not in sites.points_by_key([key]):
        new = NewPoint(key=key, name=key, quantity=sensor.sensor_type, unit=sensor.unit)
        sites.add_points(building_key, [new])
    point = sites.point(key)
    starts = sorted(newest)
    steps = sorted(later - earlier for earlier, later in itertools.pairwise(starts))
    duration_s = min(steps[len(steps) // 2], DAY_S) if steps else RAW_RESOLUTION_S
    gaps = [*(later - earlier for earlier, later in itertools.pairwise(starts)), duration_s]
    durations_s = [min(duration_s, gap) for gap in gaps]
    values = {"start": starts, "duration_s": durations_s, "value": [newest[start] for start in starts]}
    frame = intervals_frame(pl.DataFrame(values), point_id=point.id)
    buildings = {building.id: building for building in sites.buildings()}
    for part in frame.iter_slices(50_000):
        history.write(part, {point.id: point}, buildings)
    stored = history.read([point.id], starts[0], starts[-1] + 1)
    stored = stored.filter(pl.col("start") >= starts[0])
    report.points.append(entry | {"target": stored.height, "target_sum": float(stored["value"].sum())})
