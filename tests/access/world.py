"""Two buildings, two tenants in one of them, and the people and programs who may see some of it."""

from dataclasses import dataclass, replace
from datetime import timedelta

from tests.conftest import NOW
from tests.making import make_building, make_points, make_spaces, make_tenants, make_token, make_user, sign_in

from ondol.common.access import SYSTEM, Access, Scope
from ondol.installation import Installation
from ondol.people import Role
from ondol.readings import Submission

STRANGER = Access("stranger", frozenset())


@dataclass(frozen=True)
class Names:
    """What an outsider asks for: `theirs` of somebody else, or what does not exist at all."""

    building: str
    point: str
    tenant: str
    session: str
    user: str
    token: str
    device: str


NOWHERE = Names("nowhere", "nowhere.f1.e", "nowhere1", "0" * 16, "nobody", "none", "f" * 16)


@dataclass(frozen=True)
class World:
    """`annex_manager` and `annex_token` reach the annex alone, `tenant` the second floor of the head office alone."""

    ondol: Installation
    theirs: Names
    annex_manager: Access
    annex_token: Access
    tenant: Access
    annex_secret: str
    tenant_session: str
    annex_session: str

    @property
    def outsiders(self) -> dict[str, Access]:
        return {"annex manager": self.annex_manager, "annex token": self.annex_token, "tenant": self.tenant}


def make_world(ondol: Installation) -> World:
    make_building(ondol, "hq", name="본관", contract_power_kw=100.0)
    make_building(ondol, "annex", name="별관")
    make_tenants(ondol, "hq", [{"key": "t1", "name": "one"}, {"key": "t2", "name": "two"}])
    floors = [{"key": f"f{n}", "name": f"{n}", "kind": "floor", "tenant": f"t{n}"} for n in (1, 2)]
    make_spaces(ondol, "hq", [*floors, {"key": "r201", "name": "201", "parent": "f2"}])
    energy = {"quantity": "electricity", "unit": "kW"}
    meters = [
        {"key": f"hq.f{n}.e", "name": f"{n}", "space": f"f{n}", "submeter_of": "hq.main", **energy} for n in (1, 2)
    ]
    room = {"key": "hq.r201.co2", "name": "co2", "quantity": "co2", "unit": "ppm", "space": "r201"}
    make_points(ondol, "hq", [{"key": "hq.main", "name": "main", **energy}, *meters, room])
    make_points(ondol, "annex", [{"key": "annex.main", "name": "main", **energy}])
    record(ondol)
    make_user(ondol, "manager", Role.MANAGER, buildings=("annex",))
    make_user(ondol, "renter", Role.TENANT, tenants=("t2",))
    make_user(ondol, "boss", Role.ADMIN)
    make_token(ondol, "everything", Scope.ADMIN)
    scopes = (Scope.READ, Scope.WRITE, Scope.ADMIN)
    secret = make_token(ondol, "limited", *scopes, buildings=["annex"])
    (_, boss), (annex_id, annex), (tenant_id, tenant) = (sign_in(ondol, name) for name in ("boss", "manager", "renter"))
    people = ondol.people
    return World(
        ondol,
        Names("hq", "hq.f1.e", "t1", boss.key, "boss", "everything", waiting_device(ondol)),
        people.access_of_session(annex),
        people.access_of_token(secret),
        people.access_of_session(tenant),
        secret,
        tenant_id,
        annex_id,
    )


def waiting_device(ondol: Installation) -> str:
    """The key of a name in the head office that waits to become a point."""
    ondol.readings.record_lines(replace(SYSTEM, may_register=True), b"m,point=hq.odd value=1 1794981600", "s", None)
    return ondol.readings.waiting_devices(SYSTEM, "hq")[0][0].key


def record(ondol: Installation) -> None:
    """An hour of history in every building, and a newest reading of each point."""
    times = [int((NOW - timedelta(minutes=minute)).timestamp()) * 1_000_000 for minute in range(60, 0, -5)]
    for key in ("hq.main", "hq.f1.e", "hq.f2.e", "hq.r201.co2", "annex.main"):
        ondol.readings.record(
            SYSTEM, Submission([key] * len(times), times, [10.0] * len(times), range(1, 1 + len(times)))
        )
    ondol.history.aggregate()
