"""Tenants of buildings."""

from ondol.common.access import Scope
from ondol.sites import NewTenant, Tenant
from ondol.web.api.operations import Answer, Call, operation
from ondol.web.api.shapes.buildings import NewTenantBody, TenantAnswer, TenantList, TenantQuery
from ondol.web.installation import ondol


@operation(
    "GET", "/api/v1/tenants", tag="tenants", scope=Scope.READ, query=TenantQuery,
    answer=Answer(TenantList, errors=[404]),
)  # fmt: skip
def list_tenants(call: Call) -> TenantList:
    """List the tenants of a building."""
    query: TenantQuery = call.query
    tenants = ondol().sites.tenants(call.access, query.building)
    return TenantList(items=[_answer(query.building, tenant) for tenant in tenants], next=None)


@operation(
    "POST", "/api/v1/tenants", tag="tenants", scope=Scope.WRITE, body=NewTenantBody,
    answer=Answer(TenantAnswer, status=201, errors=[404, 409]),
)  # fmt: skip
def add_tenant(call: Call) -> TenantAnswer:
    """Create a tenant."""
    body: NewTenantBody = call.body
    new = NewTenant(
        key=body.key, name=body.name, contact_info=body.contact_info, move_in_date=body.move_in_date,
        contract_end_date=body.contract_end_date,
    )  # fmt: skip
    ondol().sites.create_tenants(call.access, body.building, [new])
    return TenantAnswer(**body.model_dump())


def _answer(building_key: str, tenant: Tenant) -> TenantAnswer:
    return TenantAnswer(
        key=tenant.key, building=building_key, name=tenant.name, contact_info=tenant.contact_info,
        move_in_date=tenant.move_in_date, contract_end_date=tenant.contract_end_date,
    )  # fmt: skip
