"""The relational database: SQLite or PostgreSQL behind SQLAlchemy, and its migrations."""

import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError, ProgrammingError

from ondol.domain.errors import StoreUnavailable

MIGRATIONS = Path(__file__).parent / "migrations"


class Database:
    """Opens connections. `read` and `write` give one each; `write` commits at the end of the block, or rolls back."""

    def __init__(self, url: str) -> None:
        """`sqlite:///FILE`. Nothing is opened before the first use, but the file's folder is made."""
        self.engine = _sqlite(url) if url.startswith("sqlite") else create_engine(url, pool_pre_ping=True)
        self._writing = threading.RLock()

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.engine.dialect.name

    @contextmanager
    def read(self) -> Generator[Connection]:
        """A connection for queries."""
        with self.engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Generator[Connection]:
        """A connection in a transaction. SQLite has one writer at a time: the others of this process queue here."""
        try:
            with self._writing, self.engine.connect() as connection, connection.begin():
                if self.dialect == "sqlite":
                    connection.exec_driver_sql("begin immediate")
                yield connection
        except OperationalError as error:
            raise StoreUnavailable(f"the database does not take writes now: {error.orig}; try again") from error

    def upgrade(self, revision: str = "head") -> None:
        """Bring the schema to a revision, the newest by default. Costs one query when it is there already."""
        if revision == "head" and self._revision() == newest_revision():
            return
        from alembic import command

        command.upgrade(self._alembic(), revision)

    def downgrade(self, revision: str) -> None:
        """Take the schema back to a revision; `base` leaves nothing."""
        from alembic import command

        command.downgrade(self._alembic(), revision)

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    def _revision(self) -> str | None:
        try:
            with self.read() as connection:
                return connection.exec_driver_sql("select version_num from alembic_version").scalar()
        except (OperationalError, ProgrammingError):
            return None

    def _alembic(self) -> Any:
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", MIGRATIONS.as_posix())
        config.attributes["engine"] = self.engine
        return config


def newest_revision() -> str:
    """The revision of the newest migration; files are named `0001_what.py` after theirs."""
    return max(path.name.split("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py"))


def _sqlite(url: str) -> Engine:
    path = make_url(url).database
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": 30, "isolation_level": None}, pool_size=16, max_overflow=64)

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _: object) -> None:  # pyright: ignore[reportUnusedFunction]
        for pragma in ("journal_mode=wal", "synchronous=full", "foreign_keys=on", "cache_size=-16000"):
            connection.execute(f"pragma {pragma}")

    return engine
