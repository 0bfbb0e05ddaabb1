"""The audit: what is recorded, of whom, and what a look at its chain finds once somebody has been at it."""

import getpass
import json
import secrets
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update
from tests.conftest import NOW, SetClock
from tests.making import PASSWORD, make_building, make_points, make_spaces, make_tenants, make_token, make_user, sign_in
from tests.running import RunningServer, run_ondol

from ondol.audit import AuditKey, AuditQuestion, AuditTrail, ChainReport, Fault, Head
from ondol.audit.model import NOTHING
from ondol.audit.rules import hash_of
from ondol.audit.sql import SqlAudit, SqlTaskFailures
from ondol.audit.tables import AuditChainRow, AuditRow
from ondol.common.access import SYSTEM, Access, Scope
from ondol.common.errors import NotSignedIn, TooManyAttempts
from ondol.config import load_settings
from ondol.database.engine import Database
from ondol.installation import Installation
from ondol.people import NewToken
from ondol.readings import Submission
from ondol.sites import BuildingChange, PointChange

EVERYTHING = AuditQuestion()
FILE = b"time,kWh\n2026-01-01 00:00,1\n2026-01-01 01:00,2\n2026-01-01 02:00,x\n"


@pytest.fixture
def ondol(open_ondol: Callable[..., Installation]) -> Installation:
    return open_ondol(timeseries_url="memory://")


def deeds(ondol: Installation, **asked: Any) -> list[tuple[str, str, str | None]]:
    """Who, action and subject, the oldest first."""
    found = ondol.audit.records(SYSTEM, AuditQuestion(**asked), None, 1000)
    return [(record.deed.who, record.deed.action, record.deed.subject) for record in reversed(found)]


# What is recorded


def test_what_people_do_is_recorded_with_who_and_from_where(ondol: Installation) -> None:
    user = make_user(ondol, "kim")
    session_id, session = sign_in(ondol, "kim", address="192.0.2.7")
    access = ondol.people.access_of_session(session)
    ondol.people.sign_out(access, session_id)
    _, other = sign_in(ondol, "kim", address="192.0.2.8")
    ondol.people.end_session(ondol.people.access_of_session(other), other.key)
    with pytest.raises(NotSignedIn):
        sign_in(ondol, "kim", "wrong")
    make_token(ondol, "meter", Scope.WRITE)
    ondol.people.revoke_token(SYSTEM, "meter")
    assert deeds(ondol) == [
        ("system", "user created", user.username), ("kim", "signed in", None), ("kim", "signed out", None),
        ("kim", "signed in", None), ("kim", "session ended", f"kim {other.key}"), ("kim", "sign-in refused", None),
        ("system", "token created", "meter"), ("system", "token revoked", "meter"),
    ]  # fmt: skip
    found = ondol.audit.records(SYSTEM, AuditQuestion(action="signed out"))
    assert found[0].deed.address == "192.0.2.7"


def test_what_changes_in_buildings_is_recorded(ondol: Installation) -> None:
    make_building(ondol, "hq")
    ondol.sites.change_building(SYSTEM, "hq", BuildingChange(name="본관"))
    make_points(
        ondol, "hq", [{"key": "hq.main", "name": "main", "quantity": "electricity", "unit": "kWh", "kind": "total"}]
    )
    ondol.sites.change_point(SYSTEM, "hq.main", PointChange(name="Main"))
    make_tenants(ondol, "hq", [{"key": "t1", "name": "one"}])
    make_spaces(ondol, "hq", [{"key": "f1", "name": "1"}])
    ondol.imports.import_file(SYSTEM, "hq", "=cmd\x1b[2J.csv", FILE, {"point": "hq.main", "dry_run": True})
    ondol.imports.import_file(SYSTEM, "hq", "=cmd\x1b[2J.csv", FILE, {"point": "hq.main"})
    assert deeds(ondol) == [
        ("system", "building created", "hq"), ("system", "building changed", "hq"), ("system", "points created", "hq: hq.main"),
        ("system", "point changed", "hq.main"), ("system", "tenants created", "hq: t1"), ("system", "spaces created", "hq: f1"),
        ("system", "file imported", "hq: =cmd [2J.csv, 2 values into hq.main"),
    ]  # fmt: skip


