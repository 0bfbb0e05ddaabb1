"""Flow 3 of the guide: how much a building used, from the main meters of a quantity."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import orjson
import polars as pl

from ondol.common.access import Access
from ondol.common.calendar import is_midnight
from ondol.common.errors import InvalidInput, NotFound
from ondol.common.frames import with_schema
from ondol.common.instants import epoch_s
from ondol.common.results import Results
from ondol.history.ports import HistoryRecords
from ondol.history.rules.intervals import Resolution, calendar_edges
from ondol.history.rules.usage import USAGE_BINS, usage_by_bin
from ondol.sites.model import Building, Point, main_meters
from ondol.sites.ports import SiteRecords
from ondol.sites.reach import reach_building, reach_points

MOST_INTERVALS = 40_000


@dataclass(frozen=True, slots=True)
class UsageInterval:
    """Usage in start <= t < end; None when nothing is known. `measured_share` (0..1) is the part that was measured."""

    start: datetime
    end: datetime
    value: float | None
    measured_share: float
    quality: int


@dataclass(frozen=True, slots=True)
class Usage:
    """Usage of a building by interval; `total` adds up the intervals. `unit` is `kWh` or `m3`; `points` are the keys of the meters
    that it is the sum of."""

    building: Building
    quantity: str
    unit: str
    interval: Resolution
    total: float
    intervals: list[UsageInterval]
    points: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageQuestion:
    """Usage of a building between two instants, by quarter-hour, hour, local day or month. The ends cut the outer intervals."""

    building_key: str
    quantity: str
    start: datetime
    end: datetime
    interval: Resolution


def look_up_usage(
    access: Access, asked: UsageQuestion, *, sites: SiteRecords, history: HistoryRecords, results: Results
) -> Usage:
    """What was used: of the whole building, or for a tenant of the own spaces.

    Raises NotFound when they have no main meter of the quantity, InvalidInput on a wrong range or resolution.
    """
    building = reach_building(access, asked.building_key, sites)
    return usage_in_reach(access, building, asked, sites=sites, history=history, results=results)


def usage_in_reach(
    access: Access, building: Building, asked: UsageQuestion, *, sites: SiteRecords, history: HistoryRecords,
    results: Results,
) -> Usage:  # fmt: skip
    """See `look_up_usage`, of a building that was reached already."""
    if asked.end <= asked.start:
        raise InvalidInput("the end must lie after the start; swap them or choose a longer range")
    if asked.interval in (Resolution.RAW, Resolution.MINUTE):
        raise InvalidInput("usage comes by 15m, 1h, 1d or 1mo; ask a point's series for anything finer")

    def compute() -> bytes:
        meters = main_meters(reach_points(access, building.key, sites), asked.quantity)
        return _packed(_compute(building, meters, asked, history))

    question = (
        f"{asked.quantity}:{asked.start.isoformat()}:{asked.end.isoformat()}:{asked.interval}{access.limits}:points"
    )
    return _unpacked(building, results.remember("usage", str(building.id), question, compute))


def _compute(building: Building, meters: list[Point], asked: UsageQuestion, history: HistoryRecords) -> Usage:
    unit = unit_of(building.key, meters, asked.quantity)
    start, end, interval = asked.start, asked.end, asked.interval
    start_s, end_s = epoch_s(start), epoch_s(end)
    if interval.seconds and (end_s - start_s) / interval.seconds > MOST_INTERVALS:
        raise InvalidInput(
            f"the range holds more than {MOST_INTERVALS} intervals; ask for a shorter one or a coarser interval"
        )
    edges = calendar_edges(start_s, end_s, interval, building.zone)
    by_id = {meter.id: meter for meter in meters}
    whole_days = interval.seconds is None and is_midnight(start, building.zone) and is_midnight(end, building.zone)
    if whole_days:
        bins = _from_days(by_id, building, start, end, edges, history)
    else:
        bins = usage_by_bin(history.read(list(by_id), start_s, end_s), by_id, edges)
    return _usage(building, asked.quantity, unit, interval, edges, bins, [meter.key for meter in meters])


def unit_of(building_key: str, meters: list[Point], quantity: str) -> str:
    """The unit that the meters count usage in. Raises NotFound when there are none, InvalidInput when they differ."""
    units = {str(meter.usage_unit) for meter in meters}
    if not units:
        raise NotFound(
            f"building {building_key!r} has no main meter of {quantity!r}; GET /api/v1/points lists what it has"
        )
    if len(units) > 1:
        raise InvalidInput(f"the main meters of {quantity!r} count in different units ({', '.join(sorted(units))})")
    return units.pop()


def _packed(usage: Usage) -> bytes:
    intervals = [
        (i.start.timestamp(), i.end.timestamp(), i.value, i.measured_share, i.quality) for i in usage.intervals
    ]
    return orjson.dumps([usage.quantity, usage.unit, usage.interval, usage.total, intervals, usage.points])


def _unpacked(building: Building, packed: bytes) -> Usage:
    quantity, unit, interval, total, rows, points = orjson.loads(packed)
    intervals = [
        UsageInterval(datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(end, UTC), value, share, quality)
        for start, end, value, share, quality in rows
    ]
    return Usage(building, quantity, unit, Resolution(interval), total, intervals, points)


def _from_days(
    meters: dict[int, Point],
    building: Building,
    start: datetime,
    end: datetime,
    edges: list[int],
    history: HistoryRecords,
) -> pl.DataFrame:
    zone = building.zone
    first, last = start.astimezone(zone).date(), (end - timedelta(seconds=1)).astimezone(zone).date()
    days = history.usage(list(meters), "day", first, last)
    noon = pl.col("period_start").cast(pl.Datetime("us")) + pl.duration(hours=12)
    noon_s = days.select(noon.dt.replace_time_zone(building.timezone).dt.epoch("s").alias("noon_s"))["noon_s"]
    bins = pl.Series("bin", edges, dtype=pl.Int64).search_sorted(noon_s, side="right") - 1
    return with_schema(days.with_columns(pl.Series("bin", bins)), USAGE_BINS)


def _usage(
    building: Building,
    quantity: str,
    unit: str,
    interval: Resolution,
    edges: list[int],
    bins: pl.DataFrame,
    meters: list[str],
) -> Usage:
    sums = bins.group_by("bin").agg(pl.col("usage").sum(), pl.col("measured_s").sum(), pl.col("quality").bitwise_or())
    known = {n: (usage, measured_s, quality) for n, usage, measured_s, quality in sums.iter_rows()}
    instants = [datetime.fromtimestamp(edge, UTC) for edge in edges]
    intervals: list[UsageInterval] = []
    for n in range(len(edges) - 1):
        usage, measured_s, quality = known.get(n, (None, 0.0, 0))
        share = min(measured_s / ((edges[n + 1] - edges[n]) * len(meters)), 1.0)
        intervals.append(UsageInterval(instants[n], instants[n + 1], usage, share, quality))
    total = sum(item.value for item in intervals if item.value is not None)
    return Usage(building, quantity, unit, interval, total, intervals, sorted(meters))
