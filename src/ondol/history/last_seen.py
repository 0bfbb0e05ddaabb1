"""When points were last heard of: by their newest reading, or by the end of their history."""

from collections.abc import Sequence
from datetime import UTC, datetime

from ondol.common.access import Access, Scope
from ondol.history.ports import HistoryRecords
from ondol.readings.show_live import LiveView
from ondol.sites.model import Building, Point
from ondol.sites.ports import SiteRecords
from ondol.sites.reach import reach_point, reach_points


def last_seen(
    points: Sequence[Point], now: datetime, *, history: HistoryRecords, live: LiveView
) -> dict[int, datetime]:
    """By the ids of those points that were ever heard of; never later than now."""
    newest, extent = live.newest(points), history.extent([point.id for point in points])
    seen: dict[int, datetime] = {}
    for point in points:
        ends = [newest[point.id][0] / 1e6] if point.id in newest else []
        ends += [extent[point.id][1]] if point.id in extent else []
        if ends:
            seen[point.id] = datetime.fromtimestamp(min(max(ends), now.timestamp()), UTC)
    return seen


def last_seen_of_point(
    access: Access, key: str, now: datetime, *, sites: SiteRecords, history: HistoryRecords, live: LiveView
) -> datetime | None:
    """Of one point. Raises NotFound."""
    point = reach_point(access, key, sites)
    return last_seen([point], now, history=history, live=live).get(point.id)


def last_seen_of_buildings(
    access: Access, buildings: Sequence[Building], now: datetime, *, sites: SiteRecords, history: HistoryRecords,
    live: LiveView,
) -> dict[str, datetime]:  # fmt: skip
    """Of buildings in reach as wholes, by key, asked once however many they are; for a tenant, of the own points there.

    Raises NotAllowed.
    """
    access.require(Scope.READ)
    if access.spaces is None:
        ends = history.last_end([building.id for building in buildings if access.reaches(building.key)])
        return {b.key: min(datetime.fromtimestamp(ends[b.id], UTC), now) for b in buildings if b.id in ends}
    points = reach_points(access, None, sites)
    seen = last_seen(points, now, history=history, live=live)
    by_building: dict[str, datetime] = {}
    for point in points:
        if point.id in seen:
            by_building[point.building_key] = max(seen[point.id], by_building.get(point.building_key, seen[point.id]))
    return by_building
