"""Standing work that fails, and a spool that only grows, are told where people look."""

from collections.abc import Callable
from pathlib import Path

from tests.influxdb2 import InfluxDB2
from tests.integration.test_check import checked
from tests.making import make_token
from tests.running import run_ondol

from ondol.common.access import SYSTEM, Scope
from ondol.common.errors import StoreUnavailable
from ondol.common.tasks import Task, run_task
from ondol.installation import Installation
from ondol.web.app import create_app


def test_a_failed_task_is_counted_and_shown(ondol: Installation) -> None:
    outcomes: list[Exception | None] = [StoreUnavailable("the disk is full"), ValueError(), None]

    def work() -> None:
        if error := outcomes.pop(0):
            raise error

    task = ondol.audit.watched(Task("tidy up", 1.0, work))
    run_task(task)
    run_task(task)
    (failure,) = ondol.audit.task_failures(SYSTEM)
    assert (failure.task, failure.failures, failure.reason, failure.is_well) == ("tidy up", 2, "ValueError", False)
    client = create_app(ondol).test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {make_token(ondol, 'prometheus', Scope.READ)}"
    assert 'ondol_task_failures{task="tidy up"} 2.0' in client.get("/metrics").text
    run_task(task)
    assert [failure.is_well for failure in ondol.audit.task_failures(SYSTEM)] == [True]


def test_check_shows_what_fails(open_ondol: Callable[..., Installation], tmp_path: Path) -> None:
    home = tmp_path / "home"
    ondol = open_ondol()
    ondol.audit.failures.note("tidy up", "the disk is full")
    database_url = ondol.settings.database.get_secret_value()
    ondol.close()
    done = run_ondol(home, "check", database_url=database_url)
    assert done.returncode == 1
    assert "tidy up" in done.stdout
    assert "the disk is full" in done.stdout


def test_check_writes_reads_and_deletes_a_point_of_its_own(influxdb2: InfluxDB2, tmp_path: Path) -> None:
    influxdb2.make_bucket("b", [])
    found = checked(tmp_path, timeseries_url=influxdb2.url_of("b"))[1]["timeseries"]
    assert (found["problem"], found["figures"]["readings"]) == (None, 0)
    for may, org, words in (("read", "energy_org", "may not write"), ("admin", "energy_orgs", "may not write")):
        found = checked(tmp_path, timeseries_url=influxdb2.url_of("b", may, org=org))[1]["timeseries"]
        assert words in found["problem"], found