def test_readings_that_retention_drops_are_recorded_once_a_day(
    open_ondol: Callable[..., Installation], clock: SetClock
) -> None:
    ondol = open_ondol()
    make_building(ondol, "hq")
    make_points(ondol, "hq", [{"key": "hq.t", "name": "t", "quantity": "temperature", "unit": "degC"}])
    hours = [int(clock().timestamp() - 3600 * n) * 1_000_000 for n in range(48)]
    ondol.readings.record(SYSTEM, Submission(["hq.t"] * 48, hours, [20.0] * 48, range(1, 49)))
    (drop,) = [task for task in ondol.readings.tasks() if task.name == "drop old readings"]
    for _ in range(24 * 33):
        clock.forward(hours=1)
        drop.run()
    found = deeds(ondol, action="readings dropped")
    if ondol.settings.has_shared_stores:
        # InfluxDB drops by its own retention, which nobody can record; and this one keeps for good.
        assert not found
        return
    assert len(found) == 3
    assert sum(int((subject or "").split()[0]) for _, _, subject in found) == 48


def test_a_stranger_fills_nothing(ondol: Installation, clock: SetClock) -> None:
    make_user(ondol, "kim")
    for _ in range(300):
        with pytest.raises((NotSignedIn, TooManyAttempts)):
            sign_in(ondol, "kim", "wrong", address="203.0.113.9")
    found = deeds(ondol, who="kim")
    assert found.count(("kim", "sign-in refused", None)) == ondol.settings.sign_in_attempts
    assert found.count(("kim", "sign-in paused", None)) == 1
    for n in range(300):
        with pytest.raises((NotSignedIn, TooManyAttempts)):
            sign_in(ondol, f"guess{n}", "wrong", address="203.0.113.9")
    assert len(deeds(ondol, action="sign-in")) < 50


def test_what_strangers_enter_is_cut_and_cleaned(ondol: Installation) -> None:
    name = "a\x1b]0;x\x07\u202e\n" + "b" * 500
    with pytest.raises(NotSignedIn):
        sign_in(ondol, name, "wrong", address="x" * 500)
    ((who, _, _),) = deeds(ondol)
    assert who.isprintable()
    assert (who[:8], len(who)) == ("a ]0;x  ", 100)
    assert ondol.audit.verify(SYSTEM).ok


def test_commands_record_who_ran_them(tmp_path: Path) -> None:
    me = f"command:{getpass.getuser()}"
    with RunningServer(tmp_path) as server:
        assert run_ondol(tmp_path, "building", "create", "hq", "--name", "hq").returncode == 0
        assert run_ondol(tmp_path, "token", "create", "t", "--scope", "read").returncode == 0
        server.token()
    audit, database = trail(Database(f"sqlite:///{tmp_path}/ondol.sqlite"))
    found = {record.deed.action: record.deed.who for record in audit.records(SYSTEM, EVERYTHING)}
    database.close()
    assert found["building created"] == found["token created"] == me


def test_who_is_no_command_cannot_say_so(ondol: Installation) -> None:
    from ondol.web.app import create_app

    secret = make_token(ondol, "everything", Scope.ADMIN)
    headers = {"Authorization": f"Bearer {secret}", "X-Ondol-Operator": "root"}
    client = create_app(ondol).test_client()
    assert client.post("/api/v1/buildings", json={"key": "hq", "name": "hq"}, headers=headers).status_code == 201
    assert deeds(ondol, action="building")[0][0] == "token everything"


# The chain


def trail(database: Database, key: AuditKey | None = None) -> tuple[AuditTrail, Database]:
    clock = SetClock(NOW)
    return AuditTrail(SqlAudit(database, clock, key), key, clock, 730, SqlTaskFailures(database, clock)), database


