"""Line protocol that is passed on as it was sent: what is stored is what would be stored otherwise."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from tests.conftest import NOW, SetClock

from ondol.common.access import SYSTEM
from ondol.common.results import Results
from ondol.readings.formats.line_protocol import parse_line_protocol
from ondol.readings.model import READINGS
from ondol.readings.needs import Matching
from ondol.readings.ports import StoreContext
from ondol.readings.record_readings import ReadingRules, RecordingNeeds, record_readings
from ondol.readings.show_live import LiveView
from ondol.sites.model import Point
from ondol.sites.point_index import PointIndex
from ondol.stores.cache.memory import MemoryCache
from ondol.stores.timeseries import influxdb
from ondol.stores.timeseries.influxdb import InfluxDBTimeSeries
from ondol.stores.timeseries.memory import MemoryTimeSeries

NOW_US = int(NOW.timestamp()) * 1_000_000
POINTS = {
    n: Point(n, key, 1, "hq", key, quantity, unit, space=space, floor=floor, min_value=low, max_value=high)
    for n, key, quantity, unit, space, floor, low, high in [
        (1, "hq.t", "temperature", "degC", "R 1", "3", None, None),
        (2, "hq.온도", "temperature", "degC", None, None, -20.0, 50.0),
        (3, "hq.power", "power", "kW", "lab", None, None, None),
        (4, r"hq.b,x=1\a", "co2", "ppm", None, "3F", None, 2000.0),
        (5, "hq.odd", "co2", 'p"pm', None, "3F", None, None),
    ]
}
HEADS = {
    1: r"sensor_readings,building_id=hq,floor=3,point=hq.t,room=R\ 1,sensor_type=temperature",
    2: "sensor_readings,building_id=hq,point=hq.온도,sensor_type=temperature",
    3: "sensor_readings,building_id=hq,point=hq.power,room=lab,sensor_type=power",
}
GOOD = {
    2: HEADS[2] + ' value={},unit="degC",status="normal" {}',
    3: HEADS[3] + ' value={},unit="kW",status="normal" {}',
}


class Sites:
    def points_by_key(self, keys):
        return {point.key: point for point in POINTS.values() if point.key in set(keys)}

    def virtual_points(self):
        return []


class Installation:
    """Recording with a store, as far as lines need it."""

    def __init__(self, timeseries) -> None:
        cache, clock, sites = MemoryCache(), SetClock(NOW), Sites()
        self.timeseries = timeseries
        index = PointIndex(sites, cache)
        matching = Matching(sites, index, Results(cache), None, register_unknown=False, devices=None)
        live = LiveView(timeseries, cache, clock, index)
        self._needs = RecordingNeeds(timeseries, live, clock, ReadingRules(), matching, lambda *_: None)

    def write(self, body: bytes, precision: str):
        return record_readings(SYSTEM, parse_line_protocol(body, precision, NOW_US), None, self._needs)

    def stored(self, start_us: int, end_us: int) -> list[tuple]:
        return self.timeseries.read(list(POINTS), start_us, end_us).select(READINGS.names()).rows()


@pytest.fixture(scope="module")
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[InfluxDBTimeSeries]:
    url = request.getfixturevalue("server_urls")()["timeseries_url"]
    folder: Path = tmp_path_factory.mktemp("home")
    opened = influxdb.open_store(url, StoreContext(folder, lambda ids: {n: POINTS[n] for n in ids if n in POINTS}))
    yield opened
    opened.close()


@pytest.fixture
def written(store: InfluxDBTimeSeries, monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What goes to InfluxDB, without the lines of touched windows."""
    bodies: list[bytes] = []
    write = store._client.write

    def spy(lines: bytes) -> None:
        bodies.append(b"\n".join(line for line in lines.split(b"\n") if not line.startswith(b"ondol_touched")))
        write(lines)

    monkeypatch.setattr(store._client, "write", spy)
    return bodies


@pytest.mark.parametrize(("precision", "unit_us"), [("ns", 1e-3), ("us", 1), ("u", 1), ("ms", 1000), ("s", 1_000_000)])
def test_lines_as_ondol_writes_them_go_on_as_they_are(store, written, precision, unit_us):
    store._client.query("DELETE FROM sensor_readings")
    start = int((NOW_US - 86_400_000_000) / unit_us)
    step = 1000 if precision == "ns" else 1
    lines = [GOOD[2 + n % 2].format(f"{n}.50", start + n * step) for n in range(6)]
    body = "\n".join([*lines, "", ""]).encode()
    receipt = Installation(store).write(body, precision)
    assert (receipt.accepted, receipt.rejected) == (6, 0)
    zeros = "0" * len(str(int(unit_us * 1000)).lstrip("1"))
    assert written == ["\n".join(line + zeros for line in lines).encode()]
    stored = Installation(store).stored(0, NOW_US)
    assert sorted(row[2] for row in stored) == [n + 0.5 for n in range(6)]


