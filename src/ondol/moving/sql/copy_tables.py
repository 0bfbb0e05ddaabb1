"""Taking the tables of a SQLite installation over into PostgreSQL, and proving that they arrived.

Tables go in the order of their foreign keys, rows in the order of their keys, in parts of a transaction each: written rows
are replaced by the same rows when the move is started again, so it may be killed at any point.
"""

import hashlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
from sqlalchemy import Boolean, Connection, Date, Double, Numeric, Table, func, inspect, select, text
from sqlalchemy.dialects import postgresql

from ondol.common.errors import InvalidInput
from ondol.common.instants import from_epoch_s
from ondol.database.base import Base
from ondol.database.engine import Database
from ondol.database.types import UtcDateTime
from ondol.database.upsert import bulk_upsert, upsert
from ondol.history.sql.intervals import SHIFT
from ondol.history.sql.partitions import Partitions
from ondol.history.tables import SensorDataRow
from ondol.sites.tables import PointRow, RetiredPointRow, SystemSettingRow

PART = 5_000
NOTES = "migration."
"""Begin of the settings in which the target remembers how far a migration came."""
Progress = Callable[[str, int, int], None]
"""Called with a table, its rows done and its rows in all."""


@dataclass(frozen=True, slots=True)
class TableReport:
    """Rows and checksum of a table on both sides; they are equal when everything arrived."""

    table: str
    source_rows: int
    target_rows: int
    source_checksum: str
    target_checksum: str

    @property
    def ok(self) -> bool:
        """Whether both sides hold the same."""
        return (self.source_rows, self.source_checksum) == (self.target_rows, self.target_checksum)


