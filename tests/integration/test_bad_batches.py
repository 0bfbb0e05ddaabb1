"""One sender's bad readings cost another nothing."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.conftest import NOW
from tests.making import make_building, make_points

from ondol.common.access import SYSTEM
from ondol.common.errors import StoreUnavailable
from ondol.common.instants import epoch_s, epoch_us
from ondol.installation import Installation
from ondol.readings import Submission
from ondol.stores.timeseries.influxdb import InfluxDBTimeSeries
from ondol.stores.timeseries.influxdb_http import Refused

NOW_S = epoch_s(NOW) - 100


@pytest.fixture
def registering(open_ondol: Callable[..., Installation]) -> Installation:
    ondol = open_ondol(unknown_points="register")
    make_building(ondol, "hq")
    return ondol


@pytest.mark.parametrize("floor", ["x" * 60, "\\", "\\\\", "a\\", "\t", "\x01", "3\x7f", "한" * 21])
def test_an_odd_floor_costs_the_other_lines_nothing(registering: Installation, floor: str) -> None:
    escaped = floor.replace(" ", "\\ ").replace(",", "\\,").replace("=", "\\=")
    body = f"m,building_id=hq,floor={escaped},t=a temp=1 {NOW_S}\nm,building_id=hq,t=b temp=2 {NOW_S}"
    receipt = registering.readings.record_lines(SYSTEM, body.encode(), "s", None)
    assert receipt.accepted >= 1
    assert {refusal.line for refusal in receipt.errors} <= {1}
    kept = {reading.value for reading in registering.readings.latest(SYSTEM, "hq")}
    assert 2.0 in kept
    # And again, when the points exist and are written as tags.
    again = registering.readings.record_lines(SYSTEM, body.encode(), "s", None)
    assert again.accepted == receipt.accepted


@pytest.mark.parametrize(("stamp", "precision", "fits"), [
    (NOW_S, "ns", "s"), (NOW_S, "ms", "s"), (NOW_S * 1000, "ns", "ms"), (NOW_S * 10**6, "ns", "us"), (NOW_S * 10**9, "s", "ns"),
])  # fmt: skip
def test_a_stamp_in_another_precision_is_refused_with_the_one_that_fits_and_makes_no_point(
    registering: Installation, stamp: int, precision: str, fits: str
) -> None:
    body = f"m,building_id=hq,sensor_type=temperature v=21 {stamp}"
    receipt = registering.readings.record_lines(SYSTEM, body.encode(), precision, None)
    assert (receipt.accepted, receipt.rejected) == (0, 1)
    assert f"precision={fits}" in receipt.errors[0].reason
    assert registering.sites.points(SYSTEM) == []


@pytest.mark.parametrize("new_stores", ["servers"], indirect=True)
def test_a_batch_that_influxdb_refuses_fails_alone(ondol: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    store = ondol.history.timeseries
    assert isinstance(store, InfluxDBTimeSeries)
    make_building(ondol, "hq")
    make_points(
        ondol, "hq", [{"key": f"hq.{n}", "name": "x", "quantity": "co2", "unit": "ppm"} for n in ("bad", "good")]
    )
    write, gate = store._client.write, threading.Barrier(2, timeout=30)

    def refusing(lines: bytes) -> None:
        if b"hq.bad" in lines:
            raise Refused("unable to parse")
        write(lines)

    monkeypatch.setattr(store._client, "write", refusing)
    outcomes: dict[str, list[str]] = {"bad": [], "good": []}

    def send(name: str) -> None:
        for n in range(30):
            gate.wait()
            batch = Submission([f"hq.{name}"], [epoch_us(NOW) - n * 1_000_000], [1.0], [1])
            try:
                ondol.readings.record(SYSTEM, batch)
                outcomes[name].append("kept")
            except StoreUnavailable:
                outcomes[name].append("refused")

    with ThreadPoolExecutor(2) as senders:
        list(senders.map(send, outcomes))
    assert outcomes == {"bad": ["refused"] * 30, "good": ["kept"] * 30}
