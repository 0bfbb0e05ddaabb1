"""The newest value of every point of a building."""

from dataclasses import dataclass

from ondol.common.access import Access
from ondol.readings.show_live import LiveView
from ondol.sites.model import Point
from ondol.sites.ports import SiteRecords
from ondol.sites.reach import reach_points


@dataclass(frozen=True, slots=True)
class LatestReading:
    """The newest reading of a point, stamped in UTC microseconds; `quality` are `Quality` bits."""

    point: Point
    time_us: int
    value: float
    quality: int


def read_latest(access: Access, building_key: str, *, records: SiteRecords, live: LiveView) -> list[LatestReading]:
    """Of those points that are theirs and have any, by key. Raises NotFound."""
    points = reach_points(access, building_key, records)
    newest = live.newest(points)
    return [LatestReading(point, *newest[point.id]) for point in points if point.id in newest]
