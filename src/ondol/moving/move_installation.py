"""An embedded installation moves to the servers of the settings. It may be stopped at any point and started again."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from ondol.common.clock import Clock
from ondol.common.errors import AlreadyExists
from ondol.common.instants import epoch_us
from ondol.common.retention import Retention
from ondol.database.engine import Database
from ondol.moving.move_readings import (
    PointMove,
    Progress,
    compare_point,
    forget_aggregated,
    move_point,
    readings_before,
)
from ondol.moving.sql import copy_tables as tables
from ondol.readings.ports import TimeSeries

OpenTimeSeries = Callable[[Path], AbstractContextManager[TimeSeries]]


@dataclass(frozen=True, slots=True)
class MoveNeeds:
    """Where the installation moves to; `open_source` opens a copy of a home's raw readings, `open_target` those of the settings.

    `check_target` raises WrongConfiguration when the settings name no store that readings can move to. What is older than is
    `taken_in` stays as intervals only.
    """

    database: Database
    open_source: OpenTimeSeries
    open_target: Callable[[], AbstractContextManager[TimeSeries]]
    check_target: Callable[[], None]
    clock: Clock
    taken_in: Retention


@dataclass(frozen=True, slots=True)
class ReadingsMove:
    """Raw readings on both sides, point by point; older ones than the target keeps stay as intervals only."""

    readings: int
    readings_left_as_intervals: int
    points: list[PointMove]


@dataclass(frozen=True, slots=True)
class InstallationMove:
    """What moved, compared row by row and reading by reading; on a dry run what would move."""

    tables: list[tables.TableReport]
    readings: ReadingsMove
    would_move: list[str] = field(default_factory=list[str])

    @property
    def ok(self) -> bool:
        """Whether both sides hold the same."""
        return all(table.ok for table in self.tables) and all(point.ok for point in self.readings.points)

    def document(self) -> dict[str, Any]:
        """As `ondol migrate-sqlite --json` prints it."""
        moved = [{"ok": table.ok, **asdict(table)} for table in self.tables]
        return {
            "ok": self.ok,
            "tables": self.would_move or moved,
            "readings": self.readings.readings,
            "readings_left_as_intervals": self.readings.readings_left_as_intervals,
            "points": [{"ok": move.ok, **asdict(move)} for move in self.readings.points],
        }


def move_installation(
    original: Path, file: Path, needs: MoveNeeds, progress: Progress, *, dry_run: bool
) -> InstallationMove:
    """Move `file`, an unchanging copy of the SQLite file `original`, and the raw readings beside that.

    Raises WrongConfiguration; AlreadyExists when the target holds other data.
    """
    needs.check_target()
    found = tables.tables_of(file)
    if dry_run:
        return InstallationMove([], _move_readings(original.parent, file, needs, None), [t.name for t in found])
    needs.database.upgrade()
    claim(original, file, needs.database)
    for table in found:
        if tables.note(needs.database, f"table.{table.name}") is None:
            tables.copy_table(table, file, needs.database, progress)
            tables.note(needs.database, f"table.{table.name}", "done")
    tables.set_sequences(needs.database, found)
    reports = [tables.compare_table(table, file, needs.database) for table in found]
    return InstallationMove(reports, _move_readings(original.parent, file, needs, progress))


def claim(original: Path, file: Path, database: Database) -> None:
    """Note in the target where its data comes from. Raises AlreadyExists when it holds other data."""
    origin = str(original.resolve())
    before = tables.note(database, "source")
    if before not in (None, origin) or (before is None and tables.rows_in_target(database, tables.tables_of(file))):
        raise AlreadyExists("the target holds other data already; name an empty database in ONDOL_DATABASE_URL")
    tables.note(database, "source", origin)


def _move_readings(home: Path, file: Path, needs: MoveNeeds, progress: Progress | None) -> ReadingsMove:
    """Move the raw readings that the target keeps, and compare; without progress only say what there is."""
    ids, now = tables.point_ids(file), needs.clock()
    start_us = needs.taken_in.from_us(epoch_us(now))
    end_us = epoch_us(now + timedelta(days=1))
    with needs.open_source(home) as source:
        left = readings_before(ids, start_us, source)
        if progress is None:
            return ReadingsMove(source.status().readings, left, [])
        with needs.open_target() as target:
            for n, point_id in enumerate(ids, 1):
                if tables.note(needs.database, f"readings.{point_id}") is None:
                    move_point(point_id, start_us, end_us, source, target)
                    tables.note(needs.database, f"readings.{point_id}", "done")
                progress("readings of points", n, len(ids))
            forget_aggregated(source, target)
            moves = [compare_point(point_id, start_us, end_us, source, target) for point_id in ids]
    return ReadingsMove(sum(move.source for move in moves), left, moves)
