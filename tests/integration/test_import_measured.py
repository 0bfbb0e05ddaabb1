"""Meter files of real buildings, imported once: every total that the API reports is the sum of the file."""

import csv
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from flask.testing import FlaskClient
from tests.conftest import NOW
from tests.making import make_building, make_token

from ondol.bootstrap import open_installation
from ondol.common.access import SYSTEM, Scope
from ondol.config import load_settings
from ondol.imports.import_history import ImportSummary
from ondol.installation import Installation
from ondol.web.app import create_app

YearlySums = dict[tuple[str, str, int], float]
TOLERANCE_KWH = 0.1
LONDON_FILE = "cambridge/b36/electricity-2018.csv"
LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True)
class Campus:
    """An installation into which all the files have gone."""

    ondol: Installation
    client: FlaskClient
    data: Path

    def get(self, path: str) -> dict:
        answer = self.client.get(path)
        assert answer.status_code == 200, f"{path}: {answer.text}"
        return answer.get_json()

    def usage(self, building: str, quantity: str, start: str, end: str, interval: str) -> dict:
        return self.get(
            f"/api/v1/buildings/{building}/usage?quantity={quantity}&start={start}&end={end}&interval={interval}"
        )

    def import_file(self, building: str, path: Path, **given: object) -> ImportSummary:
        return self.ondol.imports.import_file(SYSTEM, building, path.name, path, given)


@pytest.fixture(scope="module")
def campus(tmp_path_factory: pytest.TempPathFactory, measured_data: Path) -> Iterator[Campus]:
    home = tmp_path_factory.mktemp("campus")
    ondol = open_installation(load_settings(home=home, timeseries_url="memory://"), lambda: NOW)
    secret = make_token(ondol, "reader", Scope.READ)
    client = create_app(ondol).test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
    opened = Campus(ondol, client, measured_data)
    for path in meter_files(measured_data):
        opened.import_file(path.parent.name, path, timezone="UTC", zero_is_missing=True)
    opened.import_file("steel", measured_data / "steel/Steel_industry_data.csv", timezone="Asia/Seoul")
    for path in sorted((measured_data / "room").glob("*.txt")):
        opened.import_file("room", path, timezone="Europe/Brussels")
    # The files are in UTC; this building lives by London's clocks.
    make_building(ondol, "london", name="London", address="", timezone="Europe/London")
    opened.import_file("london", measured_data / LONDON_FILE, timezone="UTC", zero_is_missing=True)
    yield opened
    ondol.close()


@pytest.fixture(scope="module")
def yearly_sums(measured_data: Path) -> YearlySums:
    """Added up from the text of the files, by building, quantity and year."""
    sums: YearlySums = defaultdict(float)
    for path in meter_files(measured_data):
        for stamp, value in rows_of(path):
            sums[path.parent.name, path.stem.split("-")[0], int(stamp[:4])] += value
    assert len({(quantity, year) for _, quantity, year in sums}) == 6
    return sums


def meter_files(data: Path) -> list[Path]:
    return sorted([*data.glob("cambridge/b*/electricity-*.csv"), *data.glob("cambridge/b*/gas-*.csv")])


