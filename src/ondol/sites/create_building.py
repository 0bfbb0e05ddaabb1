"""A building comes to be."""

from ondol.common.access import Access, Scope
from ondol.common.audit import Audit
from ondol.common.cache import Cache
from ondol.common.calendar import check_timezone
from ondol.common.errors import NotAllowed
from ondol.sites.list_buildings import forget_buildings
from ondol.sites.model import Building, NewBuilding
from ondol.sites.point_index import PointIndex
from ondol.sites.ports import SiteRecords
from ondol.sites.rules import check_key


def create_building(
    access: Access, new: NewBuilding, *, records: SiteRecords, index: PointIndex, cache: Cache | None, audit: Audit
) -> Building:
    """Add a building.

    Raises InvalidInput on a bad key or an unknown time zone, AlreadyExists when the key is taken, NotAllowed when the new building would be
    out of reach.
    """
    access.require(Scope.WRITE)
    if access.spaces is not None or not access.reaches(new.key):
        raise NotAllowed(f"a building {new.key!r} would be out of your reach; ask an administrator to create it")
    check_key(new.key)
    check_timezone(new.timezone)
    building = records.add_building(new)
    forget_buildings(cache)
    index.forget()
    audit.record(access, "building created", new.key)
    return building
