"""Ten thousand bodies that no device should send: none brings the server down, and no good line among them is lost or doubled."""

import gzip
import json
import random
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import orjson
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.conftest import NOW
from tests.making import make_building, make_points, make_token
from tests.properties.reference_lines import leaves_a_text_open

from ondol.common.access import SYSTEM, Scope
from ondol.common.instants import format_instant
from ondol.installation import Installation
from ondol.web.app import create_app

BODIES = 10_000
MUTATED_LINES, MUTATED_ROWS, DESTROYED, GENERATED, GENERATED_AT_ONCE = 5_200, 3_000, 700, 130, 8
WITH_GOOD = 0.3
FIRST_GOOD_S = int(NOW.timestamp()) - 100_000
LINE = "/api/v2/write?precision=s"
JSON = "/api/v1/readings"

# ruff: noqa: E501
BAD_LINES = [
    b"", b" ", b",", b"=", b"\\", b'"', b"\x00", b"#", b"m", b"m ", b"m v", b"m v=", b"m =1", b"m v=1 ", b"m v=1 x", b"m v=1 1 1",
    b"m,t v=1", b"m,t= v=1", b"m,=x v=1", b",t=x v=1", b"m v=1,", b"m v=1,,w=2", b"m v=1 1.5", b"m v=1 1e9", b"m v=1 -", b"m v=--1",
    b"m v=nan", b"m v=NaN", b"m v=inf", b"m v=-Infinity", b"m v=1e999", b"m v=0x10", b"m v=1_000", b"m v=1,5", b"m,point=hq.other value=1,5 1794981600", b"m,point=hq.other 1=2,3=4 1794981600", b'm v="open', b'm v="',
    b'm v="a" b', b"m v=\xff\xfe", b"\xff\xfe\x00m v=1", b"m\\ v=1", b"m\\", b"m,t=\\ v=1", b"m v=1i2", b"m v=i", b"m v=1ii", b"m v=t1",
    b"m,point=hq.other v=1 99999999999999999999", b"m,point=hq.other value=1 9999999999999999999", b"m,point=hq.other value=1 -1",
    b"m,point=hq.other value=1 9223372036854775807", b"m,point=hq.other value=1 -9223372036854775808",
    b"m,point=hq.other value=18446744073709551616u 1", b"m,point=hq.other value=99999999999999999999i 1",
    b"m,point=hq.other value=1e308 1794981600", b"m,point=hq.other value=-1e308 1794981660",
    b"m,point=hq.other value=9e299 1794981700", b"m,point=hq.other value=-9e299 1794981730",
    b'm,point=hq.other value=1,unit="\\" 1', b'm,point=hq.other value=1,unit="\xed\x95\x9c" 1', b'm,point=hq.other value=1,unit="kWh" 1',
    b"sensor_readings value=1", b"sensor_readings,building_id=hq value=1 1", b"m,point= value=1", b"m,point=\xea\xb1\xb4\xeb\xac\xbc value=1 1",
    b"m," + b"t" * 3000 + b"=1 v=1", b"m" * 70_000, b"m," + b",".join(b"t%d=x" % n for n in range(400)) + b" v=1",
    b'{"readings": []}', b"<html>", b"\r", b"\r\r", b"m v=1\r\r 1", b"\tm v=1", b"m\tv=1", b"m v=\xe2\x88\x9e", b"m v=\xd9\xa1", b"m v=1 \xd9\xa1",
]  # fmt: skip