@pytest.mark.parametrize(
    "change",
    [
        lambda line: line.replace("building_id=hq,", ""),
        lambda line: line.replace("building_id=hq,point=hq.power", "point=hq.power,building_id=hq"),
        lambda line: line.replace("sensor_readings", "readings"),
        lambda line: line.replace('unit="kW"', 'unit="W"'),
        lambda line: line.replace('unit="kW"', 'unit="kw"'),
        lambda line: line.replace('"normal"', '"fine"'),
        lambda line: line.replace(',status="normal"', ""),
        lambda line: line.replace("=21.0,", "=+21.0,"),
        lambda line: line.replace("=21.0,", "=21i,"),
        lambda line: line.replace("=21.0,", "=.21,"),
        lambda line: line[:-1] + "5 ",
        lambda line: line[:-3] + "001",
    ],
)
def test_everything_else_is_rendered(store, written, change):
    start = (NOW_US - 7_200_000_000) * 1000
    line = GOOD[3].format(21.0, start)
    good = [GOOD[3].format(21.0, start + 1000 * n) for n in range(1, 4)]
    assert change(line) != line
    Installation(store).write("\n".join([*good, change(line)]).encode(), "ns")
    rendered = HEADS[3] + " value=21.0"
    (body,) = written
    assert all(part.startswith((rendered.encode(), (HEADS[3] + " value=0.").encode())) for part in body.split(b"\n"))
    assert all(part.endswith(b"000") for part in body.split(b"\n"))
    assert b"+21" not in body
    assert b"21i" not in body


def test_a_flagged_reading_makes_the_batch_rendered(store, written):
    start = NOW_US // 1_000_000 - 10_000
    installation = Installation(store)
    installation.write((GOOD[2].format(99, start) + "\n" + GOOD[3].format(5, start)).encode(), "s")
    assert b'value=99.0,unit="degC",status="out_of_range"' in written[0]
    assert installation.stored(start * 1_000_000, start * 1_000_000 + 1) == [
        (2, start * 1_000_000, 99.0, 1),
        (3, start * 1_000_000, 5.0, 0),
    ]


def test_a_line_that_influxdb_refuses_as_it_was_sent_is_rendered(store, written, monkeypatch):
    installation, start = Installation(store), NOW_US // 1_000_000 - 20_000
    monkeypatch.setattr(store._writer, "pass_on", lambda *_: b"no line")
    installation.write(GOOD[3].format("5", start).encode(), "s")
    assert len(written) == 2
    assert installation.stored(start * 1_000_000, start * 1_000_000 + 1) == [(3, start * 1_000_000, 5.0, 0)]


def test_a_body_with_refused_lines_keeps_them_out(store, written):
    installation, start = Installation(store), NOW_US // 1_000_000 - 30_000
    lines = [GOOD[3].format(1, start), "m,point=nobody value=1 5", GOOD[3].format(2, 5_000_000_000)]
    receipt = installation.write("\n".join(lines).encode(), "s")
    assert [error.line for error in receipt.errors] == [2, 3]
    assert written == [f'{HEADS[3]} value=1.0,unit="kW",status="normal" {start}000000000'.encode()]


VALUES = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.integers(-(10**22), 10**22).map(str),
    st.sampled_from(["1", "-0", "0.10", "007", "1e3", "1E-2", "+2", ".5", "5.", "3i", "t", "nan", "1_0", "", "1,2"]),
)
TEXTS = st.sampled_from(
    [
        ',unit="degC",status="normal"', ',unit="kW",status="normal"', ',unit="W",status="normal"', ',unit="ppm",status="normal"',
        ',status="normal",unit="degC"', ',unit="degC"', "", ",", ',unit="celsius",status="normal"', ',unit="p\\"pm",status="normal"',
        ',unit="degC",status="normal",note="a b"',
    ]
)  # fmt: skip
ODD_HEADS = st.sampled_from(
    [
        *HEADS.values(), "sensor_readings,point=hq.t", "m,point=nobody", r"sensor_readings,building_id=hq,floor=3F,point=hq.b\,x\=1\a",
        "sensor_readings,point=hq.power,building_id=hq,room=lab,sensor_type=power", "#comment",
    ]
)  # fmt: skip
SPANS = {"ns": (1, 60_000_000_000), "us": (1000, 60_000_000), "ms": (1_000_000, 60_000), "s": (10**9, 60)}


@st.composite
def bodies(draw: st.DrawFn) -> tuple[bytes, str]:
    """A body of a minute, most often with nothing unusual in it, and its precision."""
    precision = draw(st.sampled_from(sorted(SPANS)))
    unit_ns, most = SPANS[precision]
    first = (NOW_US - 86_400_000_000) * 1000 // unit_ns
    step = draw(st.sampled_from([1, 1000, 1000])) if precision == "ns" else 1
    stamps = st.one_of(st.integers(0, 3), st.integers(0, most - 1)).map(lambda n: str(first + n // step * step))
    usual = st.builds(
        lambda n, value, stamp: GOOD[n].format(value, stamp),
        st.sampled_from([2, 3]), draw(st.sampled_from([st.floats(-30, 60), st.decimals(-19, 49, places=1)])).map(str), stamps,
    )  # fmt: skip
    odd = st.builds("{} value={}{} {}".format, ODD_HEADS, VALUES, TEXTS, stamps)
    lines = draw(st.lists(usual, min_size=1, max_size=8))
    if draw(st.booleans()):
        lines += draw(st.lists(odd, max_size=2))
    return "\n".join(draw(st.permutations(lines))).encode(), precision


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(bodies())
def test_the_same_is_stored_by_every_way(store, written, case):
    body, precision = case
    store._client.query("DELETE FROM sensor_readings")
    store.forget(store.touched())
    written.clear()
    through, beside = Installation(store), Installation(MemoryTimeSeries())
    assert through.write(body, precision) == beside.write(body, precision)
    assert through.stored(0, NOW_US) == beside.stored(0, NOW_US)
    assert store.touched().rows() == beside.timeseries.touched().rows()
    zeros = b"0" * len(str(SPANS[precision][0])[1:])
    event("passed on" if body.replace(b"\n", zeros + b"\n") + zeros in written else "rendered")
