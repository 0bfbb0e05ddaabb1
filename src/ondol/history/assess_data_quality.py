"""How complete and how trustworthy the data of a building is, point by point."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ondol.common.clock import Clock
from ondol.common.quality import Quality
from ondol.history.ports import History
from ondol.readings.show_live import LiveView
from ondol.sites.model import RAW_RESOLUTION_S, Point
from ondol.sites.ports import Directory


@dataclass(frozen=True, slots=True)
class PointQuality:
    """`completeness_*` is the measured share (0..1) of the period, None before the first data; `flags` counts intervals."""

    point: Point
    last_seen: datetime | None
    completeness_24h: float | None
    completeness_30d: float | None
    flags: dict[str, int]


def assess_data_quality(
    building_key: str, *, directory: Directory, history: History, live: LiveView, clock: Clock
) -> list[PointQuality]:
    """One entry per point of the building, by key."""
    points = directory.points(building_key)
    ids, now = [point.id for point in points], clock()
    newest, extent = live.newest(points), history.extent(ids)
    day, _ = _coverage(history, ids, now - timedelta(days=1), now)
    month, flags = _coverage(history, ids, now - timedelta(days=30), now)
    found: list[PointQuality] = []
    for point in points:
        seen = [newest[point.id][0] / 1e6] if point.id in newest else []
        seen += [extent[point.id][1]] if point.id in extent else []
        last_seen = datetime.fromtimestamp(min(max(seen), now.timestamp()), UTC) if seen else None
        known = point.id in extent
        found.append(
            PointQuality(
                point,
                last_seen,
                day.get(point.id, 0.0) if known else None,
                month.get(point.id, 0.0) if known else None,
                dict(flags.get(point.id, {})),
            )
        )
    return found


def _coverage(
    history: History, ids: list[int], start: datetime, end: datetime
) -> tuple[dict[int, float], dict[int, Counter[str]]]:
    # The quarter-hour that is still running is no gap.
    start_s, end_s = (int(t.timestamp()) // RAW_RESOLUTION_S * RAW_RESOLUTION_S for t in (start, end))
    shares: dict[int, float] = defaultdict(float)
    flags: dict[int, Counter[str]] = defaultdict(Counter)
    for point_id, quality, count, measured_s in history.coverage(ids, start_s, end_s).iter_rows():
        shares[point_id] = min(shares[point_id] + measured_s / (end_s - start_s), 1.0)
        if quality:
            flags[point_id].update(dict.fromkeys(Quality(quality).names, count))
    return shares, flags