GOOD_TIME = "2026-11-18T05:00:00Z"
BAD_ROWS = [
    None, 1, "row", [], {}, [[]], True, {"point": "hq.other"}, {"time": GOOD_TIME, "value": 1}, {"point": 1, "time": GOOD_TIME, "value": 1},
    {"point": None, "time": GOOD_TIME, "value": 1}, {"point": {}, "time": GOOD_TIME, "value": 1}, {"point": [], "time": GOOD_TIME, "value": 1},
    {"point": "", "time": GOOD_TIME, "value": 1}, {"point": "none", "time": GOOD_TIME, "value": 1}, {"point": "\0", "time": GOOD_TIME, "value": 1},
    {"point": "건물" * 4000, "time": GOOD_TIME, "value": 1}, {"point": "hq.other", "time": 1, "value": 1},
    {"point": "hq.other", "time": None, "value": 1}, {"point": "hq.other", "time": "", "value": 1}, {"point": "hq.other", "time": "now", "value": 1},
    {"point": "hq.other", "time": "2026-11-18T05:00:00", "value": 1}, {"point": "hq.other", "time": "2026-13-18T05:00:00Z", "value": 1},
    {"point": "hq.other", "time": "2026-11-18T25:00:00Z", "value": 1}, {"point": "hq.other", "time": "0001-01-01T00:00:00+23:59", "value": 1},
    {"point": "hq.other", "time": "9999-12-31T23:59:59-23:59", "value": 1}, {"point": "hq.other", "time": "2026-W47-3T05:00:00Z", "value": 1},
    {"point": "hq.other", "time": "2026-11-18T05:00:00+99:99", "value": 1}, {"point": "hq.other", "time": "1969-12-31T23:59:59Z", "value": 1},
    {"point": "hq.other", "time": "2100-01-01T00:00:00Z", "value": 1}, {"point": "hq.other", "time": GOOD_TIME, "value": "1"},
    {"point": "hq.other", "time": GOOD_TIME, "value": None}, {"point": "hq.other", "time": GOOD_TIME, "value": True},
    {"point": "hq.other", "time": GOOD_TIME, "value": []}, {"point": "hq.other", "time": GOOD_TIME, "value": 1e308},
    {"point": "hq.other", "time": "2026-11-18T05:00:01Z", "value": -9e299}, {"point": "hq.other", "time": GOOD_TIME, "value": 9e299},
    {"point": "hq.other", "time": GOOD_TIME, "value": 2**64 - 1}, {"point": "hq.other", "time": GOOD_TIME, "value": -(2**63)},
    {"point": "hq.other", "time": GOOD_TIME, "value": 1, "unit": 5}, {"point": "hq.other", "time": GOOD_TIME, "value": 1, "unit": []},
    {"point": "hq.other", "time": GOOD_TIME, "value": 1e290, "unit": "GWh"}, {"point": "hq.other", "time": GOOD_TIME, "value": 1, "unit": "\0"},
]  # fmt: skip

NO_JSON = [
    b"", b"null", b"1", b'"text"', b"[]", b"{}", b"[[[[", b"{", b"}", b"NaN", b'{"readings": null}', b'{"readings": {}}', b'{"columns": 5}',
    b'{"readings": []}', b'{"columns": []}', b'{"columns": [{}]}', b'{"columns": [{"point": 1, "times": [1], "values": [1]}]}',
    b'{"columns": [{"point": "hq.other", "times": ["x"], "values": []}]}', b'{"readings": [{"point": "\\ud800"}]}', b'\xff\xfe{\x00}\x00',
    b"[" * 5000, b'{"a":' * 3000, b'{"readings": [1e99999]}', '{"readings": "가"}'.encode("euc-kr"), '{"readings": []}'.encode("utf-16"),
    b'{"readings": [{"point": "hq.other", "time": "2026-11-18T05:00:00Z", "value": 1}', b'{"readings": [}]}', b"\xef\xbb\xbf{}",
]  # fmt: skip


@dataclass
class Sender:
    """Sends bodies, checks every answer, and keeps account of the good readings among them."""

    client: FlaskClient
    secret: str
    random: random.Random
    sent: int = 0
    kept: dict[int, float] = field(default_factory=dict)

    def good(self) -> tuple[int, float]:
        """Time (epoch seconds) and value of a reading that has not been sent before."""
        number = len(self.kept)
        self.kept[FIRST_GOOD_S + number] = number / 4
        return FIRST_GOOD_S + number, number / 4

    def send(self, path: str, body: bytes, **headers: str) -> int:
        """The status; whatever the body is, it is neither a fault of ours nor an answer without a reason."""
        self.sent += 1
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = self.client.post(
            path, data=body, headers={"Authorization": f"Bearer {self.secret}", "Content-Type": "text/plain", **headers}
        )
        status = answer.status_code
        assert 200 <= status < 500, f"{status} for {path} {headers} {body[:300]!r}: {answer.text}"
        if status >= 400:
            document = json.loads(answer.data)
            assert document.get("detail") or document["errors"], f"no reason for {body[:300]!r}"
        return status

    def packed(self, body: bytes) -> tuple[bytes, dict[str, str]]:
        """The body as it is or, a third of the time, in gzip."""
        zipped = self.random.random() < 1 / 3
        return (gzip.compress(body, 1), {"Content_Encoding": "gzip"}) if zipped else (body, {})


