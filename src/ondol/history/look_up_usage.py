"""Flow 3 of the guide: how much a building used, from the main meters of a quantity."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import orjson
import polars as pl

from ondol.common.access import Access
from ondol.common.calendar import is_midnight
from ondol.common.errors import InvalidInput, NotFound
from ondol.common.frames import with_schema
from ondol.common.instants import epoch_s
from ondol.common.messages import said
from ondol.common.quality import Quality
from ondol.common.results import Results
from ondol.history.ports import HistoryRecords
from ondol.history.rules.gas import covers, kwh_per_m3
from ondol.history.rules.intervals import Resolution, calendar_edges
from ondol.history.rules.usage import USAGE_BINS, usage_by_bin
from ondol.sites.model import Building, CalorificValue, Point, main_meters
from ondol.sites.ports import SiteRecords
from ondol.sites.reach import reach_building, reach_points

MOST_INTERVALS = 40_000
ENOUGH_MEASURED = 0.95
"""Below this share an interval's usage is flagged as partial."""


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
    that it is the sum of, `kwh_per_m3` the calorific values that made kWh of volumes of gas."""

    building: Building
    quantity: str
    unit: str
    interval: Resolution
    total: float
    intervals: list[UsageInterval]
    points: list[str]
    kwh_per_m3: list[float] = field(default_factory=list[float])


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
        raise InvalidInput(said("the end must lie after the start; swap them or choose a longer range"))
    if asked.interval in (Resolution.RAW, Resolution.MINUTE):
        raise InvalidInput(said("usage comes by 15m, 1h, 1d or 1mo; ask a point's series for anything finer"))

    def compute() -> bytes:
        meters = main_meters(reach_points(access, building.key, sites), asked.quantity)
        values = _calorific_values(building, meters, asked, sites)
        return _packed(_compute(building, meters, values, asked, history))

    question = f"{asked.quantity}:{asked.start.isoformat()}:{asked.end.isoformat()}:{asked.interval}{access.limits}:2"
    return _unpacked(building, results.remember("usage", str(building.id), question, compute))


def _calorific_values(
    building: Building, meters: list[Point], asked: UsageQuestion, sites: SiteRecords
) -> list[CalorificValue]:
    """Those that make kWh of the volumes of gas, when there is one for the whole range; else volumes stay what they are."""
    if asked.quantity != "gas" or not any(meter.usage_unit == "m3" for meter in meters):
        return []
    values = sites.gas.calorific_values(building.id) or sites.gas.calorific_values(None)
    return values if covers(values, asked.start.astimezone(building.zone).date()) else []


def _compute(
    building: Building, meters: list[Point], values: list[CalorificValue], asked: UsageQuestion, history: HistoryRecords
) -> Usage:
    unit = "kWh" if values else unit_of(building.key, meters, asked.quantity)
    gas = _Gas([meter.id for meter in meters if meter.usage_unit == "m3"] if values else [], values)
    start, end, interval = asked.start, asked.end, asked.interval
    start_s, end_s = epoch_s(start), epoch_s(end)
    if interval.seconds and (end_s - start_s) / interval.seconds > MOST_INTERVALS:
        raise InvalidInput(
            said(
                "the range holds more than %(most_intervals)s intervals; ask for a shorter one or a coarser interval",
                most_intervals=MOST_INTERVALS,
            )
        )
    edges = calendar_edges(start_s, end_s, interval, building.zone)
    by_id = {meter.id: meter for meter in meters}
    whole_days = interval.seconds is None and is_midnight(start, building.zone) and is_midnight(end, building.zone)
    if whole_days:
        bins = _from_days(by_id, building, start, end, edges, history, gas)
    else:
        intervals = history.read(list(by_id), start_s, end_s)
        local = pl.from_epoch("start").dt.replace_time_zone("UTC").dt.convert_time_zone(building.timezone).dt.date()
        bins = usage_by_bin(_as_energy(intervals, "value", local, gas), by_id, edges)
    used = [value.kwh_per_m3 for value in values]
    found = _usage(building, asked.quantity, unit, interval, edges, bins, [meter.key for meter in meters])
    return replace(found, kwh_per_m3=used)


@dataclass(frozen=True, slots=True)
class _Gas:
    """Ids of the points that count volumes to be kWh, and what a cubic metre holds."""

    volumes: list[int]
    values: list[CalorificValue]


def _as_energy(frame: pl.DataFrame, column: str, day: pl.Expr, gas: _Gas) -> pl.DataFrame:
    """The frame with the volumes of gas of those points times what a cubic metre held on the day."""
    if not gas.volumes or frame.is_empty():
        return frame
    factor = kwh_per_m3(frame.select(day.alias("day"))["day"], gas.values)
    is_volume = pl.col("point_id").is_in(gas.volumes)
    return frame.with_columns(pl.when(is_volume).then(pl.col(column) * factor).otherwise(pl.col(column)).alias(column))


def unit_of(building_key: str, meters: list[Point], quantity: str) -> str:
    """The unit that the meters count usage in. Raises NotFound when there are none, InvalidInput when they differ."""
    units = {str(meter.usage_unit) for meter in meters}
    if not units:
        raise NotFound(
            said(
                "building %(building_key)s has no main meter of %(quantity)s; GET /api/v1/points lists what it has",
                building_key=repr(building_key),
                quantity=repr(quantity),
            )
        )
    if len(units) > 1:
        raise InvalidInput(
            said(
                "the main meters of %(quantity)s count in different units (%(units)s)",
                quantity=repr(quantity),
                units=", ".join(sorted(units)),
            )
        )
    return units.pop()


def _packed(usage: Usage) -> bytes:
    intervals = [
        (i.start.timestamp(), i.end.timestamp(), i.value, i.measured_share, i.quality) for i in usage.intervals
    ]
    return orjson.dumps(
        [usage.quantity, usage.unit, usage.interval, usage.total, intervals, usage.points, usage.kwh_per_m3]
    )


def _unpacked(building: Building, packed: bytes) -> Usage:
    quantity, unit, interval, total, rows, points, kwh_per_m3 = orjson.loads(packed)
    intervals = [
        UsageInterval(datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(end, UTC), value, share, quality)
        for start, end, value, share, quality in rows
    ]
    return Usage(building, quantity, unit, Resolution(interval), total, intervals, points, kwh_per_m3)


def _from_days(
    meters: dict[int, Point],
    building: Building,
    start: datetime,
    end: datetime,
    edges: list[int],
    history: HistoryRecords,
    gas: _Gas,
) -> pl.DataFrame:
    zone = building.zone
    first, last = start.astimezone(zone).date(), (end - timedelta(seconds=1)).astimezone(zone).date()
    days = history.usage(list(meters), "day", first, last)
    days = _as_energy(days, "usage", pl.col("period_start"), gas)
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
        quality |= int(Quality.PARTIAL) if usage is not None and share < ENOUGH_MEASURED else 0
        intervals.append(UsageInterval(instants[n], instants[n + 1], usage, share, quality))
    total = sum(item.value for item in intervals if item.value is not None)
    return Usage(building, quantity, unit, interval, total, intervals, sorted(meters))
