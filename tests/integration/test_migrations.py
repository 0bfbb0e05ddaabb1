"""Migrations run up and down, and end at exactly the tables that the models describe."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import insert, inspect, select
from sqlalchemy.exc import IntegrityError

from ondol.audit import Fault
from ondol.audit.sql import SqlAudit
from ondol.audit.verify_chain import verify_chain
from ondol.common.access import SYSTEM
from ondol.common.clock import system_clock
from ondol.database.base import Base
from ondol.database.engine import Database
from ondol.forecasts.tables import ForecastRow
from ondol.history.sql.partitions import Partitions
from ondol.history.tables import SensorDataRow
from ondol.people.sql.accounts import SqlAccounts
from ondol.people.tables import UserTenantRow
from ondol.sites.tables import PointRow

ROOT = Path(__file__).parents[2]


POINTS = [
    ("main_power", "power", "kW", "measurement", None),
    ("main", "electricity", "MWh", "total_increasing", None),
    ("gas", "gas", "m3", "total_increasing", None),
    ("boiler", "gas", "kWh", "total", 3),
    ("flow", "gas", "m3/h", "measurement", None),
    ("water", "water", "L", "total", None),
    ("heat", "heat", "GJ", "total_increasing", None),
    ("hot_water", "heat", "m3", "total_increasing", None),
]
"""Key, quantity, unit, kind, and the number of the meter above."""


def test_upgrade_makes_the_tables_that_the_models_describe(database: Database):
    database.upgrade()
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": _is_no_partition})
        differences = compare_metadata(context, Base.metadata)
    if database.dialect == "postgresql":
        # Its partitions are cut by this column, which therefore can never be empty.
        ((change, _, table, column, *_),) = differences.pop()
        assert (change, table, column) == ("modify_nullable", "sensor_data", "recorded_at")
    assert differences == []


def _is_no_partition(_: object, name: str | None, *__: object) -> bool:
    return not str(name).startswith("sensor_data_2")


def test_history_goes_into_the_partition_of_its_month(database: Database):
    database.upgrade()
    partitions = Partitions(database)
    partitions.make(datetime(2019, 12, 31, tzinfo=UTC), datetime(2020, 2, 1, tzinfo=UTC))
    partitions.make(datetime(2019, 12, 31, tzinfo=UTC), datetime(2020, 2, 1, tzinfo=UTC))
    if database.dialect == "postgresql":
        partitions.make_ahead(datetime(2030, 11, 20, tzinfo=UTC))
        with database.write() as connection:
            for month in ("2019-12", "2020-01", "2020-02", "2030-11", "2031-02"):
                found = connection.exec_driver_sql(
                    "insert into sensor_data (sensor_type, value, recorded_at) values ('power', 1, %s) returning tableoid::regclass::text",
                    (f"{month}-01T00:00:00+00:00",),
                ).scalar()
                assert found == f"sensor_data_{month.replace('-', '_')}"


def test_downgrade_leaves_nothing(database: Database):
    database.upgrade()
    database.downgrade("base")
    assert inspect(database.engine).get_table_names() == ["alembic_version"]
    database.upgrade()


def test_the_bare_alembic_command_works(tmp_path: Path):
    environment = {**os.environ, "ONDOL_DATABASE_URL": f"sqlite:///{tmp_path}/ondol.sqlite"}
    subprocess.run([sys.executable, "-m", "alembic", "upgrade", "head"], cwd=ROOT, env=environment, check=True)
    assert "sensor_data" in inspect(Database(f"sqlite:///{tmp_path}/ondol.sqlite").engine).get_table_names()


def test_the_guides_tables_have_its_columns_and_indexes(database: Database):
    database.upgrade()
    schema = inspect(database.engine)
    guide = {
        "users": "id username email password_hash role created_at",
        "buildings": "id name address total_area floors building_type created_at",
        "tenants": "id building_id name contact_info move_in_date contract_end_date created_at",
        "sensor_data": "id building_id sensor_type value unit recorded_at",
    }
    for table, columns in guide.items():
        assert set(columns.split()) <= {column["name"] for column in schema.get_columns(table)}, table
    assert {i["name"]: i["column_names"] for i in schema.get_indexes("sensor_data")} == {
        "idx_sensor_data_building_time": ["building_id", "recorded_at"]
    }
    assert {"name": "idx_users_email", "column_names": ["email"]}.items() <= schema.get_indexes("users")[0].items()


def test_a_row_as_the_guide_writes_it_gets_its_defaults(database: Database):
    database.upgrade()
    with database.write() as connection:
        connection.exec_driver_sql(
            "insert into sensor_data (sensor_type, value, unit) values ('temperature', 23.5, 'celsius')"
        )
        connection.exec_driver_sql(
            "insert into users (username, email, password_hash) values ('kim', 'kim@example.com', 'x')"
        )
        recorded = connection.scalar(select(SensorDataRow.recorded_at))
        assert connection.exec_driver_sql("select role, created_at is not null from users").one() == ("user", 1)
    assert recorded is not None
    assert recorded > 1_700_000_000


def test_an_older_database_keeps_its_history(database: Database):
    database.upgrade("0001")
    with database.write() as connection:
        connection.execute(insert(SensorDataRow).values(sensor_type="power", value=5.5, recorded_at=1_483_228_800))
    database.upgrade()
    database.downgrade("0001")
    database.upgrade()
    with database.read() as connection:
        assert connection.execute(select(SensorDataRow.value, SensorDataRow.recorded_at)).all() == [
            (5.5, 1_483_228_800)
        ]


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_processes_that_start_together_upgrade_once(database: Database):
    url = database.engine.url.render_as_string(hide_password=False)
    upgrade = f"from ondol.database.engine import Database; Database({url!r}).upgrade()"
    together = [subprocess.Popen([sys.executable, "-c", upgrade], stderr=subprocess.PIPE, text=True) for _ in range(4)]
    assert [process.communicate()[1] for process in together] == [""] * 4
    with database.read() as connection:
        assert connection.exec_driver_sql("select count(*) from alembic_version").scalar() == 1


def test_older_forecasts_get_the_unit_of_their_main_meters(database: Database):
    database.upgrade("0004")
    units = {"power": "kWh", "electricity": "kWh", "gas": "m3", "water": "m3", "heat": "kWh", "removed": "kWh"}
    with database.write() as connection:
        connection.exec_driver_sql(
            "insert into buildings (id, key, name, address, timezone) values (1, 'b', 'b', '', 'Asia/Seoul')"
        )
        for number, (key, quantity, unit, kind, submeter_of) in enumerate(POINTS, 1):
            meter = {"id": number, "key": key, "name": key, "quantity": quantity, "unit": unit, "kind": kind}
            connection.execute(insert(PointRow).values(building_id=1, submeter_of=submeter_of, **meter))
        for number, quantity in enumerate(units, 1):
            issue = {"id": number, "building_id": 1, "quantity": quantity, "horizon_h": 24, "flags": 0}
            instants = dict.fromkeys(("issued_at", "start_at", "end_at"), datetime(2026, 1, 1, tzinfo=UTC))
            texts = dict.fromkeys(("model", "version", "expected", "band", "last_week"), "")
            connection.execute(insert(ForecastRow).values(**issue, **instants, **texts))
    database.upgrade()
    with database.read() as connection:
        found = dict(connection.exec_driver_sql("select quantity, unit from forecasts").all())
    assert found == units
    database.downgrade("0004")
    assert "unit" not in {column["name"] for column in inspect(database.engine).get_columns("forecasts")}


PEOPLE = [("seen", "user"), ("boss", "admin"), ("renter", "tenant")]


def test_people_keep_what_they_saw_and_a_step_back_takes_nobody_away(database: Database):
    database.upgrade("0005")
    with database.write() as connection:
        for number, (name, role) in enumerate(PEOPLE, 1):
            connection.exec_driver_sql(
                f"insert into users (id, username, email, password_hash, role) values ({number}, '{name}', '{name}@b', 'x', '{role}')"
            )
            connection.exec_driver_sql(
                "insert into sessions (id_hash, user_id, csrf_token, login_time, expires_at, address, browser)"
                f" values ('{name}', {number}, 'x', current_timestamp, current_timestamp, '', '')"
            )
    for _ in range(2):
        database.upgrade()
        found = {name: SqlAccounts(database).standing(name) for name, _ in PEOPLE}
        assert {name: standing and (standing.buildings, standing.spaces) for name, standing in found.items()} == {
            "seen": (None, None), "boss": (None, None), "renter": (frozenset(), frozenset()),
        }  # fmt: skip
        database.downgrade("0005")
    with database.read() as connection:
        assert connection.exec_driver_sql("select count(*) from sessions").scalar() == len(PEOPLE)


def test_a_step_that_is_cut_off_leaves_nothing_and_is_done_again(database: Database, monkeypatch: pytest.MonkeyPatch):
    database.upgrade("0005")

    def cut_off(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as cut:
        cut.setattr("alembic.op.create_index", cut_off)
        with pytest.raises(KeyboardInterrupt):
            database.upgrade()
    assert database.revision() == "0005"
    database.upgrade()
    with pytest.raises(IntegrityError), database.write() as connection:
        connection.execute(insert(UserTenantRow).values(user_id=1, tenant_id=1))


def test_what_was_audited_before_is_chained_as_it_stands(database: Database):
    database.upgrade("0006")
    with database.write() as connection:
        for number in (1, 2, 5):
            connection.exec_driver_sql(
                "insert into audit (id, occurred_at, actor, address, action, subject)"
                f" values ({number}, '2026-01-0{number} 00:00:00.123456', '김{number}', null, 'signed in', 'x')"
            )
        if database.dialect == "postgresql":
            connection.exec_driver_sql("select setval('audit_id_seq', 5)")
    for _ in range(2):
        database.upgrade()
        audit = SqlAudit(database, system_clock)
        report = verify_chain(SYSTEM, None, records=audit, key=None)
        assert (report.ok, report.records, report.head.number) == (True, 3, 3)
        database.downgrade("0006")
    database.upgrade()
    SqlAudit(database, system_clock).record(SYSTEM, "signed in")
    with database.write() as connection:
        connection.exec_driver_sql("update audit set actor = 'lee' where number = 2")
    report = verify_chain(SYSTEM, None, records=SqlAudit(database, system_clock), key=None)
    assert (report.fault, report.at) == (Fault.CHANGED, 2)
