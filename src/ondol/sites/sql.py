"""`SiteRecords` on the relational database."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from ondol.common.access import no_building, no_point
from ondol.common.errors import AlreadyExists, NotFound
from ondol.common.formulas import parse_formula
from ondol.common.messages import said
from ondol.database.engine import Database
from ondol.sites.model import (
    Building,
    BuildingChange,
    CalorificValue,
    NewBuilding,
    NewPoint,
    NewSpace,
    NewTenant,
    Point,
    PointChange,
    PointKind,
    PointRole,
    Space,
    Tenant,
    changed_fields,
)
from ondol.sites.ports import GasRecords
from ondol.sites.tables import (
    BuildingRow,
    CalorificValueRow,
    FormulaInputRow,
    PointAliasRow,
    PointRow,
    RetiredPointRow,
    SpaceRow,
    TenantRow,
)

_MOST_PARAMETERS = 500


class SqlSiteRecords:
    """See the port."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.gas: GasRecords = SqlGasRecords(database)

    def building(self, key: str) -> Building:
        with self._database.read() as connection:
            row = connection.execute(_BUILDINGS.where(BuildingRow.key == key)).mappings().first()
        if row is None:
            raise no_building(key)
        return _building(row)

    def buildings(self) -> list[Building]:
        with self._database.read() as connection:
            rows = connection.execute(_BUILDINGS.order_by(BuildingRow.name, BuildingRow.key)).mappings()
            return [_building(row) for row in rows]

    def add_building(self, new: NewBuilding) -> Building:
        with self._database.write() as connection:
            _insert(connection, BuildingRow, f"a building {new.key!r}", _building_columns(asdict(new)))
        return self.building(new.key)

    def change_building(self, key: str, change: BuildingChange) -> Building:
        building, columns = self.building(key), _building_columns(changed_fields(change))
        with self._database.write() as connection:
            connection.execute(update(BuildingRow).where(BuildingRow.id == building.id).values(columns))
        return self.building(key)

    def point(self, key: str) -> Point:
        found = self.points_by_key([key])
        if key not in found:
            raise no_point(key)
        return found[key]

    def points(self, building_key: str | None = None) -> list[Point]:
        query = _POINTS.order_by(PointRow.key)
        if building_key is not None:
            query = query.where(BuildingRow.key == building_key)
        with self._database.read() as connection:
            points = [_point(row) for row in connection.execute(query).mappings()]
        if building_key is not None and not points:
            self.building(building_key)  # none because there is no such building?
        return points

    def virtual_points(self) -> list[Point]:
        with self._database.read() as connection:
            return [_point(row) for row in connection.execute(_POINTS.where(PointRow.formula.is_not(None))).mappings()]

    def points_by_key(self, keys: Iterable[str]) -> dict[str, Point]:
        found: dict[str, Point] = {}
        with self._database.read() as connection:
            # No text column takes a NUL, so no point has one.
            for some in _chunks(sorted(key for key in set(keys) if "\0" not in key)):
                named = _POINTS.add_columns(PointRow.key.label("source")).where(PointRow.key.in_(some))
                alias = _POINTS.add_columns(PointAliasRow.source).join(
                    PointAliasRow, PointAliasRow.point_id == PointRow.id
                )
                for query in (alias.where(PointAliasRow.source.in_(some)), named):
                    found |= {row["source"]: _point(row) for row in connection.execute(query).mappings()}
        return found

    def points_by_id(self, ids: Iterable[int]) -> dict[int, Point]:
        with self._database.read() as connection:
            return read_points(connection, ids)

    def add_points(self, building_key: str, points: Sequence[NewPoint]) -> list[Point]:
        building = self.building(building_key)
        with self._database.write() as connection:
            spaces = _ids_by_key(connection, SpaceRow, building.id)
            for point in points:
                fields = asdict(point)
                alias, fields["kind"] = fields.pop("alias"), point.kind.value
                fields["history_due"] = point.formula is not None
                columns = {"building_id": building.id, **_point_columns(connection, fields, spaces)}
                columns |= _never_used(connection, point.key)
                added = _insert(connection, PointRow, f"a point {point.key!r}", columns)
                _keep_inputs(connection, added, point.formula)
                if alias:
                    connection.execute(insert(PointAliasRow).values(source=alias, point_id=added))
        found = self.points_by_key(point.key for point in points)
        return [found[point.key] for point in points]

    def change_point(self, key: str, change: PointChange) -> Point:
        point = self.point(key)
        with self._database.write() as connection:
            spaces = _ids_by_key(connection, SpaceRow, point.building_id)
            columns = _point_columns(connection, changed_fields(change), spaces)
            if "kind" in columns:
                columns["kind"] = columns["kind"].value
            if point.formula and columns.keys() & {"formula", "unit", "kind"}:
                columns["history_due"] = True
                _keep_inputs(connection, point.id, columns.get("formula", point.formula))
            connection.execute(update(PointRow).where(PointRow.id == point.id).values(columns))
        return self.point(key)

    def add_alias(self, key: str, source: str) -> None:
        point = self.point(key)
        with self._database.write() as connection:
            try:
                with connection.begin_nested():
                    connection.execute(insert(PointAliasRow).values(source=source, point_id=point.id))
            except IntegrityError as error:
                raise AlreadyExists(
                    said("the name %(source)s is one of another point already", source=repr(source))
                ) from error

    def add_spaces(self, building_key: str, spaces: Sequence[NewSpace]) -> list[Space]:
        building = self.building(building_key)
        with self._database.write() as connection:
            keys = _ids_by_key(connection, SpaceRow, building.id)
            tenants = _ids_by_key(connection, TenantRow, building.id)
            for space in spaces:
                columns = {
                    "building_id": building.id, "key": space.key, "name": space.name, "kind": space.kind,
                    "area_m2": space.area_m2,
                    "parent_id": _id_of(space.parent, keys, "space"),
                    "tenant_id": _id_of(space.tenant, tenants, "tenant"),
                }  # fmt: skip
                keys[space.key] = _insert(connection, SpaceRow, f"a space {space.key!r}", columns)
        return self.spaces(building_key)

    def spaces(self, building_key: str) -> list[Space]:
        building, parent = self.building(building_key), aliased(SpaceRow)
        query = (
            select(
                SpaceRow.id,
                SpaceRow.key,
                SpaceRow.building_id,
                SpaceRow.name,
                SpaceRow.kind,
                parent.key,
                SpaceRow.area_m2,
            )
            .outerjoin(parent, parent.id == SpaceRow.parent_id)
            .where(SpaceRow.building_id == building.id)
            .order_by(SpaceRow.key)
        )
        with self._database.read() as connection:
            return [Space(*row) for row in connection.execute(query)]

    def add_tenants(self, building_key: str, tenants: Sequence[NewTenant]) -> list[Tenant]:
        building = self.building(building_key)
        with self._database.write() as connection:
            for tenant in tenants:
                _insert(
                    connection, TenantRow, f"a tenant {tenant.key!r}", {"building_id": building.id, **asdict(tenant)}
                )
        return self.tenants(building_key)

    def tenants(self, building_key: str) -> list[Tenant]:
        row, building = TenantRow, self.building(building_key)
        query = select(
            row.id, row.key, row.building_id, row.name, row.contact_info, row.move_in_date, row.contract_end_date
        ).where(row.building_id == building.id)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(row.key)).mappings()
            return [Tenant(**found) for found in rows]


