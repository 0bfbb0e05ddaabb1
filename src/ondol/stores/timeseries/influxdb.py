"""Readings in InfluxDB, with a spool on disk for the time that it is away.

A batch is acknowledged when InfluxDB has it or, while InfluxDB is away or earlier batches still wait, when the spool has it.
Batches that arrive while one is written share the next request. docs/decisions/0007-readings-in-influxdb.md says why.
"""

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import polars as pl
import structlog
from pydantic import SecretStr

from ondol.common.errors import StoreUnavailable
from ondol.common.retention import Retention
from ondol.readings.model import LATEST_US, READINGS, bucket_readings, deduplicated
from ondol.readings.ports import BatchLines, StoreContext, TimeSeriesStatus
from ondol.stores.timeseries.influxdb_http import Address, InfluxDBClient, Refused
from ondol.stores.timeseries.influxdb_lines import GOOD_STATUS, MEASUREMENT, LineWriter, quality_of
from ondol.stores.timeseries.influxdb_setup import set_up
from ondol.stores.timeseries.influxdb_touched import TouchedWindows
from ondol.stores.timeseries.spool import Spool, Waiting

DRAIN_EVERY_S = 0.5
TELL_EVERY_S = 60.0
WRITES_AT_ONCE = 2
MOST_LINES_A_WRITE = 10_000
_MOST_POINTS_A_QUERY = 200
_log = structlog.get_logger()


@dataclass(slots=True)
class _Batch:
    """One request's readings, and why they could not be kept."""

    readings: pl.DataFrame
    as_sent: BatchLines | None = None
    failure: Exception | None = None


class _Group:
    """Batches that are written together."""

    def __init__(self) -> None:
        self.batches: list[_Batch] = []
        self.done = threading.Event()


