"""What is said of a building changes."""

from ondol.common.access import Access, Scope
from ondol.common.audit import Audit
from ondol.common.cache import Cache
from ondol.common.errors import InvalidInput
from ondol.sites.list_buildings import forget_buildings
from ondol.sites.model import Building, BuildingChange, changed_fields
from ondol.sites.ports import SiteRecords
from ondol.sites.reach import reach_whole_building


def change_building(
    access: Access, key: str, change: BuildingChange, *, records: SiteRecords, cache: Cache | None, audit: Audit
) -> Building:
    """Change some fields. Raises NotFound, InvalidInput when nothing would change or a needed field would be emptied."""
    reach_whole_building(access, key, records, Scope.WRITE)
    fields = changed_fields(change)
    if not fields or any(fields.get(name, "") is None for name in ("name", "address")):
        raise InvalidInput("send at least one field to change; a name and an address cannot be null")
    building = records.change_building(key, change)
    forget_buildings(cache)
    audit.record(access, "building changed", key)
    return building
