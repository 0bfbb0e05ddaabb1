"""Moves the data of a SQLite installation to PostgreSQL. The same as `ondol migrate-sqlite`."""

import typer

from ondol.commands.migrate_sqlite import migrate

if __name__ == "__main__":
    typer.run(migrate)