class InfluxDBTimeSeries:
    """`TimeSeries` on InfluxDB 1.x, 2.x or 3.x."""

    def __init__(self, address: Address, spool: Spool, context: StoreContext, retention: Retention) -> None:
        """Nothing need be there yet: what is missing is set up, now or when InfluxDB is back."""
        self._client = InfluxDBClient(address)
        self._retention = retention
        self._writer = LineWriter(context.points_by_id, context.points_version)
        self._merged = context.merged
        self._touched = TouchedWindows(self._client)
        self._spool = spool
        self._counted = (0, 0.0)
        self._trouble: str | None = None
        self._told_at = 0.0
        self._next_group = _Group()
        self._joining, self._writing = threading.Lock(), threading.BoundedSemaphore(WRITES_AT_ONCE)
        self._closing = threading.Event()
        self._drainer = threading.Thread(target=self._drain_repeatedly, name="spool", daemon=True)
        try:
            self.set_up()
        except StoreUnavailable as error:
            _log.warning("readings wait in the spool", reason=str(error))
        self._drainer.start()

    def set_up(self) -> None:
        """Make the database with its retention. Raises StoreUnavailable."""
        left = set_up(self._client, self._retention)
        if left:
            _log.warning("the retention of InfluxDB is left as it is", reason=left)

    def append(self, readings: pl.DataFrame, as_sent: BatchLines | None = None) -> None:
        if readings.is_empty():
            return
        # By NumPy: polars would hand so little work to its threads, and wait for them.
        if not np.isfinite(readings["value"].to_numpy()).all():
            raise ValueError("a reading's value must be finite")
        batch = _Batch(readings, as_sent)
        with self._joining:
            group = self._next_group
            group.batches.append(batch)
        with self._writing:
            # Whoever comes first writes for all that have joined until now; the others find it done.
            with self._joining:
                is_first = self._next_group is group
                if is_first:
                    self._next_group = _Group()
            if is_first:
                self._write_group(group)
        group.done.wait()
        if batch.failure is not None:
            raise batch.failure

    def read(self, point_ids: Sequence[int], start_us: int, end_us: int) -> pl.DataFrame:
        # The spool first: what is drained meanwhile is then seen twice, never missed.
        waiting = self._waiting(point_ids, start_us, end_us)
        frames = [READINGS.to_frame()]
        for part in _chunks(list(point_ids)):
            keys = {key: point_id for point_id, key in self._writer.keys(part).items()}
            if keys:
                where = f"{_points(keys)} AND {_between(start_us, end_us)}"
                statement = f"SELECT value, status FROM {MEASUREMENT} WHERE {where} GROUP BY *"  # noqa: S608
                frames.append(self._select(statement, keys))
        return deduplicated(pl.concat([*frames, *waiting]))

    def buckets(self, point_id: int, start_us: int, end_us: int, step_us: int) -> pl.DataFrame:
        key = self._writer.key(point_id)
        if key is None or not self._spool.is_empty():
            return bucket_readings(self.read([point_id], start_us, end_us), step_us)
        where = f"{_points([key])} AND {_between(start_us, end_us)}"
        aggregates = "mean(value), min(value), max(value), sum(value), first(value), last(value), count(value)"
        series = self._client.query(
            f"SELECT {aggregates} FROM {MEASUREMENT} WHERE {where} GROUP BY time({step_us}u), * fill(none)"  # noqa: S608
        )
        if len(series) > 1:  # a reading that was sent again after its point changed stands in both
            return bucket_readings(self.read([point_id], start_us, end_us), step_us)
        rows = series[0]["values"] if series else []
        found = pl.DataFrame(rows, schema=_BUCKETS, orient="row")
        flagged = self._client.query(
            f"SELECT value, status FROM {MEASUREMENT} WHERE {where} AND status != '{GOOD_STATUS}'"  # noqa: S608
        )
        flags = pl.DataFrame(
            [(t // step_us * step_us, quality_of(s)) for t, _, s in (flagged[0]["values"] if flagged else [])],
            schema={"time_us": pl.Int64, "quality": pl.UInt8},
            orient="row",
        )
        flags = flags.group_by("time_us").agg(pl.col("quality").bitwise_or())
        return found.join(flags, on="time_us", how="left", maintain_order="left").with_columns(
            pl.col("quality").fill_null(0)
        )

    def latest(self, point_ids: Sequence[int], before_us: int) -> pl.DataFrame:
        frames = [READINGS.to_frame(), *self._waiting(point_ids, 0, before_us)]
        for part in _chunks(list(point_ids)):
            keys = {key: point_id for point_id, key in self._writer.keys(part).items()}
            if keys:
                where = f"{_points(keys)} AND {_between(0, before_us)}"
                statement = (
                    f"SELECT value, status FROM {MEASUREMENT} WHERE {where} GROUP BY * ORDER BY time DESC LIMIT 1"  # noqa: S608
                )
                frames.insert(1, self._select(statement, keys))
        return deduplicated(pl.concat(frames)).group_by("point_id", maintain_order=True).last()

    def next_after(self, point_id: int, time_us: int) -> int | None:
        waiting = self._waiting([point_id], time_us, LATEST_US)
        firsts: list[Any] = [frame["time_us"].min() for frame in waiting if frame.height]
        key = self._writer.key(point_id)
        if key is not None:
            where = f"{_points([key])} AND {_between(time_us, LATEST_US)}"
            found = self._client.query(f"SELECT value FROM {MEASUREMENT} WHERE {where} LIMIT 1")  # noqa: S608
            firsts += [series["values"][0][0] for series in found]
        return min(firsts, default=None)

    def touched(self) -> pl.DataFrame:
        return self._touched.read()

    def forget(self, windows: pl.DataFrame) -> None:
        try:
            self._touched.forget(windows)
        except Refused as error:
            raise StoreUnavailable(f"InfluxDB refuses to note what was aggregated: {error}") from error

    def drop_before(self, time_us: int) -> int:
        # Readings go by the database's own retention, which somebody may have made longer for good reason.
        self._touched.drop_settled()
        return 0

    def remove(self, points: Mapping[int, str]) -> None:
        # 3.x deletes nothing: there its retention does. No other point ever goes by these names.
        if self._client.version.startswith("3"):
            return
        for name in points.values():
            try:
                self._client.execute(f"DELETE FROM {MEASUREMENT} WHERE {_points([name])}")  # noqa: S608
            except Refused as error:
                _log.warning("readings of a deleted point are left to the retention", point=name, reason=str(error))

    def status(self) -> TimeSeriesStatus:
        return TimeSeriesStatus(
            "influxdb",
            self._client.version,
            self._count(),
            self._spool.readings(),
            self._spool.size_bytes(),
            self._trouble,
        )

    def close(self) -> None:
        if self._closing.is_set():
            return
        self._closing.set()
        self._drainer.join()
        for _ in range(WRITES_AT_ONCE):
            self._writing.acquire()
        self._client.close()
        self._spool.close()

    def _count(self) -> int:
        """Readings in InfluxDB. It counts by reading them all, so a count that took long is told for a while."""
        count, until = self._counted
        if time.monotonic() > until:
            started = time.monotonic()
            # Others may write the measurement, too; what Ondol writes names its point.
            found = self._client.query(f"SELECT count(value) FROM {MEASUREMENT} WHERE point != ''")  # noqa: S608
            count = int(found[0]["values"][0][1]) if found else 0
            took_s = time.monotonic() - started
            self._counted = count, time.monotonic() + min(took_s * 100, 600)
        return count

    def _write_group(self, group: _Group) -> None:
        try:
            if not self._spool.is_empty():
                # Order: what came earlier is stored first.
                self._spool.append([batch.readings for batch in group.batches])
            else:
                self._write_or_spool(group.batches)
        except Exception as error:
            for batch in group.batches:
                batch.failure = error
        finally:
            group.done.set()

    def _write_or_spool(self, batches: list[_Batch]) -> None:
        try:
            self._write(batches)
        except StoreUnavailable as error:
            _log.warning("readings wait in the spool", reason=str(error))
            self._spool.append([batch.readings for batch in batches])
        except Refused as error:
            self._write_apart(batches, error)

    def _write_apart(self, batches: list[_Batch], refusal: Refused) -> None:
        """What InfluxDB refused of some must not cost the others: each batch is written by itself, and fails by itself."""
        if len(batches) == 1:
            raise StoreUnavailable(
                f"InfluxDB refuses readings ({refusal}); mend that in InfluxDB and send again"
            ) from refusal
        for batch in batches:
            try:
                self._write_or_spool([batch])
            except StoreUnavailable as error:
                batch.failure = error

    def _write(self, batches: list[_Batch]) -> None:
        frames = [batch.readings for batch in batches]
        readings = pl.concat(frames) if len(frames) > 1 else frames[0]
        if not self._pass_on(batches, readings):
            readings = self._of_points_that_are(readings)
            for part in readings.iter_slices(MOST_LINES_A_WRITE):
                self._client.write("\n".join([*self._writer.render(part), *self._touched.lines(part)]).encode())

    def _of_points_that_are(self, readings: pl.DataFrame) -> pl.DataFrame:
        """The readings that still belong to a point: those of one that was merged to the other one's, those of a deleted one to nobody."""
        ids = set(readings["point_id"].to_list())
        gone = ids - self._writer.keys(ids).keys()
        if not gone:
            return readings
        kept = [readings.filter(~pl.col("point_id").is_in(list(gone)))]
        for point_id, to in self._merged(gone).items():
            moved = readings.filter(pl.col("point_id") == point_id)
            value = pl.col("value") * to.factor + to.shift
            kept.append(moved.with_columns(pl.lit(to.point_id, pl.Int32).alias("point_id"), value))
        left = pl.concat(kept)
        if left.height < readings.height:
            _log.warning("readings of points that were deleted are dropped", readings=readings.height - left.height)
        return left

    def _pass_on(self, batches: list[_Batch], readings: pl.DataFrame) -> bool:
        """Write the batches as they were sent; False when that would not be the same, or InfluxDB does not take it."""
        if readings.height > MOST_LINES_A_WRITE:
            return False
        # A copy of a point and time that came later in the same request would be the one that InfluxDB keeps.
        bodies = [self._writer.pass_on(batch.readings, batch.as_sent) for batch in batches if batch.as_sent]
        lines = [body for body in bodies if body]
        if len(lines) < len(batches):
            return False
        try:
            self._client.write(b"\n".join([*lines, *(line.encode() for line in self._touched.lines(readings))]))
        except Refused as error:
            _log.debug("lines are rendered anew", reason=str(error))
            return False
        return True

    def _drain_repeatedly(self) -> None:
        while not self._closing.wait(DRAIN_EVERY_S):
            try:
                if not self._spool.is_empty():
                    self._drain()
            except StoreUnavailable as error:
                self._tell(str(error))
            except Exception:
                _log.exception("the spool was not drained")

    def _tell(self, reason: str) -> None:
        """A spool that only grows is told as an error, once a minute; one that waits for a server on its way back is none yet."""
        if self._trouble is None:
            self._told_at = time.monotonic()
        self._trouble = reason
        if time.monotonic() - self._told_at > TELL_EVERY_S:
            self._told_at = time.monotonic()
            _log.error("readings wait in the spool and are not taken", readings=self._spool.readings(), reason=reason)

    def _drain(self) -> None:
        with self._spool.drainer() as mine:
            if not mine:
                return
            try:
                self.set_up()
            except StoreUnavailable as error:
                # A token may write without being allowed to look; whether it may, the write itself says.
                _log.debug("InfluxDB is not set up", reason=str(error))
            while not self._closing.is_set() and (waiting := self._spool.oldest(MOST_LINES_A_WRITE)):
                self._drain_some(waiting)
                self._spool.remove(waiting)
            self._trouble = None
            _log.info("the spool is drained")

    def _drain_some(self, waiting: list[Waiting]) -> None:
        try:
            self._write([_Batch(item.batch) for item in waiting])
        except Refused:
            for item in waiting:
                try:
                    self._write([_Batch(item.batch)])
                except Refused as error:
                    # Kept in the file, out of the way: one bad batch must not hold up the rest for good.
                    _log.error("InfluxDB refuses spooled readings", readings=item.batch.height, reason=str(error))
                    self._spool.set_aside([item], str(error))

    def _waiting(self, point_ids: Sequence[int], start_us: int, end_us: int) -> list[pl.DataFrame]:
        if self._spool.is_empty():
            return []
        wanted = pl.col("point_id").is_in(list(point_ids)), pl.col("time_us") >= start_us, pl.col("time_us") < end_us
        return [batch.filter(*wanted) for batch in self._spool.between(start_us, end_us)]

    def _select(self, statement: str, point_ids: dict[str, int]) -> pl.DataFrame:
        """Readings of a statement that selects value and status by series; what has the tags of today comes last, and counts."""
        frames = [READINGS.to_frame()]
        found = [(point_ids[series["tags"]["point"]], series) for series in self._client.query(statement)]
        for point_id, series in sorted(found, key=lambda it: self._writer.is_present(it[0], it[1]["tags"])):
            times, values, statuses = zip(*series["values"], strict=True)
            frames.append(_frame(point_id, times, values, statuses))
        return pl.concat(frames)


_BUCKETS = pl.Schema(
    {
        "time_us": pl.Int64, "mean": pl.Float64, "min": pl.Float64, "max": pl.Float64, "sum": pl.Float64,
        "first": pl.Float64, "last": pl.Float64, "count": pl.Int64,
    }
)  # fmt: skip


def _frame(point_id: int, times: Sequence[int], values: Sequence[Any], statuses: Sequence[Any]) -> pl.DataFrame:
    quality = [0 if status == GOOD_STATUS else quality_of(status) for status in statuses]
    frame = pl.DataFrame(
        [times, values, quality], schema={"time_us": pl.Int64, "value": pl.Float64, "quality": pl.UInt8}
    )
    return frame.drop_nulls("value").select(pl.lit(point_id, pl.Int32).alias("point_id"), "time_us", "value", "quality")


def _points(keys: Sequence[str] | dict[str, int]) -> str:
    escaped = (key.replace("\\", "\\\\").replace("'", "\\'") for key in keys)
    return "(" + " OR ".join(f"point = '{key}'" for key in escaped) + ")"


def _between(start_us: int, end_us: int) -> str:
    # InfluxDB counts nanoseconds in 64 bits; readings lie within the bounds of readings.model.
    start_us, end_us = (min(max(bound, 0), LATEST_US) for bound in (start_us, end_us))
    return f"time >= {start_us}u AND time < {end_us}u"


def _chunks(point_ids: list[int]) -> list[list[int]]:
    return [point_ids[n : n + _MOST_POINTS_A_QUERY] for n in range(0, len(point_ids), _MOST_POINTS_A_QUERY)]


def open_store(url: str, context: StoreContext) -> InfluxDBTimeSeries:
    """`influxdb://USER:PASSWORD@HOST:8086/DATABASE` or `influxdb://HOST:8086/BUCKET?org=ORG&token=TOKEN`."""
    assert urlsplit(url).scheme in ("influxdb", "influxdbs")
    spool = Spool(context.home / "spool.sqlite", context.spool_mb)
    retention = Retention.of(SecretStr(url), context.retention.days)
    return InfluxDBTimeSeries(Address.parse(url), spool, context, retention)