@pytest.fixture
def audit(database: Database) -> AuditTrail:
    """Twenty records of somebody."""
    database.upgrade()
    made, _ = trail(database)
    fill(made)
    return made


def fill(audit: AuditTrail, count: int = 20) -> None:
    for number in range(count):
        audit.kept.record(Access(f"kim{number}", frozenset(), address="192.0.2.1"), "signed in", f"번호 {number}")


def test_a_chain_that_nobody_touched_is_whole(audit: AuditTrail) -> None:
    report = audit.verify(SYSTEM)
    assert (report.ok, report.records, report.head) == (True, 20, audit.head(SYSTEM))
    fill(audit, 3)
    assert audit.verify(SYSTEM, report.head).ok
    assert audit.verify(SYSTEM, Head.parse(str(report.head))).ok
    wrong = audit.verify(SYSTEM, Head(20, secrets.token_hex(32)))
    assert (wrong.ok, wrong.fault, wrong.at) == (False, Fault.HEAD_MISSING, 20)


CHANGES = {
    "actor": "lee",
    "address": None,
    "action": "signed out",
    "subject": "x",
    "occurred_at": "now",
    "hash": "a" * 64,
}


@pytest.mark.parametrize("column", CHANGES)
@pytest.mark.parametrize("number", [1, 11, 20])
def test_a_change_of_any_field_of_any_record_is_found(
    audit: AuditTrail, database: Database, clock: SetClock, column: str, number: int
) -> None:
    clock.forward(seconds=1)
    value = clock() if column == "occurred_at" else CHANGES[column]
    with database.write() as connection:
        connection.execute(update(AuditRow).where(AuditRow.number == number).values({column: value}))
    report = audit.verify(SYSTEM)
    assert (report.fault, report.at, report.records) == (Fault.CHANGED, number, number - 1)


@pytest.mark.parametrize(
    ("numbers", "fault"),
    [
        ([1], Fault.REMOVED), ([11], Fault.REMOVED), ([11, 12, 15], Fault.REMOVED), ([20], Fault.CUT_OFF),
        ([18, 19, 20], Fault.CUT_OFF),
    ],
)  # fmt: skip
def test_what_was_removed_is_named(audit: AuditTrail, database: Database, numbers: list[int], fault: Fault) -> None:
    with database.write() as connection:
        connection.execute(delete(AuditRow).where(AuditRow.number.in_(numbers)))
    report = audit.verify(SYSTEM)
    assert (report.fault, report.at) == (fault, numbers[0])


def test_removing_all_is_noticed(audit: AuditTrail, database: Database) -> None:
    with database.write() as connection:
        connection.execute(delete(AuditRow))
    assert (audit.verify(SYSTEM).fault, audit.verify(SYSTEM).at) == (Fault.CUT_OFF, 1)
    fill(audit, 2)
    assert not audit.verify(SYSTEM).ok


def test_what_was_put_in_is_named(audit: AuditTrail, database: Database) -> None:
    row = {"occurred_at": audit.clock(), "actor": "x", "action": "signed in", "hash": "b" * 64}
    for number, behind in ((21, 21), (0, 0), (-5, -5)):
        with database.write() as connection:
            connection.execute(insert(AuditRow).values(**row, number=number))
        report = audit.verify(SYSTEM)
        assert (report.fault, report.at) == (Fault.INSERTED, behind)
        fill(audit, 1)  # recording goes on, and covers nothing up
        assert not audit.verify(SYSTEM).ok
        with database.write() as connection:
            connection.execute(delete(AuditRow).where(AuditRow.number.in_([number, 22])))
            state = connection.execute(select(AuditRow.number, AuditRow.hash).where(AuditRow.number == 20)).one()
            connection.execute(update(AuditChainRow).values(last_number=state[0], last_hash=state[1]))
            connection.execute(delete(AuditRow).where(AuditRow.number > 20))


