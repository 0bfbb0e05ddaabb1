"""What clients of InfluxDB ask and are answered: they feel at home."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from tests.conftest import NOW
from tests.making import make_building, make_points, make_token

from ondol.common.access import SYSTEM, Scope
from ondol.common.instants import epoch_s
from ondol.installation import Installation
from ondol.web.app import create_app

AT = epoch_s(NOW) - 600


@pytest.fixture
def ondol(open_ondol: Callable[..., Installation]) -> Installation:
    ondol = open_ondol()
    make_building(ondol, "hq", timezone="UTC")
    make_points(ondol, "hq", [{"key": "hq.power", "name": "p", "quantity": "electricity", "unit": "kW"}])
    return ondol


@pytest.fixture
def client(ondol: Installation) -> FlaskClient:
    client = create_app(ondol).test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Token {make_token(ondol, 'device', Scope.READ, Scope.WRITE)}"
    return client


def test_it_says_of_itself_what_influxdb_says(client: FlaskClient) -> None:
    health = client.get("/health")
    assert (health.status_code, health.get_json()["status"], health.get_json()["name"]) == (200, "pass", "influxdb")
    assert client.get("/ready").get_json()["status"] == "ready"
    assert client.get("/ping").status_code == 204
    verbose = client.get("/ping?verbose=true")
    assert (verbose.status_code, verbose.get_json()["version"]) == (200, verbose.headers["X-Influxdb-Version"])


@pytest.mark.parametrize(("address", "body", "status", "code"), [
    ("/api/v2/write?bucket=hq&precision=s", f"m,point=hq.power value=x {AT}", 400, "invalid"),
    ("/write?db=hq&precision=s", f"m,point=hq.power value=1 {AT}000", 400, "invalid"),
    ("/write?db=hq&precision=wrong", f"m,point=hq.power value=1 {AT}", 400, "invalid"),
])  # fmt: skip
def test_a_refusal_says_why_where_clients_look(
    client: FlaskClient, address: str, body: str, status: int, code: str
) -> None:
    answer = client.post(address, data=body)
    told = answer.get_json()
    assert (answer.status_code, told["code"]) == (status, code)
    assert told["message"] == told["error"]
    assert answer.headers["X-Influxdb-Error"]
    assert "precision" in told["message"] or "line 1" in told["message"]


def test_who_is_not_known_is_told_as_influxdb_tells_it(ondol: Installation) -> None:
    answer = create_app(ondol).test_client().post("/api/v2/write?bucket=hq", data="m v=1")
    assert (answer.status_code, answer.get_json()["code"]) == (401, "unauthorized")
    assert answer.get_json()["message"] == answer.get_json()["detail"]


def test_a_retention_policy_behind_the_bucket_is_passed_over(client: FlaskClient) -> None:
    assert (
        client.post("/api/v2/write?bucket=hq/autogen&precision=s", data=f"m,point=hq.power value=1 {AT}").status_code
        == 204
    )


def test_what_is_refused_is_counted_and_listed_by_sender(ondol: Installation, client: FlaskClient) -> None:
    for _ in range(2):
        client.post("/write?db=hq&precision=s", data=f"m,point=hq.power value=x {AT}\nm,point=hq.none value=1 {AT}")
    (sender,) = ondol.readings.refused(SYSTEM)
    assert ("device" in sender.who, sender.number) == (True, 4)
    assert any("hq.none" in reason for reason in sender.reasons)
    metrics = client.get("/metrics").text
    assert f'ondol_refused_readings{{who="{sender.who}"}} 4.0' in metrics


# Reading


@pytest.fixture
def filled(ondol: Installation, client: FlaskClient) -> FlaskClient:
    make_points(ondol, "hq", [{"key": "hq.t1", "name": "t", "quantity": "temperature", "unit": "degC", "floor": "1"},
                              {"key": "hq.t2", "name": "t", "quantity": "temperature", "unit": "degC", "floor": "2"}])  # fmt: skip
    lines = [f"m,point=hq.power value={n} {AT - 3600 + n * 60}" for n in range(60)]
    lines += [f"m,point=hq.t{floor} value={20 + floor} {AT - 600}" for floor in (1, 2)]
    assert client.post("/api/v2/write?bucket=hq&precision=s", data="\n".join(lines)).status_code == 204
    return client


def ask(client: FlaskClient, text: str, **more: str) -> list[dict[str, object]]:
    answer = client.get("/query", query_string={"q": text, "db": "hq", **more})
    assert answer.status_code == 200, answer.text
    return answer.get_json()["results"][0].get("series", [])


def test_what_clients_ask_first(filled: FlaskClient) -> None:
    assert ask(filled, "SHOW DATABASES") == [{"name": "databases", "columns": ["name"], "values": [["hq"]]}]
    assert ask(filled, 'SHOW MEASUREMENTS ON "hq" LIMIT 100')[0]["values"] == [["sensor_readings"]]
    assert ["value", "float"] in ask(filled, 'SHOW FIELD KEYS FROM "autogen"."sensor_readings"')[0]["values"]
    assert ask(filled, "SHOW TAG KEYS")[0]["values"] == [["building_id"], ["floor"], ["point"], ["sensor_type"]]
    values = ask(filled, """SHOW TAG VALUES FROM "sensor_readings" WITH KEY = "floor" WHERE "sensor_type" =~ /^temp/""")
    assert values[0]["values"] == [["floor", "1"], ["floor", "2"]]
    assert ask(filled, "SHOW RETENTION POLICIES ON hq")[0]["values"][0][0] == "autogen"


def test_what_grafana_asks(filled: FlaskClient) -> None:
    """As its builder writes it, with an end and a filter by tags."""
    start, end = (AT - 3600) * 1000, AT * 1000
    where = f"(\"point\"::tag = 'hq.power') AND time >= {start}ms and time <= {end}ms"
    text = f'SELECT mean("value"), max("value"), count("value") FROM "sensor_readings" WHERE {where} GROUP BY time(20m) fill(null)'
    (series,) = ask(filled, text, epoch="ms")
    rows = [row for row in series["values"] if row[1] is not None]
    assert series["columns"] == ["time", "mean", "max", "count"]
    assert sum(row[3] for row in rows) == 60
    assert max(row[2] for row in rows) == 59
    assert all(row[0] % 1_200_000 == 0 for row in rows)
    grouped = ask(
        filled,
        'SELECT last("value") FROM "sensor_readings" WHERE sensor_type = \'temperature\' GROUP BY "floor"',
    )
    assert [(one["tags"], one["values"][0][1]) for one in grouped] == [({"floor": "1"}, 21.0), ({"floor": "2"}, 22.0)]
    (summed,) = ask(filled, "SELECT sum(value) FROM sensor_readings WHERE point =~ /hq.t[12]/ AND time > now() - 6h")
    assert summed["values"][0][1] == 43.0


@pytest.mark.parametrize(
    ("fill", "middle"), [("null", None), ("none", "left out"), ("0", 0), ("previous", 1.0), ("linear", 2.0)]
)
def test_gaps_are_filled_as_asked(client: FlaskClient, fill: str, middle: object) -> None:
    start = AT // 600 * 600 - 3600
    body = f"m,point=hq.power value=1 {start}\nm,point=hq.power value=3 {start + 1200}"
    client.post("/api/v2/write?bucket=hq&precision=s", data=body)
    (series,) = ask(
        client,
        f"SELECT mean(value) FROM sensor_readings WHERE time >= {start}s AND time < {start + 1800}s GROUP BY time(10m) fill({fill})",
        epoch="s",
    )
    values = {row[0]: row[1] for row in series["values"]}
    assert values.get(start + 600, "left out") == middle
    assert (values[start], values[start + 1200]) == (1.0, 3.0)


def test_history_answers_where_raw_readings_are_gone(ondol: Installation, client: FlaskClient) -> None:
    start = epoch_s(NOW) // 86400 * 86400 - 90 * 86400
    body = "\n".join(f"m,point=hq.power value=5 {start + 900 * n}" for n in range(96))
    client.post("/api/v2/write?bucket=hq&precision=s", data=body)
    ondol.history.aggregate()
    (series,) = ask(
        client,
        f"SELECT mean(value) FROM sensor_readings WHERE time >= {start}s AND time < {start + 86400}s GROUP BY time(1d)",
    )
    assert series["values"][0][1] == pytest.approx(5.0)


@pytest.mark.parametrize("text", [
    "DROP DATABASE hq", "DELETE FROM sensor_readings", "SELECT value INTO x FROM sensor_readings",
    "SELECT median(value) FROM sensor_readings",
    "SELECT value FROM other", "SELECT value FROM sensor_readings WHERE point =~ /(/", "", "SELECT", "SHOW USERS",
    "SELECT mean(value) FROM sensor_readings WHERE time >= 0 GROUP BY time(0s)",
])  # fmt: skip
def test_what_is_not_understood_is_refused(filled: FlaskClient, text: str) -> None:
    answer = filled.get("/query", query_string={"q": text, "db": "hq"})
    assert (answer.status_code, bool(answer.get_json()["error"])) == (400, True)


def test_only_what_is_theirs_is_answered(ondol: Installation, filled: FlaskClient) -> None:
    make_building(ondol, "annex")
    other = create_app(ondol).test_client()
    secret = make_token(ondol, "annex", Scope.READ, buildings=["annex"])
    for text in ("SELECT value FROM sensor_readings", "SHOW TAG VALUES WITH KEY = point", "SHOW MEASUREMENTS"):
        for database in ("hq", "annex", "x"):
            answer = other.get("/query", query_string={"q": text, "db": database, "u": "x", "p": secret})
            assert answer.get_json() == {"results": [{"statement_id": 0}]}
    assert other.get("/query", query_string={"q": "SHOW DATABASES", "p": secret}).get_json()["results"][0]["series"][0][
        "values"
    ] == [["annex"]]
    assert other.get("/query", query_string={"q": "SHOW DATABASES"}).status_code == 401
    assert other.post("/query", data={"q": 'CREATE DATABASE "x"'}).status_code == 200