def tables_of(source: Path) -> list[Table]:
    """Our tables that the file has, those that others refer to first. Raises InvalidInput when it is no SQLite installation."""
    if not source.is_file():
        raise InvalidInput(f"{source} does not exist; name the home folder or the SQLite file with --from")
    with closing(_open(source)) as connection:
        try:
            names = {name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")}
        except sqlite3.DatabaseError as error:
            raise InvalidInput(f"{source} is no SQLite database: {error}") from error
    found = [table for table in Base.metadata.sorted_tables if table.name in names]
    if not found:
        raise InvalidInput(f"{source} has none of Ondol's tables; name the file of an installation with --from")
    return found


def point_ids(source: Path) -> list[int]:
    """Ids of the points in the file."""
    with closing(_open(source)) as connection:
        return [number for (number,) in connection.execute("select id from points order by id")]


def copy_table(table: Table, source: Path, database: Database, progress: Progress) -> None:
    """Write the table's rows into PostgreSQL; rows with the same key are replaced."""
    key = [column.name for column in table.primary_key.columns]
    with closing(_open(source)) as connection:
        ((total,),) = connection.execute(f"select count(*) from {table.name}").fetchall()  # noqa: S608  names of the models
        if _own_references(table):
            # A row may refer to one that comes later: first all rows, then what they refer to.
            for rows in _parts(table, connection):
                with database.write() as target:
                    nothing = dict.fromkeys(_own_references(table))
                    _write(target, table, key, [{**row, **nothing} for row in rows])
        done = 0
        for rows in _parts(table, connection):
            if table.name == SensorDataRow.__tablename__:
                times = [row["recorded_at"] for row in rows if row["recorded_at"] is not None]
                Partitions(database).make(from_epoch_s(min(times)), from_epoch_s(max(times)))
            with database.write() as target:
                _write(target, table, key, rows)
            done += len(rows)
            progress(table.name, done, total)


def set_sequences(database: Database, tables: Sequence[Table]) -> None:
    """Let new rows be numbered after those that came."""
    with database.write() as connection:
        for table in tables:
            key = next(iter(table.primary_key.columns))
            sequence = connection.scalar(
                text("select pg_get_serial_sequence(:table, :key)"), {"table": table.name, "key": key.name}
            )
            if sequence and table.name != SensorDataRow.__tablename__:
                used = [key, RetiredPointRow.id] if table.name == PointRow.__tablename__ else [key]
                highest = max(connection.scalar(select(func.max(column))) or 0 for column in used)
                connection.execute(select(func.setval(sequence, highest + 1, False)))


def compare_table(table: Table, source: Path, database: Database) -> TableReport:
    """Count and checksum of the table on both sides."""
    with closing(_open(source)) as connection:
        source_rows, source_checksum = _checksum(table, (row for rows in _parts(table, connection) for row in rows))
    with database.read() as target:
        rows = select(table)
        if table.name == SystemSettingRow.__tablename__:
            rows = rows.where(table.columns.key.not_like(f"{NOTES}%"))
        result = target.execution_options(stream_results=True).execute(rows)
        target_rows, target_checksum = _checksum(table, (dict(row) for row in result.mappings()))
    return TableReport(table.name, source_rows, target_rows, source_checksum, target_checksum)


def rows_in_target(database: Database, tables: Sequence[Table]) -> int:
    """Rows that the target's tables hold already."""
    existing = set(inspect(database.engine).get_table_names())
    with database.read() as connection:
        found = [connection.scalar(select(func.count()).select_from(t)) or 0 for t in tables if t.name in existing]
    return sum(found)


def note(database: Database, name: str, value: str | None = None) -> str | None:
    """What the migration noted in the target under the name; with a value, note that."""
    key = NOTES + name
    with database.write() as connection:
        if value is not None:
            upsert(connection, SystemSettingRow, ["key", "value"], [(key, value)], ["key"])
        return connection.scalar(select(SystemSettingRow.value).where(SystemSettingRow.key == key))


def _open(source: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    connection.row_factory = sqlite3.Row
    return connection


def _parts(table: Table, connection: sqlite3.Connection) -> Iterator[list[dict[str, Any]]]:
    """The rows in parts, by key, as the models' Python values."""
    key = ", ".join(column.name for column in table.primary_key.columns)
    # Of two levels of one tree the upper was made first and has the smaller key.
    cursor = connection.execute(f"select * from {table.name} order by {key}")  # noqa: S608  names of the models
    read = {column.name: _reader(column.type) for column in table.columns}
    while rows := cursor.fetchmany(PART):
        yield [{name: read[name](row[name]) for name in row.keys() if name in read} for row in rows]  # noqa: SIM118


def _reader(kind: Any) -> Callable[[Any], Any]:
    """Turns what SQLite keeps into the Python value of a column."""
    readers: dict[Any, Callable[[Any], Any]] = {
        UtcDateTime: lambda value: datetime.fromisoformat(value).replace(tzinfo=UTC),
        Date: date.fromisoformat,
        Boolean: bool,
        Double: float,
        Numeric: lambda value: Decimal(str(value)).quantize(Decimal("0.01")),
    }
    read = next((read for type_, read in readers.items() if isinstance(kind, type_)), lambda value: value)
    return lambda value: None if value is None else read(value)


def _own_references(table: Table) -> list[str]:
    return [reference.parent.name for reference in table.foreign_keys if reference.column.table is table]


def _write(connection: Connection, table: Table, key: list[str], rows: list[dict[str, Any]]) -> None:
    if table.name == SensorDataRow.__tablename__:
        frame = pl.DataFrame(rows, infer_schema_length=None)
        frame = frame.with_columns(pl.from_epoch(pl.coalesce("recorded_at", pl.col("id") % SHIFT)).alias("recorded_at"))
        bulk_upsert(connection, SensorDataRow, frame, [*key, "recorded_at"])
        return
    insert = postgresql.insert(table)
    changed = {column.name: insert.excluded[column.name] for column in table.columns if column.name not in key}
    again = (
        insert.on_conflict_do_update(index_elements=key, set_=changed) if changed else insert.on_conflict_do_nothing()
    )
    connection.execute(again, rows)


def _checksum(table: Table, rows: Iterator[dict[str, Any]]) -> tuple[int, str]:
    """Number of rows and the sum of their hashes, which does not depend on their order."""
    number, total = 0, 0
    names = [column.name for column in table.columns]
    for row in rows:
        line = "\x1f".join(_canonical(row.get(name)) for name in names)
        total += int.from_bytes(hashlib.blake2b(line.encode(), digest_size=8).digest(), "big")
        number += 1
    return number, f"{total % 2**64:016x}"


def _canonical(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, float):
        return repr(value)
    return "" if value is None else str(value)
