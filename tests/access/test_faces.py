"""Every use case of every face, asked by those to whom the things belong not: they learn nothing, not even what exists."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests.access.world import NOWHERE, STRANGER, Names, World
from tests.conftest import NOW

from ondol.audit import AuditQuestion
from ondol.common.access import SYSTEM, Access, Scope
from ondol.common.errors import NotAllowed, NotFound
from ondol.forecasts import FORECAST_HOURS
from ondol.history import MeterQuestion, NewRepair, RepairAction, Resolution, SeriesQuestion, UsageQuestion
from ondol.installation import Installation
from ondol.people import AccountChange, NewInvitation, NewToken, NewUser, PasswordChange, UserChange
from ondol.readings import Decided, Naming, Standing, Submission
from ondol.sites import BuildingChange, NewBuilding, NewPoint, NewSpace, NewTenant, PointChange

DAY = (NOW - timedelta(days=1), NOW)
HIDDEN = "NotFound, in the words for what is not there"
REFUSED = "NotAllowed, in the same words whatever is named"
Call = Callable[[Installation, Access, Names], Any]


@dataclass(frozen=True)
class Case:
    """What asks, and what comes of it: HIDDEN, REFUSED, or a look at the answer that finds nothing of others in it."""

    ask: Call
    other_building: str | Callable[[Any], bool]
    other_space: str | Callable[[Any], bool]


def hidden(ask: Call) -> Case:
    return Case(ask, HIDDEN, HIDDEN)


def refused(ask: Call) -> Case:
    return Case(ask, REFUSED, REFUSED)


def keys(*allowed: str) -> Callable[[Any], bool]:
    return lambda items: {item.key for item in items} <= set(allowed)


def keys_of(*allowed: str) -> Callable[[Any], bool]:
    return lambda found: set(found) == set(allowed)


THEIR_POINTS = keys("hq.f2.e", "hq.r201.co2")


def THE_OWN(user: Any) -> bool:  # noqa: N802  reads as the other answers do
    return user.username in ("manager", "renter")


REPAIR = NewRepair(action=RepairAction.DELETE, start=DAY[0], end=DAY[1], reason="x")
STANDING = Standing("influxdb://theirs", [], 0, [])
FORECAST = pl.DataFrame(schema=FORECAST_HOURS)


def usage(names: Names) -> UsageQuestion:
    return UsageQuestion(
        building_key=names.building, quantity="electricity", start=DAY[0], end=DAY[1], interval=Resolution.HOUR
    )


CASES: dict[str, Case] = {
    "sites.buildings": Case(lambda o, a, n: o.sites.buildings(a), keys("annex"), keys("hq")),
    "sites.building": Case(lambda o, a, n: o.sites.building(a, n.building), HIDDEN, lambda b: b.key == "hq"),
    "sites.create_building": refused(lambda o, a, n: o.sites.create_building(a, NewBuilding(key=n.building, name="x"))),
    "sites.change_building": hidden(lambda o, a, n: o.sites.change_building(a, n.building, BuildingChange(name="x"))),
    "sites.points": Case(lambda o, a, n: o.sites.points(a, n.building), HIDDEN, THEIR_POINTS),
    "sites.point": hidden(lambda o, a, n: o.sites.point(a, n.point)),
    "sites.create_points": hidden(
        lambda o, a, n: o.sites.create_points(a, n.building, [NewPoint(key="x", name="x", quantity="q")])
    ),
    "sites.change_point": hidden(lambda o, a, n: o.sites.change_point(a, n.point, PointChange(name="x"))),
    "sites.spaces": Case(lambda o, a, n: o.sites.spaces(a, n.building), HIDDEN, keys("f2", "r201")),
    "sites.create_spaces": hidden(lambda o, a, n: o.sites.create_spaces(a, n.building, [NewSpace(key="x", name="x")])),
    "sites.tenants": hidden(lambda o, a, n: o.sites.tenants(a, n.building)),
    "sites.create_tenants": hidden(
        lambda o, a, n: o.sites.create_tenants(a, n.building, [NewTenant(key="x", name="x")])
    ),
    "audit.records": refused(lambda o, a, n: o.audit.records(a, AuditQuestion(who=n.user))),
    "audit.export": refused(lambda o, a, n: list(o.audit.export(a, AuditQuestion(who=n.user)))),
    "audit.task_failures": refused(lambda o, a, n: o.audit.task_failures(a)),
    "audit.head": refused(lambda o, a, n: o.audit.head(a)),
    "audit.verify": refused(lambda o, a, n: o.audit.verify(a)),
    "people.sessions": Case(lambda o, a, n: o.people.sessions(a, n.user), REFUSED, REFUSED),
    "people.end_session": hidden(lambda o, a, n: o.people.end_session(a, n.session)),
    "people.users": refused(lambda o, a, n: o.people.users(a)),
    "people.create_user": refused(lambda o, a, n: o.people.create_user(a, NewUser(username=n.user, email="a@b"))),
    "people.change_password": refused(
        lambda o, a, n: o.people.change_password(a, PasswordChange("", "wrong", "x" * 20))
    ),
    "people.change_user": refused(lambda o, a, n: o.people.change_user(a, n.user, UserChange(is_active=False))),
    "people.delete_user": refused(lambda o, a, n: o.people.delete_user(a, n.user, n.user)),
    "people.invite": refused(lambda o, a, n: o.people.invite(a, NewInvitation(email="a@b", buildings=(n.building,)))),
    "people.invitations": refused(lambda o, a, n: o.people.invitations(a)),
    "people.take_back_invitation": refused(lambda o, a, n: o.people.take_back_invitation(a, n.session)),
    "people.make_reset_link": refused(lambda o, a, n: o.people.make_reset_link(a, n.user)),
    "people.own_account": Case(lambda o, a, n: o.people.own_account(a), THE_OWN, THE_OWN),
    "people.change_account": Case(
        lambda o, a, n: o.people.change_account(a, AccountChange("x", None)), THE_OWN, THE_OWN
    ),
    "people.ask_for_address": refused(lambda o, a, n: o.people.ask_for_address(a, "a@b", "wrong")),
    "people.reset_password": refused(lambda o, a, n: o.people.reset_password(a, n.user)),
    "people.tokens": refused(lambda o, a, n: o.people.tokens(a)),
    "people.create_token": refused(
        lambda o, a, n: o.people.create_token(a, NewToken(name=n.token, scopes=frozenset([Scope.READ])))
    ),
    "people.revoke_token": refused(lambda o, a, n: o.people.revoke_token(a, n.token)),
    "readings.record": Case(
        lambda o, a, n: o.readings.record(a, Submission([n.point], [0], [1.0], [1])),
        lambda receipt: (
            receipt.accepted == 0 and receipt.errors[0].reason.startswith(("there is no point", "no building"))
        ),
        REFUSED,
    ),
    "readings.record_json": Case(
        lambda o, a, n: o.readings.record_json(
            a, b'{"readings": [{"point": "%s", "time": "2026-11-18T05:00:00Z", "value": 1}]}' % n.point.encode()
        ),
        lambda receipt: receipt.accepted == 0,
        REFUSED,
    ),
    "readings.record_lines": Case(
        lambda o, a, n: o.readings.record_lines(a, f"m,point={n.point} value=1 1768473000".encode(), "s", n.building),
        lambda receipt: receipt.accepted == 0,
        REFUSED,
    ),
    "readings.latest": Case(
        lambda o, a, n: o.readings.latest(a, n.building), HIDDEN, lambda found: THEIR_POINTS([r.point for r in found])
    ),
    "readings.watch": Case(
        lambda o, a, n: o.readings.watch(a, n.building),
        HIDDEN,
        lambda feed: feed._theirs == {"hq.f2.e", "hq.r201.co2"},
    ),
    "readings.waiting_devices": hidden(lambda o, a, n: o.readings.waiting_devices(a, n.building)),
    "readings.name_device": hidden(
        lambda o, a, n: o.readings.name_device(a, n.device, Naming(quantity="co2", unit="ppm"))
    ),
    "readings.forget_device": hidden(lambda o, a, n: o.readings.forget_device(a, n.device)),
    "history.answer_influxql": Case(
        lambda o, a, n: o.history.answer_influxql(a, 'SELECT last(value) FROM sensor_readings GROUP BY "point"', None),
        lambda found: {series.tags["point"] for series in found[0]} == {"annex.main"},
        lambda found: {series.tags["point"] for series in found[0]} == {"hq.f2.e", "hq.r201.co2"},
    ),
    "adopting.find": refused(lambda o, a, n: o.adopting.find(a)),
    "adopting.decide": refused(lambda o, a, n: o.adopting.decide(a, STANDING, f"series,point\nx,{n.point}\n")),
    "adopting.adopt": refused(lambda o, a, n: o.adopting.adopt(a, Decided([], []))),
    "adopting.take_past": refused(lambda o, a, n: o.adopting.take_past(a, lambda _: None)),
    "adopting.adopted": refused(lambda o, a, n: o.adopting.adopted(a)),
    "adopting.compare": refused(lambda o, a, n: o.adopting.compare(a)),
    "readings.refused": refused(lambda o, a, n: o.readings.refused(a)),
    "points.change": hidden(lambda o, a, n: o.points.change(a, n.point, PointChange(unit="W"))),
    "points.preview": hidden(lambda o, a, n: o.points.preview(a, n.point, PointChange(unit="W"))),
    "points.names": Case(lambda o, a, n: o.points.names(a, o.sites.points(SYSTEM)), keys_of("annex.main"), keys_of()),
    "points.add_name": hidden(lambda o, a, n: o.points.add_name(a, n.point, f"{n.building}.x")),
    "points.take_name": hidden(lambda o, a, n: o.points.take_name(a, n.point, "x")),
    "points.merge": hidden(lambda o, a, n: o.points.merge(a, n.point, n.point)),
    "points.hanging": hidden(lambda o, a, n: o.points.hanging(a, n.point)),
    "points.delete": hidden(lambda o, a, n: o.points.delete(a, n.point, n.point)),
    "history.look_up_series": hidden(
        lambda o, a, n: o.history.look_up_series(a, SeriesQuestion(point_key=n.point, start=DAY[0], end=DAY[1]))
    ),
    "history.look_up_usage": Case(
        lambda o, a, n: o.history.look_up_usage(a, usage(n)), HIDDEN, lambda found: 0 < found.total < 11
    ),
    "history.compare_with_last_week": Case(
        lambda o, a, n: o.history.compare_with_last_week(a, o.sites.records.buildings()),
        lambda found: found["hq"].today_kwh == 0,
        lambda found: found["annex"].today_kwh == 0 and found["hq"].today_kwh < 11,
    ),
    "history.assess_data_quality": Case(
        lambda o, a, n: o.history.assess_data_quality(a, n.building),
        HIDDEN,
        lambda found: THEIR_POINTS([quality.point for quality in found]),
    ),
    "history.last_seen": Case(
        lambda o, a, n: o.history.last_seen(a, o.sites.records.buildings()),
        lambda found: set(found) == {"annex"},
        lambda found: set(found) == {"hq"},
    ),
    "history.repair": hidden(lambda o, a, n: o.history.repair(a, n.point, REPAIR)),
    "history.repairs": hidden(lambda o, a, n: o.history.repairs(a, n.point)),
    "history.undo_repair": hidden(lambda o, a, n: o.history.undo_repair(a, n.point, "x")),
    "history.summarize_point": hidden(lambda o, a, n: o.history.summarize_point(a, n.point, *DAY)),
    "history.find_flagged": hidden(lambda o, a, n: o.history.find_flagged(a, n.point, *DAY)),
    "history.last_seen_of_point": hidden(lambda o, a, n: o.history.last_seen_of_point(a, n.point)),
    "sites.calorific_values": Case(
        lambda o, a, n: o.sites.calorific_values(a, n.building), HIDDEN, lambda found: found == []
    ),
    "sites.set_calorific_values": hidden(lambda o, a, n: o.sites.set_calorific_values(a, n.building, [])),
    "history.look_up_meters": Case(
        lambda o, a, n: o.history.look_up_meters(
            a, MeterQuestion(building_key=n.building, quantity="electricity", first=DAY[0].date(), last=DAY[1].date())
        ),
        HIDDEN,
        lambda tree: {meter.point.key for meter in tree.mains} <= {"hq.f2.e"} and not tree.parts and not tree.others,
    ),
    "sites.kind_of_formula": hidden(lambda o, a, n: o.sites.kind_of_formula(a, n.building, "[x]")),
    "imports.running": Case(lambda o, a, n: o.imports.running(a, n.building), HIDDEN, lambda found: found is None),
    "imports.offer_file": hidden(lambda o, a, n: o.imports.offer_file(a, n.building, "a.csv", b"time,kWh\n", {})),
    "imports.look_at_offer": hidden(lambda o, a, n: o.imports.look_at_offer(a, n.building, "1-a", {})),
    "imports.take_offer": hidden(lambda o, a, n: o.imports.take_offer(a, n.building, "1-a", {})),
    "imports.import_file": hidden(lambda o, a, n: o.imports.import_file(a, n.building, "a.csv", b"time,kWh\n", {})),
    "forecasts.look_up": hidden(lambda o, a, n: o.forecasts.look_up(a, n.building, "electricity", 24)),
    "forecasts.explain_missing": hidden(lambda o, a, n: o.forecasts.explain_missing(a, n.building, "electricity")),
    "forecasts.accuracy": hidden(lambda o, a, n: o.forecasts.accuracy(a, n.building, "electricity", 24)),
    "forecasts.expect_month_end": hidden(lambda o, a, n: o.forecasts.expect_month_end(a, n.building, "electricity")),
    "forecasts.forecast_demand": hidden(lambda o, a, n: o.forecasts.forecast_demand(a, n.building)),
    "forecasts.notification": hidden(lambda o, a, n: o.forecasts.notification(a, n.building)),
    "forecasts.rate_anomalies": hidden(lambda o, a, n: o.forecasts.rate_anomalies(a, n.building, "electricity", *DAY)),
    "forecasts.keep_weather_forecast": hidden(
        lambda o, a, n: o.forecasts.keep_weather_forecast(a, [n.building], FORECAST)
    ),
    "forecasts.import_weather": hidden(
        lambda o, a, n: o.forecasts.import_weather(a, Path("none.csv"), [n.building], None, dry_run=False)
    ),
    "forecasts.imported_loads": hidden(lambda o, a, n: o.forecasts.imported_loads(a, [n.building], "electricity")),
    "forecasts.train": refused(lambda o, a, n: o.forecasts.train(a)),
    "forecasts.issue": refused(lambda o, a, n: o.forecasts.issue(a)),
    "forecasts.building_keys": refused(lambda o, a, n: o.forecasts.building_keys(a)),
    "performance.measure_avoided_energy": hidden(
        lambda o, a, n: o.performance.measure_avoided_energy(a, n.building, "electricity", DAY, DAY)
    ),
}

OF_PERSONS = {"people.end_session", "people.own_account", "people.change_account"}
WITHOUT_ACCESS = {
    "sites.count": "how many there are, for health and metrics",
    "people.sign_in": "finds out who it is",
    "people.resume_session": "finds out who it is",
    "people.access_of_session": "finds out what is theirs",
    "people.access_of_token": "finds out what is theirs",
    "people.has_mail": "whether links go by mail, which every visitor sees",
    "people.look_at_invitation": "of whoever holds the link",
    "people.join": "of whoever holds the link",
    "people.look_at_reset": "of whoever holds the link",
    "people.reset_by_link": "of whoever holds the link",
    "people.look_at_address": "of whoever holds the link",
    "people.confirm_address": "of whoever holds the link",
    "people.ask_for_reset": "finds out who it is, and tells nobody",
    "people.ask_to_sign_up": "of strangers, where it is open",
    "people.sign_out": "of whoever holds the session's id",
    "people.create_first_administrator": "while there is nobody",
    "people.tasks": "standing work",
    "audit.tasks": "standing work",
    "audit.watched": "standing work",
    "readings.status": "counts of the store",
    "readings.check_cache": "whether the cache answers",
    "readings.tasks": "standing work",
    "adopting.tasks": "standing work",
    "readings.tasks_of_process": "standing work",
    "history.aggregate": "standing work",
    "history.tasks": "standing work",
    "points.tasks": "standing work",
    "imports.tasks": "standing work",
    "imports.noted": "tells that something is coming, not what",
    "forecasts.keep_up": "standing work",
    "forecasts.tasks": "standing work",
}


def face_methods() -> set[str]:
    faces = {field.name: field.type for field in fields(Installation)}
    found: set[str] = set()
    for name in (
        "audit", "sites", "people", "readings", "adopting", "history", "points", "imports", "forecasts", "performance",
    ):  # fmt: skip
        face = faces[name]
        assert isinstance(face, type)
        found |= {f"{name}.{method}" for method, _ in inspect.getmembers(face, inspect.isfunction) if method[0] != "_"}
    return found


def test_every_method_of_every_face_is_in_the_table() -> None:
    assert face_methods() == set(CASES) | set(WITHOUT_ACCESS)


def test_what_takes_no_access_says_why_and_what_takes_it_has_it_first() -> None:
    faces = {field.name: field.type for field in fields(Installation)}
    for name in face_methods():
        face, method = name.split(".")
        parameters = list(inspect.signature(getattr(faces[face], method)).parameters)
        takes_access = len(parameters) > 1 and parameters[1] == "access"
        assert takes_access == (name in CASES) or name == "people.sign_out", name


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_stranger_is_refused_before_anything_is_looked_at(world: World, name: str) -> None:
    with pytest.raises(NotAllowed) as there:
        CASES[name].ask(world.ondol, STRANGER, world.theirs)
    with pytest.raises(NotAllowed) as nowhere:
        CASES[name].ask(world.ondol, STRANGER, NOWHERE)
    assert worded(there, world.theirs) == worded(nowhere, NOWHERE)


@pytest.mark.parametrize("who", ["annex manager", "annex token", "tenant"])
@pytest.mark.parametrize("name", sorted(CASES))
def test_outsiders_find_nothing_that_is_not_theirs(world: World, name: str, who: str) -> None:
    case, access = CASES[name], world.outsiders[who]
    expected = case.other_space if who == "tenant" else case.other_building
    if name in OF_PERSONS and who == "annex token":
        expected = REFUSED  # a program has no sessions of its own, and no account
    if not isinstance(expected, str):
        assert expected(case.ask(world.ondol, access, world.theirs))
        return
    # A person of a role that only reads is told so, whatever is named.
    kinds = (
        (NotFound, NotAllowed)
        if expected is HIDDEN and who == "tenant"
        else NotFound
        if expected is HIDDEN
        else NotAllowed
    )
    with pytest.raises(kinds) as there:
        case.ask(world.ondol, access, world.theirs)
    with pytest.raises(kinds) as nowhere:
        case.ask(world.ondol, access, NOWHERE)
    assert there.type is nowhere.type
    assert worded(there, world.theirs) == worded(nowhere, NOWHERE)


def worded(error: pytest.ExceptionInfo[BaseException], names: Names) -> str:
    text = str(error.value)
    for field in fields(names):
        text = text.replace(repr(getattr(names, field.name)), f"<{field.name}>")
    return text.replace(f"create {names.building} ", "create <building> ")
