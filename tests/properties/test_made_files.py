"""Two thousand files made from known truth: each import gives the truth or refuses with a reason; none is wrong and silent."""

from collections import Counter
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from tests.made_files import LAYOUTS, MadeFile, made

from ondol.common.errors import InvalidInput
from ondol.history.rules.usage import usage_spans
from ondol.imports.amounts import converted, intervals_of_readings, month_totals, point_of
from ondol.imports.files import read_file
from ondol.imports.model import ImportOptions
from ondol.sites.model import Building

FILES, PARTS = 2_000, 8
MOST_REFUSED = 0.15
"""Not every file can be known; a reader that refuses all would be right and of no use."""


def understood(file: MadeFile) -> dict[str, float] | str:
    """The building's electricity by local day or month as the import would store it, or why it is refused."""
    building = Building(1, "hall", "hall", "", file.timezone)
    try:
        parsed = read_file(file.data, file.name, ImportOptions(timezone=file.timezone), building.key)
    except InvalidInput as refusal:
        return str(refusal)
    sums: dict[str, float] = {}
    if not any(spec.quantity == "electricity" for spec in parsed.series):
        return next(note for note in parsed.notes if note.startswith("Left out, quantity unknown"))
    for number, spec in enumerate(parsed.series):
        if spec.question:
            return spec.question
        point = point_of(spec)
        if spec.quantity != "electricity" or not point.is_main_meter:
            continue
        readings = converted(parsed.frame.filter(pl.col("series") == number), spec, point)
        intervals = intervals_of_readings(point, readings, spec, building)
        if file.by_month:
            found = {month.month: month.value for month in month_totals(point, intervals, building)}
        else:
            found = _by_day(usage_spans(intervals, {0: point}), file.timezone)
        for day, value in found.items():
            sums[day] = sums.get(day, 0.0) + value
    return sums


def _by_day(spans: pl.DataFrame, timezone: str) -> dict[str, float]:
    local = pl.from_epoch("start").dt.replace_time_zone("UTC").dt.convert_time_zone(timezone)
    days = spans.group_by(local.dt.strftime("%Y-%m-%d").alias("day")).agg(pl.col("usage").sum())
    return dict(days.iter_rows())


def difference(file: MadeFile, found: dict[str, float]) -> str | None:
    """What is wrong, or None. The last step of a counter that ends before the day does is not in the file."""
    assert ZoneInfo(file.timezone)
    for day, true in file.truth.items():
        got = found.get(day, 0.0)
        step = 0.12 * true if "daily counter" in file.label else 0.0
        if abs(got - true) > max(0.002 * true, 1e-3) + step:
            return f"{day}: {got:.3f} instead of {true:.3f} kWh"
    extra = sum(value for day, value in found.items() if day not in file.truth)
    return f"{extra:.3f} kWh on other days" if abs(extra) > 1e-3 else None


@pytest.mark.parametrize("part", range(PARTS))
def test_a_made_file_is_understood_or_refused(part: int) -> None:
    wrong: list[str] = []
    refused: Counter[str] = Counter()
    for seed in range(part, FILES, PARTS):
        file = made(seed)
        found = understood(file)
        if isinstance(found, str):
            assert len(found) > 20, file.label
            refused[file.label.split(maxsplit=1)[1]] += 1
        elif (what := difference(file, found)) is not None:
            wrong.append(f"{file.label}: {what}")
    assert wrong == []
    assert refused.total() <= MOST_REFUSED * FILES / PARTS, refused


def test_every_layout_is_made() -> None:
    labels = [made(seed).label for seed in range(200)]
    assert all(any(f" {layout}" in label for label in labels) for layout in LAYOUTS)