def rows_of(path: Path) -> Iterator[tuple[str, float]]:
    """Stamp and value of each row that has one."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in list(csv.reader(file))[1:]:
            if row[1].strip():
                yield row[0], float(row[1])


def test_the_files_of_twenty_buildings_are_all_there(campus: Campus) -> None:
    files = meter_files(campus.data)
    assert len({path.parent.name for path in files}) == 20
    keys = {building.key for building in campus.ondol.sites.records.buildings()}
    assert keys == {path.parent.name for path in files} | {"steel", "room", "london"}


@pytest.mark.parametrize("interval", ["1mo", "1d"])
def test_yearly_totals_are_the_sums_of_the_files(campus: Campus, yearly_sums: YearlySums, interval: str) -> None:
    wrong: dict[tuple[str, str, int], tuple[float, float]] = {}
    for (building, quantity, year), total in yearly_sums.items():
        usage = campus.usage(building, quantity, f"{year}-01-01T00:00:00Z", f"{year + 1}-01-01T00:00:00Z", interval)
        added = sum(item["value"] or 0 for item in usage["intervals"])
        if abs(usage["total"] - total) > TOLERANCE_KWH or abs(added - total) > TOLERANCE_KWH:
            wrong[building, quantity, year] = usage["total"], total
        assert len(usage["intervals"]) == (12 if interval == "1mo" else 365)
    assert wrong == {}


@pytest.mark.parametrize("interval", ["1mo", "1d", "1h", "15m"])
def test_the_steel_plant_adds_up_at_every_resolution(campus: Campus, interval: str) -> None:
    total = sum(value for _, value in rows_of(campus.data / "steel/Steel_industry_data.csv"))
    # 2018 in Korea; the file's stamps are interval ends.
    usage = campus.usage("steel", "electricity", "2018-01-01T00:00:00%2B09:00", "2019-01-01T00:00:00%2B09:00", interval)
    assert usage["total"] == pytest.approx(total, abs=TOLERANCE_KWH)
    assert {item["quality"] for item in usage["intervals"]} == {"good"}


def test_importing_again_changes_nothing(campus: Campus) -> None:
    def contents() -> tuple[object, ...]:
        ids = [point.id for point in campus.ondol.sites.records.points()]
        everything = campus.ondol.history.records.read(ids, 0, 4_000_000_000, only_values=True)
        days = campus.ondol.history.records.usage(ids, "day", date(2010, 1, 1), date(2030, 1, 1))
        return len(ids), everything, days

    points, intervals, days = contents()
    for building in ("b2", "b36"):
        for path in sorted((campus.data / "cambridge" / building).glob("*.csv")):
            campus.import_file(building, path, timezone="UTC", zero_is_missing=True)
    campus.import_file("steel", campus.data / "steel/Steel_industry_data.csv", timezone="Asia/Seoul")
    campus.import_file("room", campus.data / "room/datatest.txt", timezone="Europe/Brussels")
    again_points, again_intervals, again_days = contents()
    assert points == again_points
    assert isinstance(intervals, pl.DataFrame)
    assert intervals.equals(again_intervals)
    assert isinstance(days, pl.DataFrame)
    assert days.equals(again_days)


@pytest.mark.parametrize(
    ("quantity", "value"), [("temperature", 23.7), ("humidity", 26.272), ("illuminance", 585.2), ("co2", 749.2)]
)
def test_the_room_reads_by_the_minute(campus: Campus, quantity: str, value: float) -> None:
    bounds = "start=2015-02-02T14:00:00%2B01:00&end=2015-02-02T15:00:00%2B01:00"
    raw = campus.get(f"/api/v1/points/room.{quantity}/series?{bounds}&interval=raw")
    assert (raw["times"][0], raw["values"][0]) == ("2015-02-02T13:19:00Z", value)
    assert len(raw["values"]) == 41
    minutes = campus.get(f"/api/v1/points/room.{quantity}/series?{bounds}&interval=1m")
    assert (minutes["interval"], len(minutes["values"])) == ("1m", 60)
    assert (minutes["values"][18], minutes["values"][19]) == (None, pytest.approx(value, rel=0.01))
    assert None not in minutes["values"][19:]


def test_hours_asked_for_by_the_quarter_are_flagged_and_add_up(campus: Campus) -> None:
    start, end = "2018-06-04T00:00:00Z", "2018-06-05T00:00:00Z"
    hours = campus.usage("b36", "electricity", start, end, "1h")
    quarters = campus.usage("b36", "electricity", start, end, "15m")
    assert len(quarters["intervals"]) == 96
    assert {item["quality"] for item in hours["intervals"]} == {"good"}
    assert {item["quality"] for item in quarters["intervals"]} == {"estimated"}
    assert quarters["total"] == pytest.approx(hours["total"], abs=1e-6)
    series = campus.get(f"/api/v1/points/b36.electricity/series?start={start}&end={end}&interval=15m")
    assert set(series["quality"]) == {"estimated"}
    assert sum(series["values"]) == pytest.approx(hours["total"], abs=1e-6)


@pytest.mark.parametrize(("month", "day", "hours"), [(3, 25, 23), (10, 28, 25), (7, 1, 24)])
def test_days_on_which_the_clocks_change_are_exact(campus: Campus, month: int, day: int, hours: int) -> None:
    start = datetime(2018, month, day, tzinfo=LONDON)
    end = (start + timedelta(days=1)).replace(tzinfo=LONDON)
    first, last = start.astimezone(UTC), end.astimezone(UTC)
    assert last - first == timedelta(hours=hours)
    by_hand = 0.0
    for stamp, value in rows_of(campus.data / LONDON_FILE):
        if first <= datetime.fromisoformat(stamp).replace(tzinfo=UTC) < last:
            by_hand += value
    bounds = first.strftime("%Y-%m-%dT%H:%M:%SZ"), last.strftime("%Y-%m-%dT%H:%M:%SZ")
    usage = campus.usage("london", "electricity", *bounds, "1d")
    assert [item["value"] for item in usage["intervals"]] == [pytest.approx(by_hand, abs=TOLERANCE_KWH)]
    assert by_hand > 0
    assert usage["intervals"][0]["measured_share"] == 1.0
