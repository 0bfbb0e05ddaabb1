"""From history to forecasts that are kept, scored and used, over a real installation."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import orjson
import polars as pl
import pytest
from tests.conftest import NOW, SetClock
from tests.contracts.test_forecasters import office
from tests.running import run_ondol

from ondol.application import Ondol
from ondol.bootstrap import open_installation
from ondol.common.access import Scope
from ondol.common.errors import InvalidInput, NotFound
from ondol.common.instants import DAY_S, HOUR_S
from ondol.config import Settings
from ondol.forecasts.forecast_load import cache_key
from ondol.forecasts.model.forecasts import Forecast
from ondol.history.model import intervals_frame
from ondol.people.manage_accounts import create_token
from ondol.web.app import create_app

DAYS = 60
KWH = office(DAYS * 24 + 48, start_h=int(NOW.timestamp()) // 3600 - DAYS * 24)


@pytest.fixture
def building(new_building: Ondol) -> Ondol:
    """The office with 60 days of hourly energy and outdoor temperature up to now."""
    measure(new_building, 0, DAYS * 24)
    return new_building


@pytest.fixture
def new_building(ondol: Ondol) -> Ondol:
    """An office of which nothing is known yet."""
    ondol.directory.add_building("hq", name="본관", address="", timezone="Asia/Seoul", contract_power_kw=100)
    meter = {"quantity": "electricity", "unit": "kWh", "kind": "total", "interval_s": 3600}
    outdoor = {"quantity": "temperature", "unit": "degC", "brick_class": "Outside_Air_Temperature_Sensor"}
    ondol.directory.add_points(
        "hq",
        [{"key": "hq.main", "name": "main", **meter}, {"key": "hq.outdoor", "name": "outdoor", **outdoor}],
    )
    return ondol


def measure(ondol: Ondol, first: int, end: int) -> None:
    """Hours of history, numbered from 60 days before NOW."""
    points = {point.id: point for point in ondol.directory.points("hq")}
    start_s = int(NOW.timestamp()) - DAYS * DAY_S
    for point in points.values():
        values = KWH[first:end] if point.quantity == "electricity" else 10 + 5 * np.sin(np.arange(first, end) / 12)
        hours = pl.DataFrame(
            {"start": [start_s + n * HOUR_S for n in range(first, end)], "value": values.astype(float)}
        )
        frame = intervals_frame(hours, point_id=point.id, duration_s=HOUR_S)
        building = ondol.directory.building("hq")
        ondol.history.write(frame, points, {building.id: building})


def test_a_forecast_is_issued_kept_and_shared(building: Ondol):
    records = building.forecasting.train()
    assert [(record.quantity, record.horizon_h, record.loads) for record in records] == [
        ("electricity", 24, 1),
        ("electricity", 168, 1),
    ]
    for record in records:
        assert record.scores.cvrmse_pct < record.scores.naive_cvrmse_pct
        assert record.data_from == NOW - timedelta(days=DAYS)
        assert building.objects.exists(record.object_key)
    issued = building.forecasting.issue()
    assert [forecast.horizon_h for forecast in issued] == [24, 168]
    found = building.look_up_forecast("hq", "electricity", 24)
    assert found == issued[0]
    assert found.start == NOW
    assert building.cache.get("forecast:hq:electricity:24h")
    building.cache.delete("forecast:hq:electricity:24h")
    assert building.look_up_forecast("hq", "electricity", 24) == found


def test_a_forecast_says_its_unit_and_older_ones_in_the_cache_are_looked_up_anew(building: Ondol):
    (issued,) = building.forecasting.issue([24])
    assert issued.unit == "kWh"
    key = cache_key("hq", "electricity", 24)
    kept = orjson.loads(building.cache.get(key) or b"")
    kept.pop("unit")
    building.cache.set(key, orjson.dumps(kept), 60)
    assert building.look_up_forecast("hq", "electricity", 24) == issued
    assert orjson.loads(building.cache.get(key) or b"")["unit"] == "kWh"


def test_gas_is_forecast_in_its_own_unit(building: Ondol):
    meter = {"quantity": "gas", "unit": "m3", "kind": "total", "interval_s": HOUR_S}
    building.directory.add_points("hq", [{"key": "hq.gas", "name": "gas", **meter}])
    measure(building, 0, DAYS * 24)
    units = {forecast.quantity: forecast.unit for forecast in building.forecasting.issue([24])}
    assert units == {"electricity": "kWh", "gas": "m3"}


def test_a_forecast_is_scored_when_its_truth_has_come(building: Ondol, clock: SetClock):
    building.forecasting.train([24])
    building.forecasting.issue([24])
    assert building.forecasting.score() == 0
    measure(building, DAYS * 24, DAYS * 24 + 24)
    clock.forward(hours=26)
    assert building.forecasting.score() == 0
    clock.forward(hours=2)
    assert building.forecasting.score() == 1
    assert building.forecasting.score() == 0
    report = building.forecast_accuracy("hq", "electricity", 24)
    assert report.forecasts == 1
    assert report.better_share is not None
    assert report.better_share > 0
    assert report.scores.coverage90 is not None
    assert report.days[0].cvrmse_pct == report.scores.cvrmse_pct
    assert building.forecasting.forecasts.models()[0].scores.coverage90 is not None
    assert not report.has_fallen_behind


def test_a_model_that_falls_behind_gives_way_until_the_next_is_fitted(building: Ondol, clock: SetClock):
    building.forecasting.train([24])
    (good,) = building.forecasting.issue([24])
    bad = [worsened(good, hours) for hours in range(5)]
    building.forecasting.forecasts.add(bad)
    measure(building, DAYS * 24, DAYS * 24 + 24)
    clock.forward(hours=28)
    building.forecasting.score()
    assert building.forecast_accuracy("hq", "electricity", 24).has_fallen_behind
    (issued,) = building.forecasting.issue([24])
    assert (issued.model, issued.flags.names) == ("last_week", ["no_weather", "naive"])
    measure(building, DAYS * 24 + 24, DAYS * 24 + 28)
    building.forecasting.train([24])
    (issued,) = building.forecasting.issue([24])
    assert issued.model != "last_week"


def worsened(forecast: Forecast, hours: int) -> Forecast:
    from dataclasses import replace

    return replace(
        forecast,
        issued_at=forecast.issued_at - timedelta(minutes=hours + 1),
        expected=tuple(3 * value for value in forecast.expected),
    )


def test_keeping_up_does_what_is_due_and_no_more(building: Ondol, clock: SetClock):
    forecasting = building.forecasting
    forecasting.keep_up()
    assert len(forecasting.forecasts.models()) == 2
    building_id = building.directory.building("hq").id
    everything = (NOW - timedelta(days=1), NOW + timedelta(days=9))

    def count() -> list[int]:
        return [len(forecasting.forecasts.issued([building_id], "electricity", h, *everything)) for h in (24, 168)]

    assert count() == [1, 1]
    forecasting.keep_up()
    clock.forward(hours=1)
    forecasting.keep_up()
    assert count() == [2, 1]
    clock.forward(days=1)
    forecasting.keep_up()
    assert count() == [3, 2]
    assert len(forecasting.forecasts.models()) == 2
    clock.forward(days=7)
    assert forecasting.is_due()


def test_older_history_is_learnt_at_once_and_the_week_is_forecast_anew(new_building: Ondol, clock: SetClock):
    forecasting, building_id = new_building.forecasting, new_building.directory.building("hq").id
    measure(new_building, (DAYS - 20) * 24, DAYS * 24)
    forecasting.keep_up()
    measure(new_building, 0, (DAYS - 20) * 24)
    clock.forward(minutes=5)
    assert forecasting.is_due()
    forecasting.keep_up()
    assert not forecasting.is_due()
    issued = forecasting.forecasts.issued([building_id], "electricity", 168, NOW, NOW + timedelta(days=8))
    assert [forecast.issued_at for forecast in issued] == [NOW, NOW + timedelta(minutes=5)]
    assert len({forecast.version for forecast in issued}) == 2


def test_weather_is_kept_with_its_issue(building: Ondol):
    hours = [(NOW + timedelta(hours=n), 30.0 + n, 50.0) for n in range(48)]
    building.keep_weather_forecast("hq", NOW - timedelta(minutes=30), hours)
    building.keep_weather_forecast("hq", NOW + timedelta(hours=2), [(t, -40.0, None) for t, *_ in hours])
    loads = building.forecasting.loads([building.directory.building("hq")], "electricity", 100)
    assert loads.weather is not None
    temperature, _ = loads.weather.known(np.zeros(1, np.int64), np.array([100]), 4, 4)
    assert temperature[0, 4:].tolist() == [30.0, 31.0, 32.0, 33.0]
    assert temperature[0, :4].tolist() == pytest.approx([10 + 5 * np.sin(n / 12) for n in range(1436, 1440)], abs=1e-4)
    (forecast, *_) = building.forecasting.issue([24])
    assert "no_weather" not in forecast.flags.names


def test_a_file_of_weather_forecasts_is_kept_line_by_line(tmp_path: Path):
    ondol = open_installation(Settings(home=tmp_path))
    keys = ("hq", "annex")
    for key in keys:
        ondol.directory.add_building(key, name=key, address="", timezone="Asia/Seoul")
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
    ids = [ondol.directory.building(key).id for key in keys]
    issued = datetime(2026, 1, 14, 20, tzinfo=UTC)
    assert ondol.forecasting.weather.read(ids, issued, issued + timedelta(seconds=1)).height == 24
    assert "noon" in (tmp_path / "rejects.csv").read_text("utf-8-sig")
    done = run_ondol(tmp_path, "forecast", "weather", str(file), "--building", "nowhere")
    assert done.returncode == 1
    assert "nowhere" in done.stderr
    ondol.close()


def test_the_api_gives_forecasts_and_what_is_made_of_them(building: Ondol, clock: SetClock):
    client = create_app(building).test_client()
    _, secret = create_token("t", [Scope.READ, Scope.WRITE], accounts=building.accounts, clock=clock)
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
    root = "/api/v1/buildings/hq"
    missing = client.get(f"{root}/forecast")
    assert missing.status_code == 404
    assert "ondol forecast predict" in missing.json["detail"]
    assert client.get(f"{root}/forecast?quantity=gas").status_code == 404
    assert client.get(f"{root}/forecast?horizon=12h").status_code == 400
    building.forecasting.train()
    building.forecasting.issue()
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
    building.forecasting.score()
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


def test_avoided_energy_is_what_a_change_saved(building: Ondol):
    points = {point.id: point for point in building.directory.points("hq")}
    (main,) = (point for point in points.values() if point.quantity == "electricity")
    start_s = int(NOW.timestamp()) - DAYS * DAY_S
    saved = building.history.read([main.id], start_s + 45 * 86_400, int(NOW.timestamp()))
    halved = saved.with_columns(pl.col("value") * 0.8)
    hq = building.directory.building("hq")
    building.history.write(halved, points, {hq.id: hq})
    first, change = NOW - timedelta(days=DAYS), NOW - timedelta(days=15)
    found, limits = building.measure_avoided_energy("hq", "electricity", (first, change), (change, NOW))
    assert found.avoided_share == pytest.approx(0.2, abs=0.02)
    assert found.with_weather
    assert found.cvrmse_pct < limits["cvrmse_pct"]
    assert found.meets_ashrae_14
    assert abs(found.avoided - 0.25 * found.measured) < found.uncertainty
    with pytest.raises(InvalidInput, match="baseline period"):
        building.measure_avoided_energy("hq", "electricity", (first, first + timedelta(days=3)), (change, NOW))


def test_demand_near_the_contract_power_is_warned_of(building: Ondol, clock: SetClock):
    with pytest.raises(NotFound):
        building.forecast_demand("nowhere")
    demand = building.forecast_demand("hq")
    assert list(demand.band_kw) == sorted(demand.band_kw)
    assert demand.band_kw[0] < demand.expected_kw < demand.band_kw[-1]
    assert demand.limit_kw == 90
    assert demand.start == NOW
    clock.forward(hours=-3)  # noon, when the office is busy
    assert building.forecast_demand("hq").is_near_limit
    building.warn_of_peak_demand()
    assert b"energy_alert" in (building.cache.get("notification:hq") or b"")
    building.directory.change_building("hq", contract_power_kw=1000)
    assert not building.forecast_demand("hq").is_near_limit
