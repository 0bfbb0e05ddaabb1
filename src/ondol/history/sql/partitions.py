"""The monthly partitions of `sensor_data` on PostgreSQL: old months can be dropped or moved as a whole."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection, text

from ondol.database.engine import Database, wait_for_turn

MONTHS_AHEAD = 3


class Partitions:
    """Makes the partitions that rows need before they are written. Months are those of UTC; SQLite has none to make."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: set[date] = set()

    def make_ahead(self, now: datetime) -> None:
        """The partitions of this month and the next three."""
        self.make(now, now + timedelta(days=31 * MONTHS_AHEAD))

    def make(self, first: datetime, last: datetime) -> None:
        """The partitions of the months from `first` to `last`, both included."""
        missing = set(months_between(first, last)) - self._known
        if missing and self._database.dialect == "postgresql":
            # A transaction of its own: it holds a lock that readers would wait for.
            with self._database.write() as connection:
                wait_for_turn(connection, "partitions")
                create_partitions(connection, missing)
            self._known |= missing


def create_partitions(connection: Connection, months: Iterable[date]) -> None:
    """Create those that do not exist."""
    existing = {
        name
        for (name,) in connection.execute(
            text("select inhrelid::regclass::text from pg_inherits where inhparent = 'sensor_data'::regclass")
        )
    }
    for month in sorted(months):
        name = f"sensor_data_{month:%Y_%m}"
        if name not in existing:
            bounds = f"from ('{month} 00:00:00+00') to ('{_next(month)} 00:00:00+00')"
            connection.execute(text(f"create table {name} partition of sensor_data for values {bounds}"))


def months_between(first: datetime, last: datetime) -> Iterator[date]:
    """First days of the months (UTC) from one instant to another."""
    month = first.astimezone(UTC).date().replace(day=1)
    while month <= last.astimezone(UTC).date():
        yield month
        month = _next(month)


def _next(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)
