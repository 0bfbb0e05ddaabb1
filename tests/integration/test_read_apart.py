"""A file that takes too much ends the process that reads it, and nothing else."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest
from tests.running import RunningServer

from ondol.common.errors import InvalidInput
from ondol.imports.files import read_file
from ondol.imports.model import ImportOptions
from ondol.imports.read_apart import KEPT_MB, ApartReader

PLAIN = b"time,kWh\n2026-01-01 00:00,1\n2026-01-01 01:00,2\n"


def wide(rows: int) -> bytes:
    """A file of fifty columns."""
    header = ",".join(["time", *(f"kWh{n}" for n in range(50))])
    row = ",1.5" * 50
    return "\n".join(
        [header, *(f"2026-01-{1 + n // 1440:02} {n // 60 % 24:02}:{n % 60:02}{row}" for n in range(rows))]
    ).encode()


@pytest.fixture
def reader() -> Iterator[ApartReader]:
    reader = ApartReader(most_mb=500, most_seconds=60)
    yield reader
    reader.close()


def test_what_is_read_apart_is_what_is_read_here(reader: ApartReader) -> None:
    apart, here = (read(PLAIN, "electricity.csv", ImportOptions(), "hq") for read in (reader, read_file))
    assert apart.frame.equals(here.frame)
    assert (apart.series, apart.notes, apart.rows_read) == (here.series, here.notes, here.rows_read)


def test_a_bad_file_is_told_in_the_same_words(reader: ApartReader) -> None:
    said: list[str] = []
    for read in (reader, read_file):
        with pytest.raises(InvalidInput) as refused:
            read(b"no,table\n", "a.csv", ImportOptions(), "hq")
        said.append(str(refused.value))
    assert said[0] == said[1]


def test_a_file_that_takes_too_much_memory_is_refused_and_the_next_is_read(reader: ApartReader) -> None:
    with pytest.raises(InvalidInput, match="500 MB of memory"):
        reader(wide(100_000), "wide.csv", ImportOptions(), "hq")
    assert reader(PLAIN, "electricity.csv", ImportOptions(), "hq").rows_read == 2


def test_a_file_that_takes_too_long_is_refused() -> None:
    reader = ApartReader(most_seconds=0.2)
    with pytest.raises(InvalidInput, match=r"0[.]2 seconds"):
        reader(wide(20_000), "wide.csv", ImportOptions(), "hq")
    reader.close()


def test_a_server_reads_files_apart_and_goes_on(tmp_path: Path) -> None:
    with RunningServer(tmp_path / "home") as server:
        headers = {"Authorization": f"Bearer {server.token('read', 'write')}"}
        with httpx.Client(base_url=server.url, headers=headers, trust_env=False, timeout=60) as client:
            for name, content, status in (("a.csv", PLAIN, 200), ("b.csv", b"\xff\xfe\0", 400), ("c.csv", PLAIN, 200)):
                answer = client.post(f"/api/v1/imports?building=hq&name={name}&quantity=electricity", content=content)
                assert answer.status_code == status, answer.text
            assert client.get("/api/v1/points").json()["items"]


def test_a_process_that_grew_gives_its_memory_back(reader: ApartReader) -> None:
    reader(PLAIN, "small.csv", ImportOptions(), "hq")
    (kept,) = readers()
    reader(PLAIN, "small.csv", ImportOptions(), "hq")
    assert readers() == [kept], "a small file needs no new process"
    reader(wide(12_000), "wide.csv", ImportOptions(), "hq")
    reader(PLAIN, "small.csv", ImportOptions(), "hq")
    (new,) = readers()
    assert new != kept
    assert new.memory_info().rss < KEPT_MB * 2**20


def readers() -> list[psutil.Process]:
    return [it for it in psutil.Process().children() if "read_apart" in " ".join(it.cmdline())]
