"""The relational database: SQLite or PostgreSQL behind SQLAlchemy, and its migrations."""

import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zlib import crc32

from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import (
    ArgumentError,
    DataError,
    InterfaceError,
    NoSuchModuleError,
    OperationalError,
    ProgrammingError,
)
from sqlalchemy.exc import TimeoutError as PoolExhausted

from ondol.common.errors import InvalidInput, StoreUnavailable, WrongConfiguration

MIGRATIONS = Path(__file__).parent / "migrations"
_AWAY = (OperationalError, InterfaceError, PoolExhausted)


class Database:
    """Opens connections. `read` and `write` give one each; `write` commits at the end of the block, or rolls back.

    Both raise StoreUnavailable when the database cannot be reached or does not answer (the next call connects anew), and
    InvalidInput when a value does not fit its column.
    """

    def __init__(self, url: str) -> None:
        """`sqlite:///FILE` or `postgresql://USER:PASSWORD@HOST:5432/DATABASE`. Nothing is opened before the first use,
        but the file's folder is made. Raises WrongConfiguration on any other URL and when the driver is missing.
        """
        self.engine = _engine(url)
        self._writing = threading.RLock()

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.engine.dialect.name

    @contextmanager
    def read(self) -> Generator[Connection]:
        """A connection for queries."""
        try:
            with self.engine.connect() as connection:
                yield connection
        except DataError as error:
            raise InvalidInput(f"the database does not take this value: {_reason(error)}") from error
        except _AWAY as error:
            raise StoreUnavailable(f"the database does not answer now: {_reason(error)}; try again") from error

    @contextmanager
    def write(self) -> Generator[Connection]:
        """A connection in a transaction. SQLite has one writer at a time: the others of this process queue here."""
        try:
            if self.dialect == "sqlite":
                with self._writing, self.engine.connect() as connection, connection.begin():
                    connection.exec_driver_sql("begin immediate")
                    yield connection
            else:
                with self.engine.begin() as connection:
                    yield connection
        except DataError as error:
            raise InvalidInput(f"the database does not take this value: {_reason(error)}") from error
        except _AWAY as error:
            raise StoreUnavailable(f"the database does not take writes now: {_reason(error)}; try again") from error

    @contextmanager
    def lease(self, name: str) -> Generator[bool]:
        """Whether this process alone may do the named work in this block; another that asks meanwhile is told no.

        A lease ends with its holder's connection: nobody has to clear up after a crash. SQLite has one process, which always may.
        """
        if self.dialect == "sqlite":
            yield True
            return
        with self.read() as connection:
            yield bool(connection.scalar(text("select pg_try_advisory_xact_lock(:key)"), {"key": _lock_key(name)}))

    def upgrade(self, revision: str = "head") -> None:
        """Bring the schema to a revision, the newest by default. Costs one query when it is there already."""
        if revision == "head" and self.revision() == newest_revision():
            return
        # Alembic would cost every start a tenth of a second, though the schema is up to date nearly always.
        from alembic import command

        with self._one_at_a_time("upgrade"):
            command.upgrade(self._alembic(), revision)

    def downgrade(self, revision: str) -> None:
        """Take the schema back to a revision; `base` leaves nothing."""
        from alembic import command

        command.downgrade(self._alembic(), revision)

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    @contextmanager
    def _one_at_a_time(self, name: str) -> Generator[None]:
        """Processes that start together on one PostgreSQL wait for each other here."""
        with self.write() if self.dialect == "postgresql" else self.read() as connection:
            wait_for_turn(connection, name)
            yield

    def revision(self) -> str | None:
        """The revision of the schema that is there, None when there is none. Raises StoreUnavailable."""
        try:
            with self.engine.connect() as connection:
                return connection.exec_driver_sql("select version_num from alembic_version").scalar()
        except ProgrammingError:
            return None
        except OperationalError as error:
            if self.dialect == "sqlite":
                return None
            raise StoreUnavailable(
                f"the database cannot be reached: {_reason(error)}; start it, or check its URL"
            ) from error

    def _alembic(self) -> Any:
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", MIGRATIONS.as_posix())
        config.attributes["engine"] = self.engine
        return config


def newest_revision() -> str:
    """The revision of the newest migration; files are named `0001_what.py` after theirs."""
    return max(path.name.split("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py"))


def wait_for_turn(connection: Connection, name: str) -> None:
    """Until the end of the transaction, no other that waits for the same name goes on. SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _lock_key(name)})


def _lock_key(name: str) -> int:
    return crc32(f"ondol {name}".encode())


def _engine(text: str) -> Engine:
    try:
        url = make_url(text)
        if url.get_backend_name() == "sqlite":
            return _sqlite(url)
        if url.get_backend_name() == "postgresql":
            return _postgresql(url)
    except (ArgumentError, NoSuchModuleError) as error:
        raise WrongConfiguration(f"ONDOL_DATABASE_URL is no database URL: {error}") from error
    raise WrongConfiguration(
        f"ONDOL_DATABASE_URL: {url.get_backend_name()}:// is not known; choose one of postgresql://, sqlite://"
    )


def _sqlite(url: URL) -> Engine:
    path = url.database
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        connect_args={"timeout": 30, "isolation_level": None},
        pool_size=16,
        max_overflow=64,
        hide_parameters=True,
    )
    event.listen(engine, "connect", _configure)
    return engine


def _configure(connection: Any, _: object) -> None:
    for pragma in ("journal_mode=wal", "synchronous=full", "foreign_keys=on", "cache_size=-16000"):
        connection.execute(f"pragma {pragma}")


def _postgresql(url: URL) -> Engine:
    """A pool whose connections are tried before they are lent, so that a restart of the server costs no request."""
    try:
        # A password among the options would stand wherever the engine is named.
        options = dict(url.query)
        given = options.pop("password", None) or url.password
        password = given if given is None or isinstance(given, str) else given[-1]
        return create_engine(
            url.set(drivername="postgresql+psycopg", password=password, query=options),
            hide_parameters=True,
            pool_pre_ping=True,
            pool_size=8,
            max_overflow=16,
            pool_timeout=5,
            pool_recycle=1800,
            connect_args={"connect_timeout": 3, "application_name": "ondol", "options": "-c timezone=UTC"},
        )
    except ImportError as error:
        raise WrongConfiguration("postgresql:// needs a driver: pip install 'ondol[servers]'") from error


def _reason(error: Exception) -> str:
    return str(getattr(error, "orig", error)).strip().splitlines()[0]
