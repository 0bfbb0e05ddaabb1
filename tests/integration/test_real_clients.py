"""Real clients of InfluxDB write to a running Ondol and read back what they wrote; requests of devices are replayed as they were."""

import gzip
import importlib.util
import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from tests.running import RunningServer, run_ondol

FRONTEND = Path(__file__).parents[2] / "frontend"
AT = int(time.time()) // 60 * 60 - 600


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    home = tmp_path_factory.mktemp("clients")
    assert run_ondol(home, "building", "create", "hq", "--name", "hq", "--timezone", "UTC").returncode == 0
    with RunningServer(home) as running:
        yield running


@pytest.fixture(scope="module")
def token(server: RunningServer) -> str:
    return server.token("read", "write")


def asked(server: RunningServer, token: str, text: str) -> list[dict[str, Any]]:
    answer = httpx.get(
        f"{server.url}/query", params={"db": "hq", "q": text, "epoch": "s"}, headers={"Authorization": f"Token {token}"}
    )
    assert answer.status_code == 200, answer.text
    return answer.json()["results"][0].get("series", [])


def read_back(server: RunningServer, token: str, point: str) -> list[list[Any]]:
    found = asked(server, token, f"SELECT value FROM sensor_readings WHERE point = '{point}'")
    return found[0]["values"] if found else []


def test_influxdb_client_of_2x(server: RunningServer, token: str) -> None:
    import influxdb_client
    from influxdb_client.client.write_api import SYNCHRONOUS

    with influxdb_client.InfluxDBClient(url=server.url, token=token, org="ondol") as client:
        assert client.ping()
        point = influxdb_client.Point("m").tag("point", "hq.two.temperature").field("value", 21.5).time(AT, "s")
        with client.write_api(write_options=SYNCHRONOUS) as writing:
            writing.write("hq", record=point)
            with pytest.raises(influxdb_client.rest.ApiException) as refused:
                writing.write("hq", record=f"m,point=hq.two.temperature value=21 {AT}")
    assert refused.value.status == 400
    assert "precision=s" in json.loads(refused.value.body)["message"]
    assert read_back(server, token, "hq.two.temperature") == [[AT, 21.5]]


def test_influxdb_client_of_1x_writes_and_reads(server: RunningServer, token: str) -> None:
    import influxdb

    address = urlsplit(server.url)
    client = influxdb.InfluxDBClient(address.hostname, address.port, "any", token, "hq")
    assert client.ping()
    client.create_database("hq")
    assert {"name": "hq"} in client.get_list_database()
    points = [
        {
            "measurement": "m",
            "tags": {"point": "hq.one.temperature"},
            "time": AT + n * 60,
            "fields": {"value": 20.0 + n},
        }
        for n in range(3)
    ]
    assert client.write_points(points, time_precision="s")
    assert client.get_list_measurements() == [{"name": "sensor_readings"}]
    rows = list(
        client.query("SELECT value FROM sensor_readings WHERE point = 'hq.one.temperature'", epoch="s").get_points()
    )
    assert rows == [{"time": AT + n * 60, "value": 20.0 + n} for n in range(3)]
    text = f"SELECT mean(value) FROM sensor_readings WHERE point = 'hq.one.temperature' AND time >= {AT}s AND time < {AT + 180}s"
    assert next(client.query(text).get_points())["mean"] == 21.0
    with pytest.raises(influxdb.exceptions.InfluxDBClientError, match="not a finite number"):
        client.write(["m,point=hq.one.temperature value=x"], {"db": "hq"}, protocol="line")


def test_influxdb3_python_writes(server: RunningServer, token: str) -> None:
    import influxdb_client_3 as influxdb3

    options = influxdb3.write_client_options(write_options=influxdb3.SYNCHRONOUS)
    with influxdb3.InfluxDBClient3(
        host=server.url, token=token, database="hq", org="ondol", write_client_options=options
    ) as client:
        client.write(influxdb3.Point("m").tag("point", "hq.three.temperature").field("value", 23.5).time(AT, "s"))
    assert read_back(server, token, "hq.three.temperature") == [[AT, 23.5]]


