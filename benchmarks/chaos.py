"""Servers and Ondol's processes are killed under load; then every acknowledged reading is counted.

    python -m benchmarks.chaos [kills of each]

Four clients write 20,000 values a second. Each keeps sending a body until it is acknowledged, as a collector does.
"""

import http.client
import json
import multiprocessing
import random
import sys
import threading
import time

import psutil
from tests.running import RunningServer
from tests.servers import InfluxDB, Server

from benchmarks.influxdb import POINTS, stage_one

CLIENTS, VALUES, REQUESTS_A_SECOND = 4, 1000, 5
BACK_WITHIN_S = 10
SEED = 7


def client(number: int, port: int, token: str, start_s: int, stop, results) -> None:
    """Write a second of 1,000 values, 10 of each point, five times a second; note what was acknowledged and when."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    acknowledged, refused, n, moments = 0, 0, 0, []
    begun = time.monotonic()
    while not stop.is_set():
        body = "\n".join(
            f"sensor_readings,point=hq.p{point} value={n + point / 100} {start_s * 1000 + n * 1000 + part * 100 + number}"
            for point in range(POINTS)
            for part in range(VALUES // POINTS)
        )
        while True:
            try:
                connection.request("POST", "/api/v2/write?precision=ms", body, {"Authorization": f"Token {token}"})
                answer = connection.getresponse()
                answer.read()
                if answer.status == 204:
                    break
                refused += 1
            except (OSError, http.client.HTTPException):
                connection.close()
                refused += 1
            if stop.is_set():
                results.put((acknowledged, refused, moments))
                return
            time.sleep(0.05)
        acknowledged += VALUES
        moments.append(time.time())
        n += 1
        time.sleep(max(begun + n / REQUESTS_A_SECOND - time.monotonic(), 0))
    results.put((acknowledged, refused, moments))


def kill_and_return(victim: str, servers: dict[str, Server], ondol: RunningServer, chance: random.Random) -> None:
    """One random blow, and the return."""
    if victim == "ondol":
        while not (serving := psutil.Process(ondol.process.pid).children()):
            time.sleep(0.05)
        chance.choice(serving).kill()
    else:
        servers[victim].kill()
        time.sleep(chance.uniform(0.1, 1.5))
        servers[victim].start()


def main(kills: int) -> int:
    chance, context = random.Random(SEED), multiprocessing.get_context("spawn")
    with stage_one() as (ondol, token, influxdb):
        servers = ondol.stores
        stop, results = context.Event(), context.Queue()
        start_s = int(time.time()) - 80_000
        clients = [
            context.Process(target=client, args=(n, ondol.port, token, start_s, stop, results)) for n in range(CLIENTS)
        ]
        for process in clients:
            process.start()
        blows = [victim for victim in ("influxdb", "redis", "postgresql", "ondol") for _ in range(kills)]
        chance.shuffle(blows)
        returns: list[tuple[str, float]] = []
        time.sleep(3)
        for victim in blows:
            kill_and_return(victim, servers, ondol, chance)
            returns.append((victim, time.time()))
            time.sleep(chance.uniform(0.2, 2))
        time.sleep(BACK_WITHIN_S)
        stop.set()
        parts = [results.get(timeout=60) for _ in clients]
        acknowledged, refused = sum(part[0] for part in parts), sum(part[1] for part in parts)
        moments = sorted(moment for part in parts for moment in part[2])
        back_s = {v: max(_wait(moments, at) for name, at in returns if name == v) for v in set(blows)}
        stored = _settled_count(influxdb, acknowledged)
    report = {
        "kills_of_each": kills, "acknowledged": acknowledged, "stored": stored, "refused_requests": refused,
        "longest_until_served_after_return_s": {name: round(value, 2) for name, value in back_s.items()},
    }  # fmt: skip
    print(json.dumps(report, indent=2))
    # A body whose acknowledgement was lost on its way is stored too: never fewer, never twice.
    is_well = acknowledged <= stored <= acknowledged + CLIENTS * VALUES and max(back_s.values()) <= BACK_WITHIN_S
    print("every acknowledged reading is stored once" if is_well else "FAILED")
    return 0 if is_well else 1


def _wait(moments: list[float], at: float) -> float:
    return next((moment - at for moment in moments if moment >= at), float("inf"))


def _settled_count(influxdb: InfluxDB, expected: int) -> int:
    """Readings in InfluxDB once the spool is drained, or after ten seconds."""
    deadline = time.monotonic() + BACK_WITHIN_S
    while True:
        (series,) = influxdb.query('SELECT count(value) FROM "energy_data".."sensor_readings"')["series"]
        count = series["values"][0][1]
        if count >= expected or time.monotonic() > deadline:
            return count
        threading.Event().wait(0.2)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 25))
