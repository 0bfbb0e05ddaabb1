"""`NewDevices` on the relational database."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson
import polars as pl
from sqlalchemy import Connection, delete, func, select, update

from ondol.database.engine import Database
from ondol.database.upsert import upsert
from ondol.readings.model import Sent
from ondol.readings.model.devices import MOST_WAITING, WAITING, NewDevice, device_key
from ondol.readings.tables import NewDeviceReadingRow, NewDeviceRow
from ondol.sites.tables import BuildingRow, ReleasedNameRow

_NAMES_A_QUERY = 500
_LONGEST_UNIT = 50


class SqlNewDevices:
    """See the port."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, building_key: str, names: Mapping[str, Sent], readings: pl.DataFrame) -> set[str]:
        newest = readings.sort("time_us", maintain_order=True).group_by("source", maintain_order=True).last()
        counts: dict[str, int] = dict(readings.group_by("source").len().iter_rows())
        with self._database.write() as connection:
            known = self._known(connection, building_key, names, newest)
            full = {name for name, (_, waiting) in known.items() if waiting + counts[name] > MOST_WAITING}
            ids = {name: number for name, (number, _) in known.items() if name not in full}
            rows = [(ids[name], *row) for name, *row in _cut(readings).iter_rows() if name in ids]
            upsert(
                connection,
                NewDeviceReadingRow,
                ("device_id", "time_us", "value", "unit"),
                rows,
                ("device_id", "time_us"),
            )
            for name, time_us, value, _ in newest.iter_rows():
                if name in ids:
                    row = NewDeviceRow
                    connection.execute(
                        update(row).where(row.id == ids[name]).values(readings=row.readings + counts[name])
                    )
                    connection.execute(
                        update(row).where(row.id == ids[name], row.last_us <= time_us)
                        .values(last_us=time_us, last_value=value)
                    )  # fmt: skip
        return full

    def _known(
        self, connection: Connection, building_key: str, names: Mapping[str, Sent], newest: pl.DataFrame
    ) -> dict[str, tuple[int, int]]:
        """Ids and numbers of readings by name; a name that is new is written down."""
        building_id = connection.scalar(select(BuildingRow.id).where(BuildingRow.key == building_key))
        rows = [
            (device_key(name), building_id, name, _json(names[name]), 0, time_us, value)
            for name, time_us, value, _ in newest.iter_rows()
        ]
        found = self._ids(connection, names)
        columns = ("key", "building_id", "source", "sent", "readings", "last_us", "last_value")
        new = [row for row in rows if row[2] not in found]
        upsert(connection, NewDeviceRow, columns, new, ("source",))
        return found | self._ids(connection, [row[2] for row in new])

    def _ids(self, connection: Connection, names: Mapping[str, Any] | Sequence[str]) -> dict[str, tuple[int, int]]:
        row, wanted = NewDeviceRow, sorted(names)
        found: dict[str, tuple[int, int]] = {}
        for n in range(0, len(wanted), _NAMES_A_QUERY):
            query = select(row.source, row.id, row.readings).where(row.source.in_(wanted[n : n + _NAMES_A_QUERY]))
            found |= {source: (number, waiting) for source, number, waiting in connection.execute(query)}
        return found

    def waiting(self, building_key: str | None = None) -> list[NewDevice]:
        query = _DEVICES.order_by(NewDeviceRow.source)
        return self._devices(query if building_key is None else query.where(BuildingRow.key == building_key))

    def find(self, key: str) -> NewDevice | None:
        return next(iter(self._devices(_DEVICES.where(NewDeviceRow.key == key))), None)

    def _devices(self, query: Any) -> list[NewDevice]:
        with self._database.read() as connection:
            return [_device(row) for row in connection.execute(query).mappings()]

    def homes(self, names: Iterable[str]) -> dict[str, str]:
        query = select(NewDeviceRow.source, BuildingRow.key).join(
            BuildingRow, BuildingRow.id == NewDeviceRow.building_id
        )
        wanted = sorted(name for name in set(names) if "\0" not in name)
        found: dict[str, str] = {}
        with self._database.read() as connection:
            for n in range(0, len(wanted), _NAMES_A_QUERY):
                some = connection.execute(query.where(NewDeviceRow.source.in_(wanted[n : n + _NAMES_A_QUERY])))
                found |= {str(source): str(building) for source, building in some}
        return found

    def released(self, names: Iterable[str]) -> set[str]:
        row, wanted, found = ReleasedNameRow, sorted(name for name in set(names) if "\0" not in name), set[str]()
        with self._database.read() as connection:
            for n in range(0, len(wanted), _NAMES_A_QUERY):
                some = wanted[n : n + _NAMES_A_QUERY]
                found |= set(connection.scalars(select(row.source).where(row.source.in_(some))))
        return found

    def oldest(self, key: str, most: int) -> pl.DataFrame:
        row = NewDeviceReadingRow
        query = (
            select(NewDeviceRow.source, row.time_us, row.value, row.unit)
            .join_from(row, NewDeviceRow, NewDeviceRow.id == row.device_id)
            .where(NewDeviceRow.key == key)
            .order_by(row.time_us)
            .limit(most)
        )
        with self._database.read() as connection:
            return pl.DataFrame(connection.execute(query).all(), schema=WAITING, orient="row")

    def drop(self, key: str, until_us: int | None = None) -> None:
        device, row = NewDeviceRow, NewDeviceReadingRow
        with self._database.write() as connection:
            number = connection.scalar(select(device.id).where(device.key == key))
            if number is None:
                return
            gone = delete(row).where(row.device_id == number)
            connection.execute(gone if until_us is None else gone.where(row.time_us <= until_us))
            # A reading that came in the meantime keeps its name.
            if not connection.scalar(select(func.count()).where(row.device_id == number)):
                connection.execute(delete(device).where(device.id == number))


_OF_DEVICE = NewDeviceReadingRow.device_id == NewDeviceRow.id
_COUNT = select(func.count()).where(_OF_DEVICE).correlate(NewDeviceRow).scalar_subquery()
_UNIT = (
    select(NewDeviceReadingRow.unit).where(_OF_DEVICE).correlate(NewDeviceRow)
    .order_by(NewDeviceReadingRow.time_us.desc()).limit(1).scalar_subquery()
)  # fmt: skip
_DEVICES = select(
    NewDeviceRow.key, BuildingRow.key.label("building_key"), NewDeviceRow.source, NewDeviceRow.sent, NewDeviceRow.last_us,
    NewDeviceRow.last_value, _COUNT.label("readings"), _UNIT.label("unit"),
).join(BuildingRow, BuildingRow.id == NewDeviceRow.building_id)  # fmt: skip


def _device(row: Mapping[Any, Any]) -> NewDevice:
    fields: dict[str, Any] = dict(row)
    fields["sent"] = Sent(**orjson.loads(fields["sent"]))
    return NewDevice(**fields)


def _json(sent: Sent) -> str:
    return orjson.dumps(
        {"measurement": sent.measurement, "field": sent.field, "tags": dict(sent.tags), "texts": dict(sent.texts)}
    ).decode()


def _cut(readings: pl.DataFrame) -> pl.DataFrame:
    """One row a name and time, the last one sent; no unit is longer than the column."""
    once = readings.unique(["source", "time_us"], keep="last", maintain_order=True)
    return once.with_columns(pl.col("unit").str.slice(0, _LONGEST_UNIT))
