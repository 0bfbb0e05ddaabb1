"""`kill -9` under ingest: what was acknowledged is there after the restart, once."""

import threading
from pathlib import Path

import httpx
import pytest
from tests.running import RunningServer

from ondol.stores.timeseries.duckdb import DuckDBTimeSeries

KILLS = 20
WRITERS = 3
T0_S = 1_768_435_200


class Writer(threading.Thread):
    """Writes numbered readings of its own point until it is stopped, and remembers which were acknowledged."""

    def __init__(self, url: str, token: str, number: int) -> None:
        super().__init__(daemon=True)
        self.acknowledged: set[int] = set()
        self.sent = 0
        self._url, self._number, self._stopping = f"{url}/api/v2/write?precision=s&bucket=b", number, threading.Event()
        self._headers = {"Authorization": f"Token {token}"}
        self.twenty_more = threading.Event()

    def run(self) -> None:
        with httpx.Client(trust_env=False, timeout=10) as client:
            while not self._stopping.is_set():
                numbers = range(self.sent, self.sent + 1 + self.sent % 50)
                lines = "\n".join(f"temperature,point=b.w{self._number} value={n} {T0_S + n}" for n in numbers)
                try:
                    answer = client.post(self._url, content=lines, headers=self._headers)
                except httpx.HTTPError:
                    self._stopping.wait(0.02)
                    continue
                if answer.status_code == 204:
                    self.acknowledged.update(numbers)
                    if len(self.acknowledged) % 20 < 5:
                        self.twenty_more.set()
                self.sent = numbers.stop

    def stop(self) -> None:
        self._stopping.set()
        self.join(30)


@pytest.mark.crash
@pytest.mark.timeout(600)
@pytest.mark.parametrize("only_parent", [False, True])
def test_every_acknowledged_reading_survives_and_stands_once(tmp_path: Path, only_parent: bool):
    kills = KILLS if not only_parent else 3
    with RunningServer(tmp_path / "home", raw_retention_days="36500", aggregate_every_s="0.2") as server:
        token = server.token("read", "write")
        headers = {"Authorization": f"Bearer {token}"}
        new = httpx.post(
            f"{server.url}/api/v1/buildings", json={"key": "b", "name": "B"}, headers=headers, trust_env=False
        )
        new.raise_for_status()
        writers = [Writer(server.url, token, n) for n in range(WRITERS)]
        for writer in writers:
            writer.start()
        for blow in range(kills):
            if blow % 3 == 1:
                server.stop()
                server.start()
            for writer in writers:
                writer.twenty_more.clear()
                assert writer.twenty_more.wait(60), "the writer gets no acknowledgements"
            server.kill(only_parent=only_parent)
            server.start()
        for writer in writers:
            writer.stop()
    store = DuckDBTimeSeries(tmp_path / "home" / "readings.duckdb")
    try:
        found = store.read(range(1, WRITERS + 1), 0, 1 << 60)
        assert found.select("point_id", "time_us").is_duplicated().sum() == 0
        stored = [set(rows["value"].cast(int)) for _, rows in sorted(found.group_by("point_id"))]
        # Points were registered in the order in which the writers came through.
        for writer in writers:
            assert any(writer.acknowledged <= values and max(values) < writer.sent + 50 for values in stored)
            assert len(writer.acknowledged) > 20 * kills
    finally:
        store.close()
