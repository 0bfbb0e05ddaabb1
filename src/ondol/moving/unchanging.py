"""A SQLite file that does not change while it is read."""

import shutil
import sqlite3
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path


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
