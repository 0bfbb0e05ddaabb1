"""Insert rows, or replace those that have the same key."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase

Rows = Sequence[Sequence[Any]]


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


def bulk_upsert(
    connection: Connection, table: type[DeclarativeBase], columns: Sequence[str], rows: Rows, key: Sequence[str]
) -> None:
    """`upsert` for many rows of plain numbers and text: on SQLite straight to the driver, without a Python call a value."""
    if connection.dialect.name != "sqlite":
        upsert(connection, table, columns, rows, key)
    elif rows:
        places = ",".join("?" * len(columns))
        changes = ",".join(f"{name}=excluded.{name}" for name in columns if name not in key)
        statement = (
            f"insert into {table.__tablename__} ({','.join(columns)}) values ({places}) "  # noqa: S608  names of the models
            f"on conflict ({','.join(key)}) do update set {changes}"
        )
        connection.exec_driver_sql(statement, list(map(tuple, rows)))
