"""Who rents space in a building."""

from collections.abc import Sequence

from ondol.common.access import Access, Scope
from ondol.common.audit import Audit
from ondol.sites.model import NewTenant, Tenant
from ondol.sites.ports import SiteRecords
from ondol.sites.reach import reach_whole_building


def create_tenants(
    access: Access, building_key: str, new: Sequence[NewTenant], *, records: SiteRecords, audit: Audit
) -> list[Tenant]:
    """Add tenants, all or none; returns all of the building. Raises NotFound, AlreadyExists when a key is taken."""
    reach_whole_building(access, building_key, records, Scope.WRITE)
    tenants = records.add_tenants(building_key, new)
    audit.record(access, "tenants created", f"{building_key}: {', '.join(tenant.key for tenant in new)}"[:200])
    return tenants
