"""What a person may reach, as the tables say it now."""

from sqlalchemy import Connection, select
from sqlalchemy.orm import aliased

from ondol.people.model import Role, Standing
from ondol.people.tables import SessionRow, UserBuildingRow, UserRow, UserTenantRow
from ondol.sites.tables import BuildingRow, SpaceRow, TenantRow


def read_standing(connection: Connection, id_hash: str) -> Standing | None:
    """Role and reach of the active user of a session, None when there is none. An administrator reaches everything."""
    query = (
        select(UserRow.id, UserRow.role, UserRow.all_buildings, UserRow.must_change_password)
        .join(SessionRow, SessionRow.user_id == UserRow.id)
        .where(SessionRow.id_hash == id_hash, UserRow.is_active)
    )
    found = connection.execute(query).first()
    if found is None:
        return None
    user_id, role, all_buildings, must_change = found[0], Role(found[1]), found[2], found[3]
    if role is Role.TENANT:
        spaces = _spaces_of_tenants(connection, user_id)
        return Standing(role, _buildings_of_tenants(connection, user_id), spaces, must_change)
    if role is Role.ADMIN or all_buildings:
        return Standing(role, None, None, must_change)
    return Standing(role, _buildings(connection, user_id), None, must_change)


def _buildings(connection: Connection, user_id: int) -> frozenset[str]:
    query = (
        select(BuildingRow.key)
        .join(UserBuildingRow, UserBuildingRow.building_id == BuildingRow.id)
        .where(UserBuildingRow.user_id == user_id)
    )
    return frozenset(connection.scalars(query))


def _buildings_of_tenants(connection: Connection, user_id: int) -> frozenset[str]:
    query = (
        select(BuildingRow.key)
        .join(TenantRow, TenantRow.building_id == BuildingRow.id)
        .join(UserTenantRow, UserTenantRow.tenant_id == TenantRow.id)
        .where(UserTenantRow.user_id == user_id)
    )
    return frozenset(connection.scalars(query))


def _spaces_of_tenants(connection: Connection, user_id: int) -> frozenset[tuple[str, str]]:
    """Rented spaces and all that lies inside them, save what another tenant rents there."""
    theirs = select(UserTenantRow.tenant_id).where(UserTenantRow.user_id == user_id)
    rented = select(SpaceRow.id).where(SpaceRow.tenant_id.in_(theirs)).cte("rented", recursive=True)
    inner = aliased(SpaceRow)
    inside = select(inner.id).where(
        inner.parent_id == rented.c.id, inner.tenant_id.is_(None) | inner.tenant_id.in_(theirs)
    )
    spaces = rented.union(inside)
    query = (
        select(BuildingRow.key, SpaceRow.key)
        .join(BuildingRow, BuildingRow.id == SpaceRow.building_id)
        .where(SpaceRow.id.in_(select(spaces.c.id)))
    )
    return frozenset((building, space) for building, space in connection.execute(query))