def test_records_that_changed_places_are_found(audit: AuditTrail, database: Database) -> None:
    with database.write() as connection:
        for old, new in ((5, 99), (6, 5), (99, 6)):
            connection.execute(update(AuditRow).where(AuditRow.number == old).values(number=new))
    assert (audit.verify(SYSTEM).fault, audit.verify(SYSTEM).at) == (Fault.CHANGED, 5)


def write_anew(database: Database, from_number: int, actor: str) -> None:
    """What who has the database and our code can do: change a record and all hashes behind it."""
    with database.write() as connection:
        connection.execute(update(AuditRow).where(AuditRow.number == from_number).values(actor=actor))
    kept = SqlAudit(database, SetClock(NOW))
    previous = NOTHING
    for record in kept.following(None, 1000):
        previous = hash_of(previous, record.number, record.deed)
        with database.write() as connection:
            connection.execute(update(AuditRow).where(AuditRow.number == record.number).values(hash=previous))
    with database.write() as connection:
        connection.execute(update(AuditChainRow).values(last_hash=previous))


def test_a_chain_that_was_written_anew_is_told_by_a_noted_head(audit: AuditTrail, database: Database) -> None:
    noted = audit.head(SYSTEM)
    write_anew(database, 3, "nobody")
    assert audit.verify(SYSTEM).ok  # by itself it cannot tell
    assert audit.verify(SYSTEM, noted).fault is Fault.HEAD_MISSING


KEY = AuditKey.parse(load_settings(audit_key="1:" + "k" * 64).audit_key)
LATER = AuditKey.parse(load_settings(audit_key="11:" + "k" * 64).audit_key)


@pytest.fixture
def sealed(database: Database) -> AuditTrail:
    database.upgrade()
    made, _ = trail(database, KEY)
    fill(made)
    return made


def fault_of(audit: AuditTrail) -> tuple[Fault | None, int | None]:
    report: ChainReport = audit.verify(SYSTEM)
    return report.fault, report.at


def test_a_chain_that_was_written_anew_is_told_by_the_key(sealed: AuditTrail, database: Database) -> None:
    assert sealed.verify(SYSTEM).is_sealed
    write_anew(database, 3, "nobody")
    assert fault_of(sealed) == (Fault.UNSEALED, 3)
    with database.write() as connection:
        connection.execute(update(AuditRow).values(seal=None))
    assert fault_of(sealed) == (Fault.UNSEALED, 1)
    fill(sealed, 2)
    assert fault_of(sealed) == (Fault.UNSEALED, 1)


def test_a_tail_that_was_cut_with_its_note_is_told_by_the_key(sealed: AuditTrail, database: Database) -> None:
    with database.write() as connection:
        kept = connection.scalar(select(AuditRow.hash).where(AuditRow.number == 15))
        connection.execute(delete(AuditRow).where(AuditRow.number > 15))
        connection.execute(update(AuditChainRow).values(last_number=15, last_hash=kept))
    assert fault_of(sealed) == (Fault.STATE_UNSEALED, 15)
    fill(sealed, 2)  # nor does going on cover it up
    assert fault_of(sealed) == (Fault.STATE_UNSEALED, 17)
    plain, _ = trail(database)
    assert plain.verify(SYSTEM).ok


def test_a_front_that_was_cut_with_its_note_is_told_by_the_key(sealed: AuditTrail, database: Database) -> None:
    with database.write() as connection:
        cut = connection.scalar(select(AuditRow.hash).where(AuditRow.number == 5))
        connection.execute(delete(AuditRow).where(AuditRow.number <= 5))
        connection.execute(update(AuditChainRow).values(dropped_number=5, dropped_hash=cut))
    assert fault_of(sealed) == (Fault.STATE_UNSEALED, 20)


