"""Column types that mean the same on SQLite and PostgreSQL."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Integer
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import FunctionElement
from sqlalchemy.types import TypeDecorator

from ondol.common.instants import epoch_s, from_epoch_s

BigKey = BigInteger().with_variant(Integer, "sqlite")
"""A 64-bit key; SQLite numbers rows by itself only in an INTEGER primary key."""


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC instants, refused when naive."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(UTC).replace(tzinfo=None if dialect.name == "sqlite" else UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=value.tzinfo or UTC)


class EpochSeconds(TypeDecorator[int]):
    """Instants of whole seconds, as seconds since 1970 in Python and on SQLite: what charts read must be read fast.

    PostgreSQL keeps a `timestamptz`.
    """

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        on_postgresql: Any = DateTime(timezone=True)
        return dialect.type_descriptor(on_postgresql if dialect.name == "postgresql" else BigInteger())

    def process_bind_param(self, value: int | None, dialect: Dialect) -> Any:
        if value is None or dialect.name != "postgresql":
            return value
        return from_epoch_s(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> int | None:
        return epoch_s(value) if isinstance(value, datetime) else value


class present_second(FunctionElement[int]):  # noqa: N801  reads as the SQL function that it is
    """The instant of the statement, as an `EpochSeconds` column keeps it."""

    inherit_cache = True


@compiles(present_second)
def present_second_on_postgresql(*_: Any, **__: Any) -> str:
    return "now()"


@compiles(present_second, "sqlite")
def present_second_on_sqlite(*_: Any, **__: Any) -> str:
    return "(unixepoch())"
