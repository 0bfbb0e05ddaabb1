"""Mutated bodies over every format that strangers send: each is taken or refused in words, nothing else.

    python -m tests.fuzz [--bodies 1000000] [--seconds 1500] [--seed 1]

Not part of the test run: it reports how many bodies of each format it tried, and keeps what broke in `fuzz-failures/`.
"""

import argparse
import io
import multiprocessing
import random
import sys
import time
import traceback
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import openpyxl

from ondol.common.errors import InvalidInput
from ondol.imports.files import read_file
from ondol.imports.mapping import parse_mapping
from ondol.imports.model import ImportOptions
from ondol.readings.formats.json_readings import parse_json_readings
from ondol.readings.formats.line_protocol import parse_line_protocol

SHARES = {"lines": 0.70, "json": 0.235, "csv": 0.05, "yaml": 0.01, "xlsx": 0.005}
PROCESSES = 2
FAILURES = Path("fuzz-failures")
FIRST, HOUR = datetime(2026, 1, 1), timedelta(hours=1)
NOW_US = 1_768_473_000_000_000

LINES = [
    b'm,point=hq.a,floor=3 value=23.5,unit="kWh",ok=t 1768473000000000000\nm v=1i\nm\\ x,a\\,b=c\\=d e="f \\" g\nh",i=2u 1768473000\n',
    b"sensor_readings,building_id=b,sensor_type=temperature,floor=3,room=r value=23.5 1768473000000000000\n# c\n\n",
    "전력,point=본관.전력 value=1e3,값=-0.5 1768473000\r\n".encode() * 3,
]
JSON = [
    b'{"readings": [{"point": "hq.a", "time": "2026-01-15T10:30:00+09:00", "value": 23.5, "unit": "kWh"}, {"point": "b", "time": "x"}]}',
    b'{"columns": [{"point": "hq.a", "times": ["2026-01-15T10:30:00Z", "2026-01-15T10:31:00Z"], "values": [1, 2.5]}]}',
]
CSV = [
    'time,kWh,Temperature (°C)\n2026-01-01 00:00,1.5,20\n2026-01-01 01:00,2.5,\n2026-01-01 24:00,"1,5",x\n'.encode(),
    "계량일시;사용전력량(kWh);비고\n2026년 1월 1일 오후 3시;1.234,5;\n2026년 1월 1일 오후 4시;2;합계\n".encode("cp949"),
    "date\tvalue kWh\n20260101\t12\n20260102\t-3\n20260103\t1e9\n".encode("utf-16"),
    b"\xef\xbb\xbfPreamble\n\nDate,Start,kWh\n03/29/2026,1:00 AM,1\n03/29/2026,2:00 AM,2\n03/30/2026,12:00 PM,3\n",
]
YAML = [
    b"""- {file: "*.csv", point: p, quantity: electricity, unit: kWh, kind: register, stamp: start, zero_is_missing: true}
- file: "hall-*.csv"
  time: Timestamp
  timezone: Europe/London
  date_format: "%d/%m/%Y %H:%M"
  columns:
    Main kWh: {point: hall.electricity, quantity: electricity, unit: kWh, kind: interval}
"""
]
TOKENS = [
    b",", b"=", b" ", b"\n", b"\r", b'"', b"\\", b"\x00", b"\xff",
    b"\xef\xbb\xbf", b"1e999", b"-0", b"nan", b"9" * 25, b"[" * 50, b"{", b"}",
    b"]", b":", b"i", b"u", b"&a ", b"*a", b"!!python/object ", b"\xed\x95\x9c", b"2026-13-45", b"24:00", b"9999-12-31", b"0001-01-01",
    b"\xe2\x80\xae", b"=cmd|' /C'", b"<", b">", b";", b"\t", b"%s%n",
]  # fmt: skip


