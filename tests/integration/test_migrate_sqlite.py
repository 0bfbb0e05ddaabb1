"""`ondol migrate-sqlite` on real servers: what is there arrives, nothing of the source changes, and it may be killed."""

import hashlib
import json
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.making import make_building, make_points, make_spaces, make_tenants, make_token, make_user
from tests.running import environment, run_ondol

from ondol.bootstrap import open_installation
from ondol.common.access import SYSTEM, Scope
from ondol.config import load_settings
from ondol.database.engine import Database
from ondol.people.model import Role
from ondol.readings.model import Submission
from ondol.sites import PointChange

POINTS, SECONDS = 4, 3000


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An embedded installation with people, a building, history, and readings of which some are still in the journal."""
    folder = tmp_path / "old"
    ondol = open_installation(load_settings(home=folder))
    make_user(ondol, "kim", Role.ADMIN, "a-long-password")
    make_token(ondol, "meter", Scope.WRITE)
    make_building(ondol, "hq", name="본관", address="서울", timezone="Asia/Seoul", total_area_m2=1234.5)
    make_spaces(ondol, "hq", [{"key": "f1", "name": "1층"}, {"key": "r1", "name": "101", "parent": "f1"}])
    make_tenants(ondol, "hq", [{"key": "t1", "name": "세입자"}])
    points = [{"key": f"hq.p{n}", "name": f"p{n}", "quantity": "electricity", "unit": "kW"} for n in range(POINTS)]
    make_points(ondol, "hq", points)
    ondol.sites.change_point(SYSTEM, "hq.p0", PointChange(submeter_of="hq.p1"))  # refers to a row that comes later
    start_us = (int(datetime.now(UTC).timestamp()) - 2 * SECONDS) * 1_000_000
    for part in range(2):
        rows = [
            (f"hq.p{n}", start_us + (part * SECONDS + s) * 1_000_000, s + n / 7)
            for n in range(POINTS)
            for s in range(SECONDS)
        ]
        keys, times, values = zip(*rows, strict=True)
        ondol.readings.record(SYSTEM, Submission(keys, times, values, range(1, len(rows) + 1)))
        if part == 0:
            ondol.history.aggregate()
    ondol.close()
    return folder


def fingerprint(folder: Path) -> dict[str, str]:
    return {str(p): hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.rglob("*")) if p.is_file()}


def migrate(home: Path, source: Path, urls: dict[str, str], *options: str) -> tuple[int, dict]:
    result = run_ondol(home, "migrate-sqlite", "--from", str(source), "--json", *options, **urls)
    assert result.stdout, result.stderr
    return result.returncode, json.loads(result.stdout)


def test_an_installation_moves_and_is_the_same(home: Path, tmp_path: Path, server_urls) -> None:
    urls, before, new_home = server_urls(), fingerprint(home), tmp_path / "new"
    code, plan = migrate(new_home, home, urls, "--dry-run")
    assert code == 0
    assert plan["readings"] == 2 * POINTS * SECONDS
    code, report = migrate(new_home, home, urls)
    assert code == 0, report
    assert report["ok"]
    assert report["readings"] == 2 * POINTS * SECONDS
    counted = {table["table"]: table["target_rows"] for table in report["tables"]}
    assert counted["points"] == POINTS
    assert counted["users"] == counted["buildings"] == counted["tenants"] == 1
    assert counted["sensor_data"] > 0
    again, same = migrate(new_home, home, urls)
    assert again == 0
    assert same["tables"] == report["tables"]
    assert fingerprint(home) == before
    new = open_installation(load_settings(home=new_home, **urls))
    try:
        assert new.sites.records.point("hq.p0").submeter_of == "hq.p1"
        # What was still to be aggregated is, and new rows are numbered after the old.
        assert new.history.aggregate() > 0
        assert (
            make_points(new, "hq", [{"key": "hq.new", "name": "n", "quantity": "q", "unit": "kW"}])[0].id == POINTS + 1
        )
    finally:
        new.close()


def test_killed_half_way_and_started_again_it_is_complete(home: Path, tmp_path: Path, server_urls) -> None:
    urls, new_home = server_urls(), tmp_path / "new"
    command = [sys.executable, "-c", "from ondol.cli import main; main()", "migrate-sqlite", "--from", str(home)]
    for seconds in (1.0, 1.5, 2.0):
        process = subprocess.Popen(
            command, env=environment(new_home, urls), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
    code, report = migrate(new_home, home, urls)
    assert code == 0, report
    assert all(point["source"] == point["target"] == 2 * SECONDS for point in report["points"])


def test_other_data_in_the_target_is_left_alone(home: Path, tmp_path: Path, server_urls) -> None:
    urls = server_urls()
    assert run_ondol(tmp_path / "new", "building", "create", "mine", "--name", "Mine", **urls).returncode == 0
    result = run_ondol(tmp_path / "new", "migrate-sqlite", "--from", str(home), **urls)
    assert result.returncode == 1
    assert "other data" in result.stderr


def test_a_source_that_is_none_is_said(tmp_path: Path, server_urls) -> None:
    (tmp_path / "text.sqlite").write_text("no database, " * 100, "utf-8")
    for source in (tmp_path / "text.sqlite", tmp_path / "nothing"):
        result = run_ondol(tmp_path / "new", "migrate-sqlite", "--from", str(source), **server_urls())
        assert result.returncode == 1
        assert "--from" in result.stderr or "no SQLite" in result.stderr


GUIDE = """
create table users (id integer primary key, username text, email text, password_hash text, role text, created_at text);
create table buildings (id integer primary key, name text, address text, total_area numeric, floors integer, building_type text, created_at text);
create table tenants (id integer primary key, building_id integer, name text, contact_info text, move_in_date text, contract_end_date text, created_at text);
create table sensor_data (id integer primary key, building_id integer, sensor_type text, value numeric, unit text, recorded_at text);
insert into users values (7, 'lee', 'lee@example.com', 'x', 'admin', '2024-01-01 00:00:00');
insert into buildings values (3, '별관', '부산', 500.25, 5, 'office', '2024-01-01 00:00:00');
insert into tenants values (1, 3, '가게', '02-123', '2024-02-01', null, '2024-01-01 00:00:00');
insert into sensor_data values (1, 3, 'temperature', 20.5, 'celsius', '2024-01-15 10:30:00'), (2, 3, 'temperature', 21.5, 'celsius', '2024-01-15 10:40:00'),
    (3, 3, 'temperature', 22, 'celsius', '2024-01-15 10:50:00'), (4, 3, 'temperature', 'warm', 'celsius', '2024-01-15 11:00:00'), (5, 99, 'power', 1, 'kW', '2024-01-15 11:00:00');
