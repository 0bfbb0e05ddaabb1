"""Runs the migrations on the engine that Ondol hands over, or on the configured database for the bare alembic command."""

from collections.abc import Generator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules

from alembic import context
from sqlalchemy import Connection, event

import ondol
from ondol.database.base import Base


def _load_tables() -> None:
    """Every capability's tables: those that `Base.metadata` is to know."""
    for package in iter_modules(ondol.__path__):
        if package.ispkg and find_spec(f"ondol.{package.name}.tables"):
            import_module(f"ondol.{package.name}.tables")


def _migrate() -> None:
    engine = context.config.attributes.get("engine")
    if engine is None:
        from ondol.config import load_settings
        from ondol.database.engine import Database

        _load_tables()
        engine = Database(load_settings().database.get_secret_value()).engine
    with engine.connect() as connection, _whole_steps(connection):
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            # On SQLite all steps are one: who starts at the same time waits, and then finds them done.
            transaction_per_migration=connection.dialect.name != "sqlite",
        )
        with context.begin_transaction():
            context.run_migrations()


@contextmanager
def _whole_steps(connection: Connection) -> Generator[None]:
    """On SQLite: what fails or is cut off leaves nothing, and a table that others refer to may be made anew."""
    if connection.dialect.name != "sqlite":
        yield
        return
    # Within a transaction the pragma does nothing.
    connection.exec_driver_sql("pragma foreign_keys=off")
    connection.commit()
    event.listen(connection, "begin", _begin)
    try:
        yield
    finally:
        event.remove(connection, "begin", _begin)
        connection.rollback()
        connection.exec_driver_sql("pragma foreign_keys=on")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("begin immediate")


_migrate()
