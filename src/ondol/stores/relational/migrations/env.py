"""Runs the migrations on the engine that Ondol hands over, or on the configured database for the bare alembic command."""

from alembic import context

from ondol.stores.relational.models import Base


def _migrate() -> None:
    engine = context.config.attributes.get("engine")
    if engine is None:
        from ondol.config import load_settings
        from ondol.stores.relational.database import Database

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