# As they were sent


def test_telegraf(server: RunningServer, token: str) -> None:
    body = f"mqtt_consumer,host=gw,topic=tele/plug/SENSOR ENERGY_Total=12.5,ENERGY_Power=60i,ENERGY_Voltage=230i {AT}000000000\n"
    answer = httpx.post(
        f"{server.url}/api/v2/write?bucket=hq&org=ondol", content=gzip.compress(body.encode()),
        headers={"Authorization": f"Token {token}", "Content-Encoding": "gzip", "Content-Type": "text/plain; charset=utf-8", "User-Agent": "Telegraf/1.39.0"},  # noqa: E501
    )  # fmt: skip
    assert (answer.status_code, answer.content) == (204, b"")
    found = asked(server, token, "SELECT last(value) FROM sensor_readings WHERE point =~ /plug/ GROUP BY sensor_type")
    assert {one["tags"]["sensor_type"] for one in found} == {"electricity", "voltage"}


def test_tasmota(server: RunningServer, token: str) -> None:
    """Its InfluxDB driver: no stamps, a line for each value."""
    body = "voltage,device=plug2,sensor=energy,id=0 value=231\npower,device=plug2,sensor=energy,id=0 value=45\n"
    answer = httpx.post(
        f"{server.url}/api/v2/write?org=ondol&bucket=hq", content=body, headers={"Authorization": f"Token {token}"}
    )
    assert answer.status_code == 204
    units = {
        one["values"][0][1]
        for one in asked(server, token, "SELECT last(value) FROM sensor_readings WHERE point =~ /plug2/ GROUP BY point")
    }
    assert units == {231.0, 45.0}


def test_esphome(server: RunningServer, token: str) -> None:
    body = 'esphome,point=hq.esp.power value=60.5,unit="W"'
    answer = httpx.post(
        f"{server.url}/api/v2/write?bucket=hq",
        content=body,
        headers={"Authorization": f"Token {token}", "User-Agent": "ESPHome"},
    )
    assert answer.status_code == 204
    assert [row[1] for row in read_back(server, token, "hq.esp.power")] == [60.5]


def test_home_assistant(server: RunningServer, token: str) -> None:
    """Its integration writes through influxdb-client in nanoseconds, after it has asked for the buckets with a write of its own."""
    attributes = 'device_class_str="energy",state_class_str="total_increasing",friendly_name_str="Main Energy"'
    body = f"kWh,domain=sensor,entity_id=main_energy value=1000.5,{attributes} {AT}000000000"
    answer = httpx.post(
        f"{server.url}/api/v2/write?bucket=hq&org=ondol&precision=ns",
        content=body,
        headers={"Authorization": f"Token {token}"},
    )
    assert answer.status_code == 204
    assert read_back(server, token, "hq.main_energy") == [[AT, 1000.5]]


@pytest.fixture(scope="module")
def node() -> ModuleType:
    """frontend/node.py, with the locked packages installed."""
    found = importlib.util.spec_from_file_location("node", FRONTEND / "node.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    module.install_packages()
    return module


def test_the_clients_for_node_write_and_read(server: RunningServer, token: str, node: ModuleType) -> None:
    script = Path(__file__).with_name("influxdb_clients.mjs")
    done = subprocess.run(
        node.command(str(script), server.url, token, str(AT)), cwd=FRONTEND, capture_output=True, text=True,
        encoding="utf-8", check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert "hq" in told["names"]
    assert told["rows"] == [[AT, 20.5]]
    assert told["refused2"].startswith("400")
    assert "not a finite number" in told["refused2"]
    assert "1970" in told["refused1"] or "precision" in told["refused1"]
    assert read_back(server, token, "hq.node2.temperature") == [[AT, 21.5]]
