"""Readings in one DuckDB file, owned by one process.

A batch is acknowledged when the journal beside the file has it on disk; it is then visible from memory, and `touched`
moves what has gathered into the table `readings`, where a point and time stand once.
Why and how fast: docs/decisions/0002-readings-in-duckdb.md.
"""

import threading
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

import duckdb
import polars as pl

from ondol.common.errors import StoreUnavailable
from ondol.common.frames import largest, smallest
from ondol.readings.model import READINGS, bucket_readings, deduplicated
from ondol.readings.ports import BatchLines, StoreContext, TimeSeriesStatus
from ondol.sites.model import RAW_RESOLUTION_S, RAW_RESOLUTION_US
from ondol.stores.timeseries.journal import Journal

_SCHEMA = """
create table if not exists readings (point_id integer, time_us bigint, value double, quality utinyint);
create table if not exists touched (point_id integer, start bigint);
create table if not exists journal (applied bigint);
insert into journal select 0 where not exists (select 1 from journal);
"""

_MOST_GATHERED_ROWS = 300_000
_MOST_GATHERED_BATCHES = 64


class _Memory(NamedTuple):
    """Durable batches that are not yet in the table; replaced as a whole, so that a reader sees one state of both."""

    moving: list[pl.DataFrame]
    gathered: list[pl.DataFrame]

    @property
    def all(self) -> list[pl.DataFrame]:
        return [*self.moving, *self.gathered]