class SqlGasRecords:
    """See the port."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def calorific_values(self, building_id: int | None) -> list[CalorificValue]:
        row = CalorificValueRow
        query = select(row.valid_from, row.kwh_per_m3).where(row.building_id.is_not_distinct_from(building_id))
        with self._database.read() as connection:
            return [CalorificValue(*found) for found in connection.execute(query.order_by(row.valid_from))]

    def set_calorific_values(self, building_id: int | None, values: Sequence[CalorificValue]) -> None:
        row = CalorificValueRow
        with self._database.write() as connection:
            connection.execute(delete(row).where(row.building_id.is_not_distinct_from(building_id)))
            if values:
                connection.execute(insert(row), [{"building_id": building_id, **asdict(value)} for value in values])


_BUILDINGS = select(
    BuildingRow.id, BuildingRow.key, BuildingRow.name, BuildingRow.address, BuildingRow.timezone, BuildingRow.building_type,
    BuildingRow.total_area.label("total_area_m2"), BuildingRow.floors, BuildingRow.contract_power_kw, BuildingRow.is_synthetic,
)  # fmt: skip

_MAIN = aliased(PointRow)
_POINTS = (
    select(
        PointRow.id, PointRow.key, PointRow.building_id, BuildingRow.key.label("building_key"), PointRow.name,
        PointRow.quantity, PointRow.unit, PointRow.kind, PointRow.interval_s, SpaceRow.key.label("space"), PointRow.floor,
        PointRow.end_use, PointRow.brick_class, _MAIN.key.label("submeter_of"), PointRow.role, PointRow.min_value, PointRow.max_value,
        PointRow.rollover_at, PointRow.max_per_hour, PointRow.from_device, PointRow.sent_unit, PointRow.formula, PointRow.stored_as,
    )
    .join(BuildingRow, BuildingRow.id == PointRow.building_id)
    .outerjoin(SpaceRow, SpaceRow.id == PointRow.space_id)
    .outerjoin(_MAIN, _MAIN.id == PointRow.submeter_of)
)  # fmt: skip


def read_points(connection: Connection, ids: Iterable[int]) -> dict[int, Point]:
    """The points that exist among the ids."""
    found: dict[int, Point] = {}
    for some in _chunks(sorted(set(ids))):
        rows = connection.execute(_POINTS.where(PointRow.id.in_(some))).mappings()
        found |= {row["id"]: _point(row) for row in rows}
    return found


def _keep_inputs(connection: Connection, point_id: int, formula: str | None) -> None:
    """Note what the formula reads: whatever is written there is carried on to the virtual point."""
    row = FormulaInputRow
    connection.execute(delete(row).where(row.point_id == point_id))
    if formula:
        keys = parse_formula(formula).inputs
        ids = select(PointRow.id).where(PointRow.key.in_(keys))
        connection.execute(
            insert(row), [{"point_id": point_id, "input_id": input_id} for input_id in connection.scalars(ids)]
        )


def _building(row: Mapping[Any, Any]) -> Building:
    fields: dict[str, Any] = dict(row)
    area = fields["total_area_m2"]
    fields["total_area_m2"] = None if area is None else float(area)
    return Building(**fields)


def _point(row: Mapping[Any, Any]) -> Point:
    fields: dict[str, Any] = {name: value for name, value in row.items() if name != "source"}
    fields["kind"], fields["role"] = PointKind(fields["kind"]), PointRole(fields["role"])
    return Point(**fields)


def _building_columns(fields: Mapping[str, Any]) -> dict[str, Any]:
    columns = dict(fields)
    if "total_area_m2" in columns:
        columns["total_area"] = columns.pop("total_area_m2")
    return columns


def _point_columns(connection: Connection, fields: dict[str, Any], spaces: Mapping[str, int]) -> dict[str, Any]:
    """Keys that name other things become their ids."""
    main = fields.get("submeter_of")
    if "space" in fields:
        fields["space_id"] = _id_of(fields.pop("space"), spaces, "space")
    if main is not None:
        main_id = connection.scalar(select(PointRow.id).where(PointRow.key == main))
        if main_id is None:
            raise NotFound(
                said(
                    "there is no point %(main)s for this one to be a submeter of; create that one first",
                    main=repr(main),
                )
            )
        fields["submeter_of"] = main_id
    return fields


def _never_used(connection: Connection, key: str) -> dict[str, Any]:
    """An id that no point ever had, and a name in stores that no raw reading of another goes by."""
    before = connection.scalar(select(func.count()).where(RetiredPointRow.key == key))
    if connection.dialect.name != "sqlite" and not before:
        return {}  # a sequence never goes back
    if connection.dialect.name == "sqlite":
        # SQLite would give the highest id again when its row is gone.
        ids = [connection.scalar(select(func.max(row.id))) or 0 for row in (PointRow, RetiredPointRow)]
        number = max(ids) + 1
    else:
        number = int(connection.scalar(text("select nextval(pg_get_serial_sequence('points', 'id'))")) or 0)
    return {"id": number, "stored_as": f"{key}~{number}" if before else None}


def _ids_by_key(connection: Connection, table: type[SpaceRow | TenantRow], building_id: int) -> dict[str, int]:
    rows = connection.execute(select(table.key, table.id).where(table.building_id == building_id))
    return {str(key): number for key, number in rows}


def _id_of(key: str | None, ids: Mapping[str, int], kind: str) -> int | None:
    if key is None:
        return None
    if key not in ids:
        raise NotFound(
            said("the building has no %(kind)s %(key)s; create it first, or leave it out", kind=kind, key=repr(key))
        )
    return ids[key]


def _insert(connection: Connection, table: type[Any], what: str, columns: Mapping[str, Any]) -> int:
    try:
        with connection.begin_nested():
            return connection.execute(insert(table).values(columns).returning(table.id)).scalar_one()
    except IntegrityError as error:
        raise AlreadyExists(said("%(what)s exists already; choose another key", what=what)) from error


def _chunks(values: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (values[n : n + _MOST_PARAMETERS] for n in range(0, len(values), _MOST_PARAMETERS))
