"""A spool on disk: batches wait here, in order, while the store behind it is away.

One SQLite file, so that several processes of a machine share it and a crash at any point leaves it whole.
"""

import io
import sqlite3
import threading
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from ondol.common.errors import StoreUnavailable
from ondol.readings.model import READINGS

_SCHEMA = """
create table if not exists waiting (id integer primary key autoincrement, readings integer not null,
    first_us integer not null, last_us integer not null, batch blob not null);
create table if not exists refused (id integer primary key, reason text not null, batch blob not null);
"""


class Waiting(NamedTuple):
    """A batch that waits; a smaller `id` came earlier."""

    id: int
    batch: pl.DataFrame


class Spool:
    """Batches of readings (READINGS), oldest first.

    Guarantees: `append` returns when the batch is on disk; a batch stays until `remove`, over crashes too; one process at a
    time drains.
    """

    def __init__(self, path: Path, limit_mb: int) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._limit_bytes = limit_mb * 2**20
        self._lock = threading.Lock()
        self._connection = _open(path)
        self._connection.executescript(_SCHEMA)
        self._drain_lock = path.with_suffix(".drain.sqlite")

    def append(self, batches: Sequence[pl.DataFrame]) -> None:
        """Keep the batches, all or none. Raises StoreUnavailable when the spool is full or the disk refuses."""
        rows = [
            (batch.height, batch["time_us"].min(), batch["time_us"].max(), _packed(batch))
            for batch in batches
            if batch.height
        ]
        try:
            with self._lock:
                self._refuse_when_full(sum(len(row[3]) for row in rows))
                with self._connection:
                    self._connection.executemany(
                        "insert into waiting (readings, first_us, last_us, batch) values (?, ?, ?, ?)", rows
                    )
        except sqlite3.Error as error:
            raise StoreUnavailable(
                f"the readings could not be written to the spool: {error}; free disk space"
            ) from error

    def is_empty(self) -> bool:
        """Whether nothing waits, in this process or another."""
        return not self._rows("select exists (select 1 from waiting)")[0][0]

    def readings(self) -> int:
        """How many readings wait."""
        return self._rows("select coalesce(sum(readings), 0) from waiting")[0][0]

    def size_bytes(self) -> int:
        """What the waiting batches take on disk."""
        ((pages, free, size),) = self._rows(
            "select page_count, freelist_count, page_size from pragma_page_count, pragma_freelist_count, pragma_page_size"
        )
        return (pages - free) * size

    def oldest(self, most_readings: int) -> list[Waiting]:
        """The oldest batches: at least one where there is any, else as many as hold together at most so many readings."""
        rows = self._rows(
            "select id, batch from (select id, batch, sum(readings) over (order by id) - readings as before from waiting "
            "order by id limit 1000) where before < ?",
            [most_readings],
        )
        return [Waiting(number, _unpacked(batch)) for number, batch in rows]

    def between(self, start_us: int, end_us: int) -> list[pl.DataFrame]:
        """Waiting batches that may hold readings of start <= time < end, oldest first."""
        rows = self._rows(
            "select batch from waiting where last_us >= ? and first_us < ? order by id",
            [max(start_us, -(2**63)), min(end_us, 2**63 - 1)],
        )
        return [_unpacked(batch) for (batch,) in rows]

    def remove(self, drained: Sequence[Waiting]) -> None:
        """Take batches out that are stored elsewhere now."""
        with self._lock, self._connection:
            self._connection.executemany("delete from waiting where id = ?", [(item.id,) for item in drained])

    def set_aside(self, refused: Sequence[Waiting], reason: str) -> None:
        """Move batches that will never be taken out of the way, so that those behind them can go on; they stay in the file."""
        with self._lock, self._connection:
            for item in refused:
                self._connection.execute(
                    "insert into refused select id, ?, batch from waiting where id = ?", [reason, item.id]
                )
                self._connection.execute("delete from waiting where id = ?", [item.id])

    @contextmanager
    def drainer(self) -> Generator[bool]:
        """Whether this process alone may drain in this block; the right ends with the process, too."""
        connection = sqlite3.connect(self._drain_lock, isolation_level=None, timeout=0)
        try:
            try:
                connection.execute("begin exclusive")
            except sqlite3.OperationalError:
                yield False
            else:
                yield True
        finally:
            connection.close()

    def close(self) -> None:
        """Release the file."""
        with self._lock:
            self._connection.close()

    def _refuse_when_full(self, more_bytes: int) -> None:
        ((pages, free, size),) = self._connection.execute(
            "select page_count, freelist_count, page_size from pragma_page_count, pragma_freelist_count, pragma_page_size"
        ).fetchall()
        if (pages - free) * size + more_bytes > self._limit_bytes:
            raise StoreUnavailable(
                "InfluxDB is away and the spool for readings is full (ONDOL_SPOOL_MB); bring InfluxDB back, then send again"
            )

    def _rows(self, sql: str, parameters: Sequence[object] = ()) -> list[Any]:
        with self._lock:
            return self._connection.execute(sql, parameters).fetchall()


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, check_same_thread=False, timeout=30)
    # Pages that were drained go back to the file system, so that the size tells what waits.
    for pragma in ("auto_vacuum=incremental", "journal_mode=wal", "synchronous=full"):
        connection.execute(f"pragma {pragma}")
    return connection


def _packed(batch: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    batch.select(READINGS.names()).write_ipc_stream(buffer, compression="zstd")
    return buffer.getvalue()


def _unpacked(data: bytes) -> pl.DataFrame:
    return pl.read_ipc_stream(io.BytesIO(data))
