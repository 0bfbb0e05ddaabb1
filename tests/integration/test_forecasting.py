"""From history to forecasts that are kept, scored and used, over a real installation."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import orjson
import polars as pl
import pytest
from tests.conftest import NOW, SetClock
from tests.contracts.test_forecasters import office
from tests.making import make_building, make_points, make_token
from tests.running import run_ondol

from ondol.bootstrap import open_installation
from ondol.common.access import SYSTEM, Scope
from ondol.common.errors import InvalidInput, NotFound
from ondol.common.instants import DAY_S, HOUR_S
from ondol.config import Settings
from ondol.forecasts import FORECAST_HOURS, Forecast
from ondol.forecasts.gather_all import recent_loads
from ondol.forecasts.keep_up import is_due
from ondol.forecasts.packing import cache_key
from ondol.forecasts.score_forecasts import score_forecasts
from ondol.forecasts.warn_of_peak_demand import warn_of_peak_demand
from ondol.history.model import intervals_frame
from ondol.installation import Installation
from ondol.performance import ASHRAE_14_HOURLY
from ondol.sites import BuildingChange
from ondol.web.app import create_app

DAYS = 60
KWH = office(DAYS * 24 + 48, start_h=int(NOW.timestamp()) // 3600 - DAYS * 24)


@pytest.fixture
def building(new_building: Installation) -> Installation:
    """The office with 60 days of hourly energy and outdoor temperature up to now."""
    measure(new_building, 0, DAYS * 24)
    return new_building


@pytest.fixture
def new_building(ondol: Installation) -> Installation:
    """An office of which nothing is known yet."""
    make_building(ondol, "hq", name="본관", address="", timezone="Asia/Seoul", contract_power_kw=100)
    meter = {"quantity": "electricity", "unit": "kWh", "kind": "total", "interval_s": 3600}
    outdoor = {"quantity": "temperature", "unit": "degC", "brick_class": "Outside_Air_Temperature_Sensor"}
    make_points(
        ondol,
        "hq",
        [{"key": "hq.main", "name": "main", **meter}, {"key": "hq.outdoor", "name": "outdoor", **outdoor}],
    )
    return ondol


def measure(ondol: Installation, first: int, end: int) -> None:
    """Hours of history, numbered from 60 days before NOW."""
    points = {point.id: point for point in ondol.sites.records.points("hq")}
    start_s = int(NOW.timestamp()) - DAYS * DAY_S
    for point in points.values():
        values = KWH[first:end] if point.quantity == "electricity" else 10 + 5 * np.sin(np.arange(first, end) / 12)
        hours = pl.DataFrame(
            {"start": [start_s + n * HOUR_S for n in range(first, end)], "value": values.astype(float)}
        )
        frame = intervals_frame(hours, point_id=point.id, duration_s=HOUR_S)
        building = ondol.sites.records.building("hq")
        ondol.history.records.write(frame, points, {building.id: building})


def score(ondol: Installation) -> int:
    needs = ondol.forecasts.needs
    return score_forecasts(needs.clock(), sites=needs.sites, history=needs.history, forecasts=needs.records)


def keep_weather(ondol: Installation, issued_at: datetime, hours: list[tuple[datetime, float, float | None]]) -> None:
    rows = [(int(issued_at.timestamp()), int(time.timestamp()), *values) for time, *values in hours]
    ondol.forecasts.keep_weather_forecast(SYSTEM, ["hq"], pl.DataFrame(rows, schema=FORECAST_HOURS, orient="row"))


def test_a_forecast_is_issued_kept_and_shared(building: Installation):
    records = building.forecasts.train(SYSTEM)
    assert [(record.quantity, record.horizon_h, record.loads) for record in records] == [
        ("electricity", 24, 1),
        ("electricity", 168, 1),
    ]
    for record in records:
        assert record.scores.cvrmse_pct < record.scores.naive_cvrmse_pct
        assert record.data_from == NOW - timedelta(days=DAYS)
        assert building.forecasts.needs.objects.exists(record.object_key)
    issued = building.forecasts.issue(SYSTEM)
    assert [forecast.horizon_h for forecast in issued] == [24, 168]
    found = building.forecasts.look_up(SYSTEM, "hq", "electricity", 24)
    assert found == issued[0]
    assert found.start == NOW
    assert building.readings.cache.get("forecast:hq:electricity:24h")
    building.readings.cache.delete("forecast:hq:electricity:24h")
    assert building.forecasts.look_up(SYSTEM, "hq", "electricity", 24) == found


def test_a_forecast_says_its_unit_and_older_ones_in_the_cache_are_looked_up_anew(building: Installation):
    (issued,) = building.forecasts.issue(SYSTEM, [24])
    assert issued.unit == "kWh"
    key, cache = cache_key("hq", "electricity", 24), building.readings.cache
    kept = orjson.loads(cache.get(key) or b"")
    kept.pop("unit")
    cache.set(key, orjson.dumps(kept), 60)
    assert building.forecasts.look_up(SYSTEM, "hq", "electricity", 24) == issued
    assert orjson.loads(cache.get(key) or b"")["unit"] == "kWh"


def test_gas_is_forecast_in_its_own_unit(building: Installation):
    meter = {"quantity": "gas", "unit": "m3", "kind": "total", "interval_s": HOUR_S}
    make_points(building, "hq", [{"key": "hq.gas", "name": "gas", **meter}])
    measure(building, 0, DAYS * 24)
    units = {forecast.quantity: forecast.unit for forecast in building.forecasts.issue(SYSTEM, [24])}
    assert units == {"electricity": "kWh", "gas": "m3"}


def test_a_forecast_is_scored_when_its_truth_has_come(building: Installation, clock: SetClock):
    building.forecasts.train(SYSTEM, [24])
    building.forecasts.issue(SYSTEM, [24])
    assert score(building) == 0
    measure(building, DAYS * 24, DAYS * 24 + 24)
    clock.forward(hours=26)
    assert score(building) == 0
    clock.forward(hours=2)
    assert score(building) == 1
    assert score(building) == 0
    report = building.forecasts.accuracy(SYSTEM, "hq", "electricity", 24)
    assert report.forecasts == 1
    assert report.better_share is not None
    assert report.better_share > 0
    assert report.scores.coverage90 is not None
    assert report.days[0].cvrmse_pct == report.scores.cvrmse_pct
    assert building.forecasts.needs.records.models()[0].scores.coverage90 is not None
    assert not report.has_fallen_behind


def test_a_model_that_falls_behind_gives_way_until_the_next_is_fitted(building: Installation, clock: SetClock):
    building.forecasts.train(SYSTEM, [24])
    (good,) = building.forecasts.issue(SYSTEM, [24])
    bad = [worsened(good, hours) for hours in range(5)]
    building.forecasts.needs.records.add(bad)
    measure(building, DAYS * 24, DAYS * 24 + 24)
    clock.forward(hours=28)
    score(building)
    assert building.forecasts.accuracy(SYSTEM, "hq", "electricity", 24).has_fallen_behind
    (issued,) = building.forecasts.issue(SYSTEM, [24])
    assert (issued.model, issued.flags.names) == ("last_week", ["no_weather", "naive"])
    measure(building, DAYS * 24 + 24, DAYS * 24 + 28)
    building.forecasts.train(SYSTEM, [24])
    (issued,) = building.forecasts.issue(SYSTEM, [24])
    assert issued.model != "last_week"


def worsened(forecast: Forecast, hours: int) -> Forecast:
    from dataclasses import replace

    return replace(
        forecast,
        issued_at=forecast.issued_at - timedelta(minutes=hours + 1),
        expected=tuple(3 * value for value in forecast.expected),
    )


def test_keeping_up_does_what_is_due_and_no_more(building: Installation, clock: SetClock):
    forecasting = building.forecasts
    forecasting.keep_up()
    assert len(forecasting.needs.records.models()) == 2
    building_id = building.sites.records.building("hq").id
    everything = (NOW - timedelta(days=1), NOW + timedelta(days=9))

    def count() -> list[int]:
        return [len(forecasting.needs.records.issued([building_id], "electricity", h, *everything)) for h in (24, 168)]

    assert count() == [1, 1]
    forecasting.keep_up()
    clock.forward(hours=1)
    forecasting.keep_up()
    assert count() == [2, 1]
    clock.forward(days=1)
    forecasting.keep_up()
    assert count() == [3, 2]
    assert len(forecasting.needs.records.models()) == 2
    clock.forward(days=7)
    assert is_due(forecasting.needs)


def test_older_history_is_learnt_at_once_and_the_week_is_forecast_anew(new_building: Installation, clock: SetClock):
    forecasting, building_id = new_building.forecasts, new_building.sites.records.building("hq").id
    measure(new_building, (DAYS - 20) * 24, DAYS * 24)
    forecasting.keep_up()
    measure(new_building, 0, (DAYS - 20) * 24)
    clock.forward(minutes=5)
    assert is_due(forecasting.needs)
    forecasting.keep_up()
    assert not is_due(forecasting.needs)
    issued = forecasting.needs.records.issued([building_id], "electricity", 168, NOW, NOW + timedelta(days=8))
    assert [forecast.issued_at for forecast in issued] == [NOW, NOW + timedelta(minutes=5)]
    assert len({forecast.version for forecast in issued}) == 2


def test_weather_is_kept_with_its_issue(building: Installation):
    hours = [(NOW + timedelta(hours=n), 30.0 + n, 50.0) for n in range(48)]
    keep_weather(building, NOW - timedelta(minutes=30), hours)
    keep_weather(building, NOW + timedelta(hours=2), [(t, -40.0, None) for t, *_ in hours])
    loads = recent_loads([building.sites.records.building("hq")], "electricity", 100, building.forecasts.needs)
    assert loads.weather is not None
    temperature, _ = loads.weather.known(np.zeros(1, np.int64), np.array([100]), 4, 4)
    assert temperature[0, 4:].tolist() == [30.0, 31.0, 32.0, 33.0]
    assert temperature[0, :4].tolist() == pytest.approx([10 + 5 * np.sin(n / 12) for n in range(1436, 1440)], abs=1e-4)
    (forecast, *_) = building.forecasts.issue(SYSTEM, [24])
    assert "no_weather" not in forecast.flags.names


def test_a_file_of_weather_forecasts_is_kept_line_by_line(tmp_path: Path):
    ondol = open_installation(Settings(home=tmp_path))
    keys = ("hq", "annex")
    for key in keys:
        make_building(ondol, key, name=key, address="", timezone="Asia/Seoul")
    file = tmp_path / "kma.csv"
    rows = [f"2026-01-15 05:00,2026-01-15 {hour:02}:00,{hour - 10},60" for hour in range(6, 18)]
    file.write_text(
        "\n".join(["issued_at,time,temperature_c,humidity_pct", *rows, "2026-01-15 05:00,noon,1,2"]), "utf-8"
    )
    command = ("forecast", "weather", str(file), "--building", "hq", "--building", "annex", "--rejects")
    for _ in range(2):
        done = run_ondol(tmp_path, *command, str(tmp_path / "rejects.csv"))
        assert done.returncode == 0, done.stderr
        assert "kept 12 hours of 1 weather forecasts for hq, annex" in done.stdout
        assert "line 14, time: the time is not understood ('noon')" in done.stderr
    ids = [ondol.sites.records.building(key).id for key in keys]
    issued = datetime(2026, 1, 14, 20, tzinfo=UTC)
    assert ondol.forecasts.needs.weather.read(ids, issued, issued + timedelta(seconds=1)).height == 24
    assert "noon" in (tmp_path / "rejects.csv").read_text("utf-8-sig")
    done = run_ondol(tmp_path, "forecast", "weather", str(file), "--building", "nowhere")
    assert done.returncode == 1
    assert "nowhere" in done.stderr
    ondol.close()


def test_the_api_gives_forecasts_and_what_is_made_of_them(building: Installation, clock: SetClock):
    client = create_app(building).test_client()
    secret = make_token(building, "t", Scope.READ, Scope.WRITE)
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
    root = "/api/v1/buildings/hq"
    missing = client.get(f"{root}/forecast")
    assert missing.status_code == 404
    assert "ondol forecast predict" in missing.json["detail"]
    assert client.get(f"{root}/forecast?quantity=gas").status_code == 404
    assert client.get(f"{root}/forecast?horizon=12h").status_code == 400
    building.forecasts.train(SYSTEM)
    building.forecasts.issue(SYSTEM)
    week = client.get(f"{root}/forecast?horizon=168h").json
    assert (week["unit"], len(week["hours"])) == ("kWh", 168)
    assert week["total"] == pytest.approx(sum(hour["expected"] for hour in week["hours"]))
    assert all(hour["q05"] <= hour["q50"] <= hour["q95"] for hour in week["hours"])
    month = client.get(f"{root}/month-end").json
    assert month["low"] <= month["expected"] <= month["high"]
    assert month["measured"] == pytest.approx(KWH[DAYS * 24 - 17 * 24 - 15 : DAYS * 24].sum(), rel=1e-5)
    tested = client.get(f"{root}/forecast/accuracy").json
    assert (tested["forecasts"], tested["better_share"]) == (0, None)
    assert 0 < tested["back_test_better_share"] < 1
    measure(building, DAYS * 24, DAYS * 24 + 24)
    clock.forward(hours=28)
    score(building)
    scored = client.get(f"{root}/forecast/accuracy").json
    assert (scored["forecasts"], scored["back_test_better_share"]) == (1, None)
    day = "start=2026-11-18T06:00:00Z&end=2026-11-19T06:00:00Z"
    rated = client.get(f"{root}/anomalies?{day}").json
    assert len(rated["hours"]) == 24
    outside = {hour["start"] for hour in rated["hours"] if abs(hour["score"]) > 1}
    assert {anomaly["start"] for anomaly in rated["anomalies"]} <= outside
    body = {"issued_at": "2026-11-19T00:00:00Z", "hours": [{"time": "2026-11-19T01:00:00Z", "temperature_c": 3}]}
    assert client.post(f"{root}/weather-forecasts", json=body).json == {"stored": 1}
    body["hours"][0]["temperature_c"] = 300
    assert client.post(f"{root}/weather-forecasts", json=body).status_code == 400


def test_avoided_energy_is_what_a_change_saved(building: Installation):
    points = {point.id: point for point in building.sites.records.points("hq")}
    (main,) = (point for point in points.values() if point.quantity == "electricity")
    start_s = int(NOW.timestamp()) - DAYS * DAY_S
    saved = building.history.records.read([main.id], start_s + 45 * DAY_S, int(NOW.timestamp()))
    halved = saved.with_columns(pl.col("value") * 0.8)
    hq = building.sites.records.building("hq")
    building.history.records.write(halved, points, {hq.id: hq})
    first, change = NOW - timedelta(days=DAYS), NOW - timedelta(days=15)
    measure_avoided = building.performance.measure_avoided_energy
    found = measure_avoided(SYSTEM, "hq", "electricity", (first, change), (change, NOW))
    assert found.avoided_share == pytest.approx(0.2, abs=0.02)
    assert found.with_weather
    assert found.cvrmse_pct < ASHRAE_14_HOURLY["cvrmse_pct"]
    assert found.meets_ashrae_14
    assert abs(found.avoided - 0.25 * found.measured) < found.uncertainty
    with pytest.raises(InvalidInput, match="baseline period"):
        measure_avoided(SYSTEM, "hq", "electricity", (first, first + timedelta(days=3)), (change, NOW))


def test_demand_near_the_contract_power_is_warned_of(building: Installation, clock: SetClock):
    with pytest.raises(NotFound):
        building.forecasts.forecast_demand(SYSTEM, "nowhere")
    demand = building.forecasts.forecast_demand(SYSTEM, "hq")
    assert list(demand.band_kw) == sorted(demand.band_kw)
    assert demand.band_kw[0] < demand.expected_kw < demand.band_kw[-1]
    assert demand.limit_kw == 90
    assert demand.start == NOW
    clock.forward(hours=-3)  # noon, when the office is busy
    assert building.forecasts.forecast_demand(SYSTEM, "hq").is_near_limit
    warn_of_peak_demand(building.forecasts.needs)
    assert b"energy_alert" in (building.readings.cache.get("notification:hq") or b"")
    building.sites.change_building(SYSTEM, "hq", BuildingChange(contract_power_kw=1000))
    assert not building.forecasts.forecast_demand(SYSTEM, "hq").is_near_limit