def test_a_key_of_later_seals_what_comes_and_knows_how_much_there_was(audit: AuditTrail, database: Database) -> None:
    with database.write() as connection:
        connection.execute(delete(AuditRow).where(AuditRow.number > 10))
        kept = connection.scalar(select(AuditRow.hash).where(AuditRow.number == 10))
        connection.execute(update(AuditChainRow).values(last_number=10, last_hash=kept))
    later, _ = trail(database, LATER)
    assert later.verify(SYSTEM).ok
    fill(later, 5)
    assert later.verify(SYSTEM).is_sealed
    fill(audit, 1)  # a process without the key
    assert fault_of(later) == (Fault.UNSEALED, 16)
    with database.write() as connection:
        connection.execute(delete(AuditRow))
        connection.execute(delete(AuditChainRow))
    assert fault_of(later) == (Fault.CUT_OFF, 1)


# Writers together


def test_threads_never_fork_the_chain(audit: AuditTrail) -> None:
    threads = [threading.Thread(target=fill, args=(audit, 25)) for _ in range(8)]
    for thread in threads:
        thread.start()
    reports = [audit.verify(SYSTEM) for _ in range(5)]
    for thread in threads:
        thread.join()
    assert all(report.ok for report in reports)
    assert audit.verify(SYSTEM).records == 20 + 8 * 25


def test_processes_never_fork_the_chain(audit: AuditTrail, database: Database) -> None:
    url = database.engine.url.render_as_string(hide_password=False)
    code = f"""
from ondol.audit.sql import SqlAudit, SqlTaskFailures
from ondol.common.access import SYSTEM
from ondol.common.clock import system_clock
from ondol.database.engine import Database
kept = SqlAudit(Database({url!r}), system_clock)
for number in range(40):
    kept.record(SYSTEM, "signed in", str(number))
"""
    running = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(4)]
    assert [process.wait(60) for process in running] == [0] * 4
    report = audit.verify(SYSTEM)
    assert (report.ok, report.records) == (True, 20 + 4 * 40)


# Retention


def test_old_records_go_and_the_chain_stays_whole(open_ondol: Callable[..., Installation], clock: SetClock) -> None:
    ondol = open_ondol(timeseries_url="memory://", audit_days=365, audit_key="1:" + "k" * 64)
    make_user(ondol, "kim")
    noted = ondol.audit.head(SYSTEM)
    clock.forward(days=200)
    make_user(ondol, "lee")
    second = ondol.audit.head(SYSTEM)
    clock.forward(days=200)
    (drop,) = ondol.audit.tasks()
    drop.run()
    assert deeds(ondol) == [
        ("system", "user created", "lee"),
        ("system", "audit records dropped", f"1-1, before 2026-12-23, {noted.hash}"),
    ]
    report = ondol.audit.verify(SYSTEM, second)
    assert (report.ok, report.records, report.dropped, report.is_sealed) == (True, 2, 1, True)
    # The last that went is still known, what was before it is not.
    assert ondol.audit.verify(SYSTEM, noted).ok
    assert ondol.audit.verify(SYSTEM, Head(1, "0" * 64)).fault is Fault.HEAD_DROPPED
    drop.run()
    assert len(deeds(ondol)) == 2
    clock.forward(days=800)
    drop.run()
    assert [action for _, action, _ in deeds(ondol)] == ["audit records dropped"]
    assert ondol.audit.verify(SYSTEM).ok


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ("subject = x'00'", Fault.CHANGED), ("occurred_at = 'garbage'", Fault.CHANGED),
        ("actor = cast(x'ff' as text)", Fault.CHANGED), ("number = 'zzz'", Fault.REMOVED),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named(audit: AuditTrail, database: Database, values: str, fault: Fault) -> None:
    if database.dialect != "sqlite":
        pytest.skip("only SQLite keeps such values")
    with database.write() as connection:
        connection.exec_driver_sql(f"update audit set {values} where number = 11")
    assert fault_of(audit) == (fault, 11)