"""


def test_a_file_with_the_guides_tables_is_taken_in(tmp_path: Path, server_urls: Callable[[], dict[str, str]]) -> None:
    urls, source = server_urls(), tmp_path / "guide.sqlite"
    connection = sqlite3.connect(source)
    connection.executescript(GUIDE)
    connection.close()
    before, started = fingerprint(tmp_path), time.time()
    code, report = migrate(tmp_path / "new", source, urls)
    assert code == 1  # two rows could not be taken
    assert [line.split(":")[0] for line in report["refused"]] == ["sensor_data 4", "sensor_data 5"]
    assert report["points"] == [
        {"point": "building_003.temperature", "source": 3, "target": 3, "source_sum": 64.0, "target_sum": 64.0}
    ]
    assert migrate(tmp_path / "new", source, urls)[1]["points"] == report["points"]
    assert fingerprint(tmp_path).items() >= before.items()
    ondol = open_installation(load_settings(home=tmp_path / "new", **urls))
    try:
        assert ondol.sites.records.building("building_003").name == "별관"
        assert make_building(ondol, "next", name="n", address="", timezone="Asia/Seoul").id == 4
        assert ondol.people.accounts.user("lee") is not None
        point = ondol.sites.records.point("building_003.temperature")
        assert ondol.history.records.read([point.id], 0, int(started))["duration_s"].to_list() == [600, 600, 600]
    finally:
        ondol.close()


def test_an_older_installation_moves_with_its_audit_chained(home: Path, tmp_path: Path, server_urls) -> None:
    older = Database(f"sqlite:///{home}/ondol.sqlite")
    older.downgrade("0006")
    older.close()
    urls, before = server_urls(), fingerprint(home)
    code, report = migrate(tmp_path / "new", home, urls)
    assert code == 0, report
    assert fingerprint(home) == before
    assert run_ondol(tmp_path / "new", "audit", "verify", **urls).returncode == 0
    assert run_ondol(tmp_path / "new", "token", "create", "t", "--scope", "read", **urls).returncode == 0
    assert run_ondol(tmp_path / "new", "audit", "verify", **urls).returncode == 0


def test_ids_of_deleted_points_are_not_given_again_on_the_other_side(home: Path, tmp_path: Path, server_urls) -> None:
    ondol = open_installation(load_settings(home=home))
    (gone,) = make_points(ondol, "hq", [{"key": "hq.gone", "name": "gone", "quantity": "electricity", "unit": "kW"}])
    ondol.points.delete(SYSTEM, "hq.gone", "hq.gone")
    ondol.close()
    stores = server_urls()
    code, report = migrate(tmp_path / "new", home, stores)
    assert code == 0, report
    moved = open_installation(load_settings(home=tmp_path / "new", **stores))
    (new,) = make_points(moved, "hq", [{"key": "hq.gone", "name": "new", "quantity": "electricity", "unit": "kW"}])
    moved.close()
    assert new.id > gone.id
    assert new.name_in_store != gone.name_in_store
