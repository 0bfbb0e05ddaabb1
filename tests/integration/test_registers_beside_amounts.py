"""A register and the amounts that it gained, in one file: their days agree, or are flagged."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from tests.making import make_building, series_of

from ondol.common.access import SYSTEM
from ondol.history import Resolution
from ondol.imports import read_file
from ondol.imports.model import ImportOptions, ParsedFile
from ondol.installation import Installation

ZONE = ZoneInfo("Europe/Madrid")


@pytest.mark.parametrize("block", ["A", "B", "C"])
def test_days_of_the_measured_blocks_agree_or_are_flagged(
    open_ondol: Callable[..., Installation], measured_data: Path, block: str
) -> None:
    ondol = open_ondol(timeseries_url="memory://")
    make_building(ondol, "pleia", timezone=ZONE.key)
    name = f"cons{block}-60T.csv"
    found = ondol.imports.import_file(SYSTEM, "pleia", name, measured_data / "pleia" / name, {})
    assert any("stand at the end of each row's interval" in note for note in found.notes)
    # The register's first hour lies before its first stand.
    start, end = datetime(2021, 1, 2, tzinfo=ZONE), datetime(2022, 1, 1, tzinfo=ZONE)
    amounts, stands = (
        series_of(ondol, f"pleia.{quantity}.{block.lower()}", start, end, Resolution.DAY)
        for quantity in ("electricity", "electricity_register")
    )
    rows = [
        row for row in zip(amounts.values, stands.values, amounts.quality, stands.quality, strict=True)
        if row[0] is not None and row[1] is not None
    ]  # fmt: skip
    apart = [row for row in rows if row[0] != pytest.approx(row[1], rel=1e-3)]
    assert len(rows) - len(apart) > 330
    assert all(amount_flags and stand_flags for _, _, amount_flags, stand_flags in apart)


def read(text: str) -> ParsedFile:
    return read_file(text.encode(), "meter.csv", ImportOptions(timezone="UTC"), "hall")


def rows(shift: int, wrong: int | None = None) -> str:
    """Stands and amounts by the hour; `shift` 0: the amount of a row ends at its stand, 1: it begins there."""
    amounts = [1 + n * 7 % 5 / 4 for n in range(60)]
    stands = [1000 + sum(amounts[: n + 1 - shift]) for n in range(60)]
    if wrong is not None:
        amounts[wrong] += 1
    lines = (f"2025-03-{1 + n // 24:02}T{n % 24:02}:00Z,{stands[n]},{amounts[n]}" for n in range(60))
    return "time,register (kWh),usage (kWh)\n" + "\n".join(lines) + "\n"


def starts(parsed: ParsedFile) -> dict[str, int]:
    return {spec.column: parsed.frame.filter(series=n)["time_us"].min() for n, spec in enumerate(parsed.series)}  # type: ignore[misc]


def test_stands_go_where_the_amounts_end() -> None:
    parsed = read(rows(0))
    first = starts(parsed)
    assert first["register (kWh)"] - first["usage (kWh)"] == 3_600_000_000
    assert any("end of each row's interval" in note for note in parsed.notes)


def test_stands_of_the_beginning_stay() -> None:
    parsed = read(rows(1))
    first = starts(parsed)
    assert first["register (kWh)"] == first["usage (kWh)"]
    assert not any("end of each row's interval" in note for note in parsed.notes)


def test_a_row_in_which_the_two_differ_is_flagged_in_both() -> None:
    parsed = read(rows(0, wrong=30))
    assert parsed.frame.filter(parsed.frame["quality"] != 0)["line"].to_list() == [32, 32]
    assert any("differ in 1 rows" in note for note in parsed.notes)