def mutated(chance: random.Random, seeds: list[bytes]) -> bytes:
    """A seed after one to eight changes."""
    body = bytearray(chance.choice(seeds))
    for _ in range(chance.choice((1, 1, 1, 2, 2, 3, 5, 8))):
        at = chance.randrange(len(body) + 1)
        match chance.randrange(7):
            case 0:
                body[at:at] = chance.choice(TOKENS)
            case 1:
                del body[at : at + chance.randint(1, 12)]
            case 2 if body:
                body[at % len(body)] ^= 1 << chance.randrange(8)
            case 3:
                body[at:at] = bytes(chance.randrange(256) for _ in range(chance.randint(1, 6)))
            case 4:
                other = chance.choice(seeds)
                body[at:] = other[chance.randrange(len(other)) :]
            case 5:
                piece = body[at : at + chance.randint(1, 40)]
                body[at:at] = piece * chance.randint(1, 5)
            case _:
                body[at : at + chance.randint(0, 4)] = chance.choice(TOKENS)
    return bytes(body)


def workbook() -> bytes:
    book = openpyxl.Workbook()
    for row in (["time", "kWh", "temp"], [FIRST, 1.5, 20], [FIRST + HOUR, 2, None], [FIRST + 2 * HOUR, "=B2+B3", True]):
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def mutated_workbook(chance: random.Random, seed: bytes) -> bytes:
    """One of its parts changed, or its bytes."""
    if chance.random() < 0.2:
        return mutated(chance, [seed])
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(seed)) as old, zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        changed = chance.choice([name for name in names if "sheet" in name or "styles" in name or "book" in name])
        for name in names:
            part = old.read(name)
            new.writestr(name, mutated(chance, [part]) if name == changed else part)
    return content.getvalue()


def take_file(name: str) -> Callable[[bytes], object]:
    options = ImportOptions(timezone="Asia/Seoul", quantity="electricity", unit="kWh")
    return lambda body: read_file(body, name, options, "hq")


TAKE: dict[str, Callable[[bytes], object]] = {
    "lines": lambda body: parse_line_protocol(body, "s", NOW_US),
    "json": parse_json_readings,
    "csv": take_file("meter.csv"),
    "xlsx": take_file("meter.xlsx"),
    "yaml": lambda body: parse_mapping(body.decode("utf-8", "replace"), "map.yaml"),
}
SEEDS = {"lines": LINES, "json": JSON, "csv": CSV, "yaml": YAML}


def fuzz(seed: int, bodies: int, until: float) -> tuple[dict[str, int], dict[str, int], int]:
    """Bodies tried and taken of each format, and how many broke something."""
    chance, book = random.Random(seed), workbook()
    tried, taken, broke = dict.fromkeys(SHARES, 0), dict.fromkeys(SHARES, 0), 0
    for _ in range(bodies):
        if time.monotonic() > until:
            break
        kind = chance.choices(list(SHARES), list(SHARES.values()))[0]
        body = mutated_workbook(chance, book) if kind == "xlsx" else mutated(chance, SEEDS[kind])
        tried[kind] += 1
        try:
            TAKE[kind](body)
            taken[kind] += 1
        except InvalidInput:
            pass
        except BaseException:
            broke += 1
            FAILURES.mkdir(exist_ok=True)
            (FAILURES / f"{seed}-{broke}.{kind}").write_bytes(body)
            (FAILURES / f"{seed}-{broke}.{kind}.txt").write_text(traceback.format_exc(), "utf-8")
    return tried, taken, broke


def main() -> int:
    """Report and say whether anything broke."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bodies", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=1500)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    until = time.monotonic() + asked.seconds
    with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool:
        jobs = [(asked.seed + n, asked.bodies // PROCESSES, until) for n in range(PROCESSES)]
        results = pool.starmap(fuzz, jobs)
    for kind in SHARES:
        print(f"{kind}: {sum(r[0][kind] for r in results):,} tried, {sum(r[1][kind] for r in results):,} taken")
    broke = sum(result[2] for result in results)
    print(f"{sum(sum(r[0].values()) for r in results):,} bodies, {broke} broke something, seed {asked.seed}")
    return 1 if broke else 0


if __name__ == "__main__":
    sys.exit(main())
