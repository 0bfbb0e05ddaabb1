"""How complete and how trustworthy the data of a building is, point by point."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from ondol.common.access import Access
from ondol.common.clock import Clock
from ondol.common.quality import Quality
from ondol.history.last_seen import last_seen
from ondol.history.ports import HistoryRecords
from ondol.readings.show_live import LiveView
from ondol.sites.model import RAW_RESOLUTION_S, Point
from ondol.sites.ports import SiteRecords
from ondol.sites.reach import reach_points


@dataclass(frozen=True, slots=True)
class PointQuality:
    """`completeness_*` is the measured share (0..1) of the period, None before the first data; `flags` counts intervals."""

    point: Point
    last_seen: datetime | None
    completeness_24h: float | None
    completeness_30d: float | None
    flags: dict[str, int]


def assess_data_quality(
    access: Access, building_key: str, *, sites: SiteRecords, history: HistoryRecords, live: LiveView, clock: Clock
) -> list[PointQuality]:
    """One entry per point of the building that is theirs, by key. Raises NotFound."""
    points = reach_points(access, building_key, sites)
    ids, now = [point.id for point in points], clock()
    seen, extent = last_seen(points, now, history=history, live=live), history.extent(ids)
    day, _ = _coverage(history, ids, now - timedelta(days=1), now)
    month, flags = _coverage(history, ids, now - timedelta(days=30), now)
    found: list[PointQuality] = []
    for point in points:
        known = point.id in extent
        found.append(
            PointQuality(
                point,
                seen.get(point.id),
                day.get(point.id, 0.0) if known else None,
                month.get(point.id, 0.0) if known else None,
                dict(flags.get(point.id, {})),
            )
        )
    return found


def _coverage(
    history: HistoryRecords, ids: list[int], start: datetime, end: datetime
) -> tuple[dict[int, float], dict[int, Counter[str]]]:
    # The quarter-hour that is still running is no gap.
    start_s, end_s = (int(t.timestamp()) // RAW_RESOLUTION_S * RAW_RESOLUTION_S for t in (start, end))
    shares: dict[int, float] = defaultdict(float)
    flags: dict[int, Counter[str]] = defaultdict(Counter)
    for point_id, quality, count, measured_s in history.coverage(ids, start_s, end_s).iter_rows():
        shares[point_id] = min(shares[point_id] + measured_s / (end_s - start_s), 1.0)
        if quality:
            # Whatever was suspect there, somebody has settled it.
            names = ["repaired"] if quality & Quality.REPAIRED else Quality(quality).names
            flags[point_id].update(dict.fromkeys(names, count))
    return shares, flags