def mutated(body: bytes, chance: random.Random) -> bytes:
    """The bytes with some changed, cut out, doubled or put in."""
    changed = bytearray(body)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(changed) + 1)
        match chance.randrange(4):
            case 0:
                changed[at:at] = chance.choice([b'"', b"\\", b",", b"=", b" ", b"\xff", b"\0", b"{", b"]", b"9" * 30])
            case 1:
                del changed[at : at + chance.randint(1, 6)]
            case 2:
                changed[at:at] = changed[max(at - 5, 0) : at]
            case _:
                changed[at : at + 1] = bytes([chance.randrange(256)])
    return bytes(changed)


def send_lines(sender: Sender, bad: bytes) -> None:
    """A good line among bad ones is kept, whether they are refused or not."""
    lines = [bad]
    if sender.random.random() < WITH_GOOD:
        time_s, value = sender.good()
        lines.append(b"m,point=hq.good value=%r %d" % (value, time_s))
    sender.random.shuffle(lines)
    if leaves_a_text_open(bad):
        lines.sort(key=lambda line: line is bad)  # what follows would be part of the text
    body, headers = sender.packed(b"\n".join(lines))
    path = sender.random.choice([LINE, "/write?precision=s&db=hq", LINE + "&bucket=hq&org=x"])
    assert sender.send(path, body, **headers) in (204, 400)


def send_rows(sender: Sender, bad: bytes) -> None:
    """A good row beside a bad one is kept; `bad` is JSON text of any value."""
    rows = [bad]
    if has_good := sender.random.random() < WITH_GOOD:
        time_s, value = sender.good()
        rows.append(b'{"point": "hq.good", "time": "%s", "value": %r}' % (rfc3339(time_s), value))
    sender.random.shuffle(rows)
    body, headers = sender.packed(b'{"readings": [' + b", ".join(rows) + b"]}")
    status = sender.send(JSON, body, **headers)
    assert status == 200 or not has_good, f"{bad!r} took a good row with it"


def send_destroyed(sender: Sender, number: int) -> None:
    """A body whose form is broken as a whole is refused as a whole; its readings were never counted as good."""
    chance = sender.random
    line = b"m,point=hq.good value=1 %d\n" % (FIRST_GOOD_S - 1 - number) * 20
    zipped = gzip.compress(line)
    body, headers = chance.choice(
        [
            (zipped[: chance.randrange(len(zipped))], {"Content_Encoding": "gzip"}),
            (line, {"Content_Encoding": "gzip"}),
            (zlib.compress(line), {"Content_Encoding": "gzip"}),
            (zipped[:-8] + b"\0" * 8, {"Content_Encoding": "x-gzip"}),
            (zipped + b"\0garbage", {"Content_Encoding": "gzip"}),
            (line, {"Content_Encoding": chance.choice(["br", "deflate", "zstd", "gzip, gzip", "\xe9"])}),
            (chance.randbytes(chance.randrange(300)), {"Content_Encoding": "gzip"}),
            (chance.choice(NO_JSON), {}),
            (mutated(chance.choice(NO_JSON), chance), {}),
            (line.decode().encode("utf-16"), {}),
        ]
    )
    kind = chance.choice(
        ["application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "\xff"]
    )
    path = JSON if not headers else chance.choice([JSON, LINE, "/write?precision=s"])
    assert sender.send(path, body, Content_Type=kind, **headers) == 400


def rfc3339(time_s: int) -> bytes:
    return format_instant(time_s * 1_000_000).encode()


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["point", "time", "value", "unit", "x"]), inner, max_size=5)
    ),
    max_leaves=6,
)
near_rows = st.fixed_dictionaries(
    {
        "point": st.sampled_from(["hq.other", "hq.total", "hq.register", "none"]) | st.text(max_size=20),
        "time": st.datetimes().map(lambda time: f"{time.isoformat()}Z") | st.text(max_size=30),
        "value": st.floats(allow_nan=False, allow_infinity=False) | st.integers(),
    },
    optional={"unit": st.sampled_from(["kWh", "Wh", "degC", "?", "%"]) | json_values},
)
names = st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), max_size=12)
near_lines = st.builds(
    lambda point, field, value, stamp: f"m,point={point} {field}={value} {stamp}".encode(),
    st.sampled_from(["hq.other", "hq.total", "hq.register", "none"]) | names,
    st.just("value") | names,
    st.floats().map(repr) | st.integers().map(lambda number: f"{number}i") | names,
    st.integers() | names,
)
line_bodies = (
    (near_lines | st.binary(max_size=80)).filter(lambda line: b"hq.good" not in line).map(lambda line: ("line", line))
)
row_bodies = (near_rows | json_values).map(lambda row: ("row", json.dumps(row).encode("utf-8")))


