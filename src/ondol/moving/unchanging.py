"""A SQLite file that does not change while it is read, with the tables as they are today."""

import shutil
import sqlite3
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from ondol.database.engine import Database, newest_revision


@contextmanager
def unchanging(file: Path) -> Generator[Path]:
    """The file, or a copy of it where a killed process has left a log that opening it would write back."""
    log = file.with_name(file.name + "-wal")
    if not log.is_file() or not log.stat().st_size:
        yield file
        return
    with tempfile.TemporaryDirectory(prefix="ondol-migrate-") as folder:
        for path in (file, log):
            shutil.copy2(path, folder)
        copy = Path(folder) / file.name
        _settle(copy)
        yield copy


def _settle(copy: Path) -> None:
    connection = sqlite3.connect(copy)
    connection.execute("pragma wal_checkpoint(truncate)")
    connection.close()


@contextmanager
def of_today(file: Path) -> Generator[Path]:
    """The file, or a copy of an older installation's with its tables brought up to date: its rows could not all be read else."""
    if _revision(file) in (None, newest_revision()):
        yield file
        return
    with tempfile.TemporaryDirectory(prefix="ondol-migrate-") as folder:
        copy = Path(shutil.copy2(file, folder))
        database = Database(f"sqlite:///{copy.as_posix()}")
        database.upgrade()
        database.close()
        _settle(copy)
        yield copy


def _revision(file: Path) -> str | None:
    connection = sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        return connection.execute("select version_num from alembic_version").fetchone()[0]
    except sqlite3.OperationalError:
        return None
    finally:
        connection.close()
