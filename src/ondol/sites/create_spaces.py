"""Floors, rooms and zones come to be."""

from collections.abc import Sequence

from ondol.common.access import Access, Scope
from ondol.common.audit import Audit
from ondol.sites.model import NewSpace, Space
from ondol.sites.ports import SiteRecords
from ondol.sites.reach import reach_whole_building
from ondol.sites.rules import check_key


def create_spaces(
    access: Access, building_key: str, new: Sequence[NewSpace], *, records: SiteRecords, audit: Audit
) -> list[Space]:
    """Add spaces, all or none; returns all of the building. Raises NotFound, AlreadyExists when a key is taken, InvalidInput."""
    reach_whole_building(access, building_key, records, Scope.WRITE)
    for space in new:
        check_key(space.key)
    spaces = records.add_spaces(building_key, new)
    audit.record(access, "spaces created", f"{building_key}: {', '.join(space.key for space in new)}"[:200])
    return spaces