def send_generated(sender: Sender) -> Callable[[], None]:
    @settings(
        max_examples=GENERATED, deadline=None, database=None, derandomize=True,
        phases=[Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(st.lists(line_bodies | row_bodies, min_size=GENERATED_AT_ONCE, max_size=GENERATED_AT_ONCE))
    def send(bodies: list[tuple[str, bytes]]) -> None:
        for kind, body in bodies:
            if kind == "line":
                send_lines(sender, body)
            elif is_json(body):
                send_rows(sender, body)

    return send


def is_json(text: bytes) -> bool:
    """Whether the ingest path would take it as JSON at all; integers and lone surrogates have limits there."""
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError:
        return False
    return True


def lines_to_send(chance: random.Random) -> Iterator[bytes]:
    yield from BAD_LINES
    near = [line for line in BAD_LINES if len(line) < 200] + [
        b"m,point=hq.other value=1.5 1794981600", b"m,point=hq.register value=5i 1794981600", b"m,point=hq.total value=1e3 1794981600",
        b"cpu,host=a,cpu=cpu0 usage_idle=98.5,ok=true,n=5i,name=\"x y\" 1794981600",
    ]  # fmt: skip
    for _ in range(MUTATED_LINES - len(BAD_LINES)):
        some = [mutated(chance.choice(near), chance) for _ in range(chance.randint(1, 3))]
        yield b"\n".join(line.replace(b"hq.good", b"hq.goo") for line in some)


def rows_to_send(chance: random.Random) -> Iterator[bytes]:
    plain = [json.dumps(row).encode() for row in BAD_ROWS]
    yield from plain
    for _ in range(MUTATED_ROWS - len(plain)):
        row = mutated(chance.choice([text for text in plain if len(text) < 300]), chance)
        yield row if is_json(row) else chance.choice(plain)


def test_ten_thousand_malformed_bodies_lose_and_double_nothing(open_ondol: Callable[..., Installation]) -> None:
    ondol = open_ondol(timeseries_url="memory://", max_body_mb=1)
    add_points(ondol)
    secret = make_token(ondol, "devices", Scope.WRITE, Scope.READ)
    sender = Sender(create_app(ondol).test_client(), secret, random.Random(20261118))

    for bad in lines_to_send(sender.random):
        send_lines(sender, bad)
    for bad in rows_to_send(sender.random):
        send_rows(sender, bad)
    for number in range(DESTROYED):
        send_destroyed(sender, number)
    for body in NO_JSON:
        assert sender.send(JSON, body) == 400
    for precision in ("", "ns", "h", "m", "x", "%00", "s&precision=ns"):
        for line in BAD_LINES:
            assert sender.send(f"/api/v2/write?precision={precision}", line) in (204, 400)
    for body, headers in too_large():
        assert sender.send(JSON, body, **headers) == 413
        assert sender.send(LINE, body, **headers) == 413
    send_generated(sender)()

    assert sender.sent >= BODIES
    good = ondol.sites.records.point("hq.good")
    stored = ondol.history.timeseries.read([good.id], 0, 1 << 62)
    assert {
        time_us // 1_000_000: value for time_us, value in stored.select("time_us", "value").iter_rows()
    } == sender.kept
    assert stored.height == len(sender.kept)
    assert ondol.history.aggregate() > 0, "what was accepted must not stop the aggregation"
    for point in ondol.sites.records.points("hq"):
        answer = sender.client.get(
            f"/api/v1/points/{point.key}/series?start=1970-01-02T00:00:00Z&end=2099-12-30T00:00:00Z&interval=1d",
            headers={"Authorization": f"Bearer {secret}"},
        )
        assert answer.status_code == 200


def too_large() -> Iterator[tuple[bytes, dict[str, str]]]:
    """Over ONDOL_MAX_BODY_MB: plain, and two decompression bombs, one of many members."""
    yield b" " * (2**20 + 1), {}
    yield gzip.compress(b"\n" * (64 * 2**20)), {"Content_Encoding": "gzip"}
    yield gzip.compress(b"\n" * 2**18) * 8, {"Content_Encoding": "gzip"}


def add_points(ondol: Installation) -> None:
    make_building(ondol, "hq", name="본관", address="서울", timezone="Asia/Seoul")
    make_points(
        ondol,
        "hq",
        [
            {"key": "hq.good", "name": "Good", "quantity": "power", "unit": "kW"},
            {
                "key": "hq.other",
                "name": "Other",
                "quantity": "electricity",
                "unit": "kW",
                "min_value": 0,
                "max_value": 1e6,
            },
            {"key": "hq.total", "name": "Total", "quantity": "gas", "unit": "kWh", "kind": "total", "interval_s": 900},
            {"key": "hq.register", "name": "Register", "quantity": "water", "unit": "m3", "kind": "total_increasing"},
        ],
    )


TELEGRAF = b"""cpu,cpu=cpu0,host=gateway usage_idle=98.2,usage_user=1i,online=true,name="core, 0" 1794981600000000000
mem,host=gateway used_percent=41.5,total=8589934592i,available=18446744073709551615u 1794981600000000000
modbus,host=gateway,type=holding_register,slave_id=1,name=meter\\ 1 power_kw=12.75,energy=5123456i,alarm=f 1794981600000000001
"""
TELEGRAF_VALUES = {
    "usage_idle": 98.2, "usage_user": 1.0, "online": 1.0, "used_percent": 41.5, "total": 8589934592.0,
    "available": 18446744073709551615.0, "power_kw": 12.75, "energy": 5123456.0, "alarm": 0.0,
}  # fmt: skip


def test_telegraf_writes_unmodified_by_every_way_it_knows(open_ondol: Callable[..., Installation]) -> None:
    ondol = open_ondol(timeseries_url="memory://")
    make_building(ondol, "hq", name="본관", address="서울", timezone="Asia/Seoul")
    client = create_app(ondol).test_client()
    secret = make_token(ondol, "telegraf", Scope.WRITE, Scope.READ, may_register=True)
    token, zipped = {"Authorization": f"Token {secret}"}, {"Content-Encoding": "gzip"}
    ways = [
        ("/api/v2/write?bucket=hq&org=x", TELEGRAF, token, {}),
        ("/api/v2/write?bucket=hq&org=x&precision=ns", gzip.compress(TELEGRAF), token | zipped, {}),
        ("/api/v2/write?bucket=hq", TELEGRAF, {"Authorization": f"Token telegraf:{secret}"}, {}),
        ("/write?db=hq&consistency=any&rp=", TELEGRAF, {}, {"auth": ("telegraf", secret)}),
        ("/write?db=hq", gzip.compress(TELEGRAF), zipped, {"auth": ("telegraf", secret)}),
        (f"/write?db=hq&u=telegraf&p={secret}", TELEGRAF, {}, {}),
    ]
    for path, body, headers, more in ways:
        answer = client.post(path, data=body, headers={"Content-Type": "text/plain; charset=utf-8", **headers}, **more)
        assert (answer.status_code, answer.data) == (204, b""), f"{path}: {answer.text}"

    items = client.get("/api/v1/points?building=hq", headers=token).get_json()["items"]
    read = {}
    for point in items:
        series = client.get(
            f"/api/v1/points/{point['key']}/series?interval=raw&start=2026-11-18T05:00:00Z&end=2026-11-18T07:00:00Z",
            headers=token,
        ).get_json()
        read[point["quantity"]] = series["values"]
    assert read == {"electricity": [TELEGRAF_VALUES["power_kw"]]}
    waiting = {
        device.sent.field: (device.readings, device.last_value)
        for device, _ in ondol.readings.waiting_devices(SYSTEM, "hq")
    }
    assert waiting == {name: (1, value) for name, value in TELEGRAF_VALUES.items() if name != "power_kw"}


def test_gzip_members_one_after_the_other_are_one_body(open_ondol: Callable[..., Installation]) -> None:
    ondol = open_ondol(timeseries_url="memory://")
    add_points(ondol)
    secret = make_token(ondol, "devices", Scope.WRITE)
    parts = [b"m,point=hq.good value=%d %d\n" % (number, FIRST_GOOD_S + number) for number in range(3)]
    answer = create_app(ondol).test_client().post(
        LINE, data=b"".join(map(gzip.compress, parts)), headers={"Authorization": f"Token {secret}", "Content-Encoding": "gzip"}
    )  # fmt: skip
    assert answer.status_code == 204
    assert ondol.history.timeseries.status().readings == 3
