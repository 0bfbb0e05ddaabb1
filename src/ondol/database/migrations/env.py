"""Runs the migrations on the engine that Ondol hands over, or on the configured database for the bare alembic command."""

from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules

from alembic import context

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
        engine = Database(load_settings().database).engine
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()


_migrate()
