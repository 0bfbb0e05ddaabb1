"""Who rents space in a building."""

from collections.abc import Sequence

from ondol.common.access import Access, Scope
from ondol.common.audit import Audit
from ondol.sites.model import NewTenant, Tenant
from ondol.sites.ports import SiteRecords
from ondol.sites.reach import reach_whole_building
from ondol.sites.rules import check_key, check_own_name


def create_tenants(
    access: Access, building_key: str, new: Sequence[NewTenant], *, records: SiteRecords, audit: Audit
) -> list[Tenant]:
    """Add tenants, all or none; returns all of the building.

    Raises NotFound, AlreadyExists when a key is taken, InvalidInput when it is none or not one that they may give.
    """
    reach_whole_building(access, building_key, records, Scope.WRITE)
    for tenant in new:
        check_key(tenant.key)
        check_own_name(access, building_key, tenant.key)
    tenants = records.add_tenants(building_key, new)
    audit.record(access, "tenants created", f"{building_key}: {', '.join(tenant.key for tenant in new)}"[:200])
    return tenants
