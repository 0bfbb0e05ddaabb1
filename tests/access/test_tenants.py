"""What a tenant sees of a building is theirs, and it adds up."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.conftest import NOW
from tests.making import make_points, make_spaces, make_tenants, make_user, sign_in

from ondol.common.access import SYSTEM, Access
from ondol.common.errors import NotFound
from ondol.history import Resolution, UsageQuestion
from ondol.installation import Installation
from ondol.people import Role
from ondol.readings import Submission
from ondol.sites import PointChange

ENERGY = {"quantity": "electricity", "unit": "kW"}


@pytest.fixture(scope="module")
def ondol(world: Any) -> Installation:
    """Beside the world's: on floor 2 a landlord's panel stands between two meters of the tenant; a third tenant rents nothing."""
    ondol: Installation = world.ondol
    make_tenants(ondol, "hq", [{"key": "t3", "name": "three"}])
    make_tenants(ondol, "annex", [{"key": "t4", "name": "four"}])
    make_spaces(ondol, "hq", [{"key": "corridor", "name": "corridor"}])
    make_spaces(ondol, "annex", [{"key": "shop", "name": "shop", "tenant": "t4"}])
    behind = {"key": "hq.r201.e", "name": "201", "space": "r201", "submeter_of": "hq.panel", **ENERGY}
    make_points(
        ondol,
        "hq",
        [{"key": "hq.panel", "name": "panel", "space": "corridor", "submeter_of": "hq.f2.e", **ENERGY}, behind],
    )
    make_points(
        ondol,
        "annex",
        [{"key": "annex.shop.e", "name": "shop", "space": "shop", "submeter_of": "annex.main", **ENERGY}],
    )
    times = [int((NOW - timedelta(minutes=minute)).timestamp()) * 1_000_000 for minute in range(60, 0, -5)]
    for key in ("hq.panel", "hq.r201.e", "annex.shop.e"):
        sent = Submission([key] * len(times), times, [10.0] * len(times), range(1, 1 + len(times)))
        ondol.readings.record(SYSTEM, sent)
    ondol.history.aggregate()
    return ondol


@pytest.fixture(scope="module")
def tenant_of(ondol: Installation) -> Callable[..., Access]:
    def make(*tenants: str) -> Access:
        name = "-".join(("of", *tenants))
        make_user(ondol, name, Role.TENANT, tenants=tenants)
        return ondol.people.access_of_session(sign_in(ondol, name)[1])

    return make


def used(ondol: Installation, access: Access, building: str = "hq") -> float:
    asked = UsageQuestion(
        building_key=building, quantity="electricity", start=NOW - timedelta(hours=1), end=NOW, interval=Resolution.HOUR
    )
    return ondol.history.look_up_usage(access, asked).total


def test_who_rents_nothing_is_not_answered_with_what_the_manager_asked_for(ondol: Installation, tenant_of) -> None:
    whole = used(ondol, SYSTEM)
    assert whole == pytest.approx(10, rel=0.1)
    with pytest.raises(NotFound):
        used(ondol, tenant_of("t3"))
    assert used(ondol, SYSTEM) == whole


def test_a_meter_behind_another_of_theirs_counts_once_also_with_one_of_others_between(
    ondol: Installation, tenant_of
) -> None:
    tenant = tenant_of("t2")
    assert used(ondol, tenant) == pytest.approx(10, rel=0.1)
    assert ondol.history.compare_with_last_week(tenant, ondol.sites.buildings(tenant))["hq"].today_kwh < 11
    listed = {point.key: point.submeter_of for point in ondol.sites.points(tenant, "hq")}
    assert listed == {"hq.f2.e": None, "hq.r201.co2": None, "hq.r201.e": "hq.f2.e"}
    assert ondol.sites.point(tenant, "hq.r201.e").submeter_of == "hq.f2.e"
    assert ondol.sites.point(SYSTEM, "hq.r201.e").submeter_of == "hq.panel"


def test_one_who_rents_in_two_buildings_has_both_and_no_more(ondol: Installation, tenant_of) -> None:
    tenant = tenant_of("t2", "t4")
    assert {building.key for building in ondol.sites.buildings(tenant)} == {"hq", "annex"}
    assert {point.key for point in ondol.sites.points(tenant)} == {
        "hq.f2.e",
        "hq.r201.co2",
        "hq.r201.e",
        "annex.shop.e",
    }
    assert [used(ondol, tenant, key) for key in ("hq", "annex")] == pytest.approx([10, 10], rel=0.1)


def test_the_contract_power_of_the_building_is_no_tenants(ondol: Installation, tenant_of) -> None:
    tenant = tenant_of("t1")
    known = [ondol.sites.building(tenant, "hq"), *ondol.sites.buildings(tenant)]
    assert [building.contract_power_kw for building in known] == [None, None]
    assert ondol.sites.building(SYSTEM, "hq").contract_power_kw == 100.0


def test_spaces_tell_cached_answers_apart() -> None:
    none, one = (replace(SYSTEM, spaces=frozenset(spaces)) for spaces in ([], [("a", "b,a/c")]))
    two = replace(SYSTEM, spaces=frozenset([("a", "b"), ("a", "c")]))
    assert len({SYSTEM.limits, none.limits, one.limits, two.limits}) == 4
    assert SYSTEM.limits == ""


def test_meters_that_two_people_put_in_a_ring_at_once_hold_nobody_up(ondol: Installation) -> None:
    make_points(ondol, "annex", [{"key": f"annex.ring{n}", "name": "ring", **ENERGY} for n in range(3)])
    records = ondol.sites.records
    for key, main in (("annex.ring0", "annex.ring1"), ("annex.ring1", "annex.ring0")):
        records.change_point(
            key, PointChange(submeter_of=main)
        )  # as two writers do who look before the other has written
    assert (
        ondol.sites.change_point(SYSTEM, "annex.ring2", PointChange(submeter_of="annex.ring0")).submeter_of
        == "annex.ring0"
    )
    assert ondol.sites.change_point(SYSTEM, "annex.ring0", PointChange(submeter_of=None)).submeter_of is None