@pytest.mark.parametrize("upto", [5, 20])
def test_a_drop_that_nobody_recorded_is_found(audit: AuditTrail, database: Database, upto: int) -> None:
    noted = audit.head(SYSTEM)
    with database.write() as connection:
        cut = connection.scalar(select(AuditRow.hash).where(AuditRow.number == upto))
        connection.execute(update(AuditChainRow).values(dropped_number=upto, dropped_hash=cut))
        connection.execute(delete(AuditRow).where(AuditRow.number <= upto))
    assert fault_of(audit) == (Fault.REMOVED, 1)
    assert not audit.verify(SYSTEM, noted).ok
    fill(audit, 1)
    assert fault_of(audit) == (Fault.REMOVED, 1)


def test_less_than_a_year_is_refused() -> None:
    with pytest.raises(ValueError, match="365"):
        load_settings(audit_days=364)
    for wrong in ("k" * 64, "0:" + "k" * 64, "1:short"):
        with pytest.raises(ValueError, match="ondol audit key") as refused:
            load_settings(audit_key=wrong)
        assert wrong not in str(refused.value)


# The commands


def verified(home: Path, *options: str, **settings: str) -> tuple[int, dict[str, Any]]:
    done = run_ondol(home, "audit", "verify", "--json", *options, **settings)
    return done.returncode, json.loads(done.stdout)


def test_the_commands_say_whether_it_is_whole(tmp_path: Path) -> None:
    assert run_ondol(tmp_path, "building", "create", "hq", "--name", "hq").returncode == 0
    code, first = verified(tmp_path)
    assert (code, first["ok"], first["records"], first["sealed"]) == (0, True, 1, False)
    name, _, key = run_ondol(tmp_path, "audit", "key").stdout.strip().partition("=")
    assert (name, key[:2], len(key)) == ("ONDOL_AUDIT_KEY", "2:", 66)
    assert run_ondol(tmp_path, "token", "create", "t", "--scope", "read", audit_key=key).returncode == 0
    code, second = verified(tmp_path, "--head", first["head"], audit_key=key)
    assert (code, second["records"], second["sealed"]) == (0, 2, True)
    assert key not in run_ondol(tmp_path, "config", audit_key=key).stdout
    database = Database(f"sqlite:///{tmp_path}/ondol.sqlite")
    with database.write() as connection:
        connection.execute(update(AuditRow).where(AuditRow.number == 2).values(actor="nobody"))
    database.close()
    code, third = verified(tmp_path, audit_key=key)
    assert (code, third["fault"], third["at"]) == (1, "changed", 2)
    told = run_ondol(tmp_path, "audit", "verify")
    assert told.returncode == 1
    assert "record 2 was changed" in told.stderr
    assert "nobody" in told.stderr
    assert run_ondol(tmp_path, "audit", "verify", "--head", "x").returncode == 1


def test_many_records_are_listed_by_an_index(audit: AuditTrail, database: Database) -> None:
    """However many there are, a part of the list reads as many as it shows."""
    query = "select number from audit order by number desc limit 100"
    with database.read() as connection:
        explain = "explain query plan " if database.dialect == "sqlite" else "explain (costs off) "
        if database.dialect == "postgresql":
            connection.exec_driver_sql("set enable_seqscan to off")
        plan = " ".join(str(row) for row in connection.exec_driver_sql(explain + query)).lower()
    assert "uq_audit_number" in plan or "autoindex_audit" in plan


def test_sign_in_needs_no_more_than_its_record(ondol: Installation) -> None:
    """Ingest records nothing."""
    make_building(ondol, "hq")
    make_points(ondol, "hq", [{"key": "hq.t", "name": "t", "quantity": "temperature", "unit": "degC"}])
    before = ondol.audit.head(SYSTEM)
    now_us = int(ondol.clock().timestamp()) * 1_000_000
    ondol.readings.record(SYSTEM, Submission(["hq.t"], [now_us], [20.0], [1]))
    assert ondol.audit.head(SYSTEM) == before
    make_user(ondol, "kim")
    sign_in(ondol, "kim", PASSWORD)
    assert ondol.audit.head(SYSTEM).number == before.number + 2
    ondol.people.create_token(SYSTEM, NewToken(name="x", scopes=frozenset([Scope.READ])))
    assert ondol.audit.head(SYSTEM).number == before.number + 3
