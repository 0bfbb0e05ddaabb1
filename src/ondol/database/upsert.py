"""Insert rows, or replace those that have the same key."""

from collections.abc import Sequence
from typing import Any

import polars as pl
from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase

Rows = Sequence[Sequence[Any]]
_COPIED_AT_ONCE = 50_000


def upsert(
    connection: Connection, table: type[DeclarativeBase], columns: Sequence[str], rows: Rows, key: Sequence[str]
) -> None:
    """Write rows given as tuples in the order of `columns`; a row with the same `key` columns is replaced."""
    if not rows:
        return
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = insert(table)
    changed = {name: statement.excluded[name] for name in columns if name not in key}
    statement = statement.on_conflict_do_update(index_elements=list(key), set_=changed)
    connection.execute(statement, [dict(zip(columns, row, strict=True)) for row in rows])


def bulk_upsert(connection: Connection, table: type[DeclarativeBase], rows: pl.DataFrame, key: Sequence[str]) -> None:
    """`upsert` for many rows of plain numbers and text, without a Python call a value. The frame's columns are the table's.

    Instants are epoch seconds on SQLite and datetimes on PostgreSQL, as the columns of the database are.
    """
    if rows.is_empty():
        return
    name, columns = table.__tablename__, rows.columns
    changes = ",".join(f"{column}=excluded.{column}" for column in columns if column not in key)
    on_conflict = f"on conflict ({','.join(key)}) do update set {changes}"
    if connection.dialect.name == "postgresql":
        _copy(connection, name, rows, on_conflict)
    else:
        places = ",".join("?" * len(columns))
        statement = f"insert into {name} ({','.join(columns)}) values ({places}) {on_conflict}"  # noqa: S608  names of the models
        connection.exec_driver_sql(statement, rows.rows())


def _copy(connection: Connection, name: str, rows: pl.DataFrame, on_conflict: str) -> None:
    """COPY into a table of this transaction, and from there in one statement."""
    columns = ",".join(rows.columns)
    connection.exec_driver_sql(f"create temp table copied_{name} (like {name}) on commit drop")
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"copy copied_{name} ({columns}) from stdin (format csv)") as copy:
        for part in rows.iter_slices(_COPIED_AT_ONCE):
            copy.write(part.write_csv(include_header=False, datetime_format="%Y-%m-%d %H:%M:%S+00"))
    connection.exec_driver_sql(f"insert into {name} ({columns}) select {columns} from copied_{name} {on_conflict}")  # noqa: S608
    connection.exec_driver_sql(f"drop table copied_{name}")
