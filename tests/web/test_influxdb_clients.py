"""What clients of InfluxDB ask and are answered: they feel at home."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

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


def grouped(
    client: FlaskClient, what: str, values: list[float | None], fill: str = "none", tail: str = ""
) -> list[list[object]]:
    """Rows of an answer by ten minutes over readings ten minutes apart; times count from the first."""
    start = AT // 600 * 600 - 6000
    body = "\n".join(f"m,point=hq.power value={v} {start + 600 * n}" for n, v in enumerate(values) if v is not None)
    client.post("/api/v2/write?bucket=hq&precision=s", data=body)
    bounds = f"time >= {start}s AND time < {start + 600 * len(values)}s"
    text = f"SELECT {what} FROM sensor_readings WHERE {bounds} GROUP BY time(10m) fill({fill}) {tail}"
    found = ask(client, text, epoch="s")
    return [[row[0] - start, *row[1:]] for row in found[0]["values"]] if found else []


@pytest.mark.parametrize(("what", "fill", "rows"), [
    ("mean(value) * 1000 / 4 - 1", "none", [[0, 249], [600, 749], [1800, 499]]),
    ("first(value), spread(value)", "none", [[0, 1, 0], [600, 3, 0], [1800, 2, 0]]),
    ("derivative(mean(value), 1s)", "none", [[600, 2 / 600], [1800, -1 / 1200]]),
    ("derivative(mean(value))", "null", [[600, 2], [1800, -0.5]]),
    ("non_negative_derivative(last(value), 1m) * -1", "none", [[600, -0.2]]),
    ("difference(mean(value))", "null", [[600, 2], [1800, -1]]),
    ("non_negative_difference(mean(value))", "none", [[600, 2]]),
    ("cumulative_sum(sum(value))", "none", [[0, 1], [600, 4], [1800, 6]]),
    ("moving_average(mean(value), 2)", "none", [[600, 2], [1800, 2.5]]),
    ("mean(value), difference(mean(value)) AS step", "none", [[0, 1, None], [600, 3, 2], [1800, 2, -1]]),
])  # fmt: skip
def test_what_grafana_makes_of_rows(client: FlaskClient, what: str, fill: str, rows: list[list[float]]) -> None:
    found = grouped(client, what, [1, 3, None, 2], fill)
    assert found == [
        [time, *(value if value is None else pytest.approx(value) for value in row)] for time, *row in rows
    ]


@pytest.mark.parametrize("what", [
    "mean(value) + mean(value)", "mean(value) + 1 * 2", "mean(value) / 0", "derivative(value, 1s)", "moving_average(mean(value))",
    "moving_average(mean(value), 1)", "derivative(derivative(mean(value)))", "integral(value)", "mean(value) * 'x'",
])  # fmt: skip
def test_what_cannot_be_reckoned_is_refused(filled: FlaskClient, what: str) -> None:
    query = f"SELECT {what} FROM sensor_readings WHERE time > now() - 1h GROUP BY time(10m)"
    answer = filled.get("/query", query_string={"q": query, "db": "hq"})
    assert (answer.status_code, bool(answer.get_json()["error"])) == (400, True)


def test_readings_are_multiplied_as_asked(filled: FlaskClient) -> None:
    (series,) = ask(filled, "SELECT value * 10, unit FROM sensor_readings WHERE point = 'hq.t1' AND time > now() - 6h")
    assert [row[1:] for row in series["values"]] == [[210.0, "degC"]]


def test_days_begin_by_the_clock_that_is_asked_for(ondol: Installation, client: FlaskClient) -> None:
    """A day of Seoul begins at 15:00 UTC; one of Berlin has 25 hours when clocks are set back."""
    hours = [datetime(2026, 10, 24, tzinfo=UTC) + timedelta(hours=n) for n in range(72)]
    body = "\n".join(f"m,point=hq.power value=1 {int(time.timestamp())}" for time in hours)
    client.post("/api/v2/write?bucket=hq&precision=s", data=body)

    def counts(zone: str, step: str = "1d") -> dict[str, int]:
        bounds = "time >= '2026-10-24T00:00:00Z' AND time < '2026-10-27T00:00:00Z'"
        text = f"SELECT count(value) FROM sensor_readings WHERE {bounds} GROUP BY time({step}) fill(0) {zone}"
        (series,) = ask(client, text)
        return {row[0]: row[1] for row in series["values"]}

    assert counts("") == {f"2026-10-{day}T00:00:00Z": 24 for day in (24, 25, 26)}
    assert counts("tz('Asia/Seoul')") == {
        "2026-10-23T15:00:00Z": 15, "2026-10-24T15:00:00Z": 24, "2026-10-25T15:00:00Z": 24, "2026-10-26T15:00:00Z": 9,
    }  # fmt: skip
    assert counts("tz('Europe/Berlin')") == {
        "2026-10-23T22:00:00Z": 22, "2026-10-24T22:00:00Z": 25, "2026-10-25T23:00:00Z": 24, "2026-10-26T23:00:00Z": 1,
    }  # fmt: skip
    by_hour = counts("tz('Asia/Kolkata')", "1h")
    assert (sum(by_hour.values()), {time[-6:] for time in by_hour}) == (72, {"30:00Z"})
    refused = client.get("/query", query_string={"q": "SELECT value FROM sensor_readings tz('Mars/Base')", "db": "hq"})
    assert "time zone Mars/Base" in refused.get_json()["error"]