class DuckDBTimeSeries:
    """`TimeSeries` on DuckDB, with a journal for what is not yet in the table."""

    def __init__(self, path: Path, memory_mb: int = 96, threads: int = 2) -> None:
        """Open or create the file. Raises StoreUnavailable when another process owns it."""
        path.parent.mkdir(parents=True, exist_ok=True)
        config: dict[str, Any] = {
            "memory_limit": f"{memory_mb}MB",
            "threads": threads,
            "preserve_insertion_order": False,
        }
        try:
            self._connection = duckdb.connect(str(path), config=config)
        except duckdb.IOException as error:
            raise StoreUnavailable(
                f"{path} cannot be opened; another Ondol process may own it: stop that one, or go through it. ({error})"
            ) from error
        self._path = path
        self._local = threading.local()
        self._settling = threading.RLock()
        self._memory = _Memory([], [])
        self._memory_lock = threading.Lock()
        self._connection.execute(_SCHEMA)
        self._newest_us = self._scalar("select coalesce(max(time_us), -1) from readings")
        applied = self._scalar("select applied from journal")
        self._journal = Journal(path.with_name(path.name + ".journal"), self._gather, after=applied)
        self._recover()

    def append(self, readings: pl.DataFrame, as_sent: BatchLines | None = None) -> None:
        if readings.is_empty():
            return
        if not readings["value"].is_finite().all():
            raise ValueError("a reading's value must be finite")
        if sum(batch.height for batch in self._memory.gathered) > _MOST_GATHERED_ROWS:
            self.settle()
        self._journal.append(readings)

    def read(self, point_ids: Sequence[int], start_us: int, end_us: int) -> pl.DataFrame:
        # Memory first: what is settled meanwhile is then seen twice, never missed.
        recent = self._in_memory(point_ids, start_us, end_us)
        sql = """select point_id, time_us, value, quality from readings where point_id in (select unnest($points))
            and time_us >= $start and time_us < $end order by point_id, time_us"""
        settled = self._frame(sql, {"points": list(point_ids), "start": start_us, "end": end_us})
        return deduplicated(pl.concat([settled, recent])) if recent.height else settled

    def buckets(self, point_id: int, start_us: int, end_us: int, step_us: int) -> pl.DataFrame:
        return bucket_readings(self.read([point_id], start_us, end_us), step_us)

    def latest(self, point_ids: Sequence[int], before_us: int) -> pl.DataFrame:
        recent = self._in_memory(point_ids, 0, before_us)
        sql = """select point_id, max(time_us) as time_us, arg_max(value, time_us) as value,
                arg_max(quality, time_us) as quality
            from readings where point_id in (select unnest($points)) and time_us < $before group by point_id"""
        settled = self._frame(sql, {"points": list(point_ids), "before": before_us})
        return deduplicated(pl.concat([settled, recent])).group_by("point_id", maintain_order=True).last()

    def next_after(self, point_id: int, time_us: int) -> int | None:
        recent = self._in_memory([point_id], time_us, 1 << 62)["time_us"].min()
        sql = "select min(time_us) from readings where point_id = $point and time_us >= $time"
        ((settled,),) = self._cursor().execute(sql, {"point": point_id, "time": time_us}).fetchall()
        times = [time for time in (recent, settled) if isinstance(time, int)]
        return min(times, default=None)

    def touched(self) -> pl.DataFrame:
        self.settle()
        return self._frame("select distinct point_id, start from touched order by point_id, start", {})

    def forget(self, windows: pl.DataFrame) -> None:
        with self._settling, self._transaction() as cursor:
            cursor.register("forgotten", windows.to_arrow())
            cursor.execute(
                "delete from touched using forgotten where touched.point_id = forgotten.point_id "
                "and touched.start = forgotten.start"
            )
            cursor.unregister("forgotten")

    def settle(self) -> None:
        """Move what has gathered in memory into the table, note the windows it touches, and free its journal."""
        with self._settling:
            closed = self._journal.rotate(self._start_moving)
            if self._memory.moving:
                self._store(deduplicated(pl.concat(self._memory.moving)), closed)
                with self._memory_lock:
                    self._memory = _Memory([], self._memory.gathered)
            self._journal.remove_until(closed)

    def drop_before(self, time_us: int) -> int:
        self.settle()
        with self._settling, self._transaction() as cursor:
            dropped = cursor.execute("delete from readings where time_us < ?", [time_us]).fetchone()
        return int(dropped[0]) if dropped else 0

    def remove(self, points: Mapping[int, str]) -> None:
        self.settle()
        with self._settling, self._transaction() as cursor:
            for table in ("readings", "touched"):
                cursor.execute(f"delete from {table} where point_id in (select unnest(?))", [list(points)])  # noqa: S608

    def status(self) -> TimeSeriesStatus:
        settled = self._scalar("select count(*) from readings")
        staged = sum(batch.height for batch in self._memory.all)
        files = [
            self._path,
            *self._path.parent.glob(f"{self._path.name}.*"),
            *self._path.parent.glob(f"{self._path.name}.journal/*"),
        ]
        size = sum(file.stat().st_size for file in files if file.is_file())
        return TimeSeriesStatus("duckdb", duckdb.__version__, settled, staged, size)

    def close(self) -> None:
        self._journal.close()
        self.settle()
        self._connection.close()

    def _recover(self) -> None:
        self._memory = _Memory([], list(self._journal.replay()))
        self.settle()

    def _gather(self, batches: list[pl.DataFrame]) -> None:
        with self._memory_lock:
            gathered = [*self._memory.gathered, *batches]
            if len(gathered) > _MOST_GATHERED_BATCHES:
                gathered = [pl.concat(gathered)]
            self._memory = _Memory(self._memory.moving, gathered)

    def _start_moving(self) -> None:
        with self._memory_lock:
            # What a failed settle left behind is older than what has gathered since.
            self._memory = _Memory(self._memory.all, [])

    def _in_memory(self, point_ids: Sequence[int], start_us: int, end_us: int) -> pl.DataFrame:
        batches = self._memory.all
        if not batches:
            return READINGS.to_frame()
        time = pl.col("time_us")
        return pl.concat(batches).filter(pl.col("point_id").is_in(list(point_ids)), time >= start_us, time < end_us)

    def _store(self, readings: pl.DataFrame, journal_number: int) -> None:
        with self._transaction() as cursor:
            cursor.register("batch", readings.to_arrow())
            oldest, newest = smallest(readings["time_us"]), largest(readings["time_us"])
            if oldest <= self._newest_us:
                cursor.execute(
                    "delete from readings using batch where readings.point_id = batch.point_id "
                    "and readings.time_us = batch.time_us and readings.time_us between ? and ?",
                    [oldest, newest],
                )
            cursor.execute(
                "insert into readings select point_id, time_us, value, quality from batch order by point_id, time_us"
            )
            cursor.execute(
                "insert into touched select distinct point_id, time_us // ? * ? from batch",
                [RAW_RESOLUTION_US, RAW_RESOLUTION_S],
            )
            cursor.execute("update journal set applied = ?", [journal_number])
            cursor.unregister("batch")
        self._newest_us = max(self._newest_us, newest)

    @contextmanager
    def _transaction(self) -> Generator[duckdb.DuckDBPyConnection]:
        cursor = self._connection.cursor()
        try:
            cursor.begin()
            yield cursor
            cursor.commit()
        finally:
            cursor.close()

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        """A connection of this thread's own, so that reads run beside each other and beside writes."""
        cursor: duckdb.DuckDBPyConnection | None = getattr(self._local, "cursor", None)
        if cursor is None:
            cursor = self._local.cursor = self._connection.cursor()
        return cursor

    def _frame(self, sql: str, parameters: dict[str, object]) -> pl.DataFrame:
        frame = pl.from_arrow(self._cursor().sql(sql, params=parameters).to_arrow_table())
        assert isinstance(frame, pl.DataFrame)
        return frame

    def _scalar(self, sql: str) -> int:
        ((value,),) = self._cursor().execute(sql).fetchall()
        return int(value)


def open_store(url: str, context: StoreContext) -> DuckDBTimeSeries:
    """`duckdb:///FILE[?memory_mb=96&threads=2]`; what is dropped as old is decided outside."""
    parts = urlsplit(url)
    options = {name: int(values[-1]) for name, values in parse_qs(parts.query).items() if name != "retention_days"}
    return DuckDBTimeSeries(Path(parts.path[1:]), **options)
