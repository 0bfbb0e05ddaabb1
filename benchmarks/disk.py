"""Disk per million readings, settled in the store."""

import tempfile
from pathlib import Path

import duckdb

from benchmarks.measure import Figure
from benchmarks.server import readings_of
from ondol.stores.timeseries.duckdb import DuckDBTimeSeries

MILLIONS = 5


def run() -> list[Figure]:
    """Readings of 100 points by the second with one decimal, as a minute at a time arrives."""
    with tempfile.TemporaryDirectory() as folder:
        store = DuckDBTimeSeries(Path(folder) / "readings.duckdb")
        ids = list(range(1, 101))
        for start in range(0, MILLIONS * 10_000, 600):
            store.append(readings_of(ids, 1_768_435_200 + start, min(600, MILLIONS * 10_000 - start)))
            store.touched()
        store.close()
        ours = sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file())
        with duckdb.connect(str(Path(folder) / "sorted.duckdb")) as sorted_copy:
            sorted_copy.execute(f"attach '{Path(folder) / 'readings.duckdb'}' as ours (read_only)")
            sorted_copy.execute("create table readings as select * from ours.readings order by point_id, time_us")
        best = (Path(folder) / "sorted.duckdb").stat().st_size
    return [
        Figure(
            "disk per million readings",
            ours / MILLIONS / 1e6,
            "MB",
            "the same rows in a fresh sorted file",
            best / MILLIONS / 1e6,
        )
    ]
