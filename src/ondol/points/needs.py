"""What the use cases of points need."""

from collections.abc import Callable
from dataclasses import dataclass

from ondol.common.audit import Audit
from ondol.common.cache import Cache
from ondol.common.clock import Clock
from ondol.common.errors import StoreUnavailable
from ondol.common.results import Results
from ondol.history.ports import HistoryRecords, RepairRecords
from ondol.points.ports import PointRecords
from ondol.readings.ports import TimeSeries
from ondol.readings.show_live import LiveView
from ondol.sites.model import Building, Point
from ondol.sites.point_index import PointIndex
from ondol.sites.ports import SiteRecords


@dataclass(frozen=True, slots=True)
class PointNeeds:
    """`drop_forecasts` lets go of forecasts that are not scored yet of the buildings, by id, and of a quantity."""

    sites: SiteRecords
    records: PointRecords
    history: HistoryRecords
    repairs: RepairRecords
    timeseries: TimeSeries
    live: LiveView
    index: PointIndex
    results: Results
    cache: Cache
    audit: Audit
    clock: Clock
    drop_forecasts: Callable[[list[int], str], None]

    def settle(self, points: list[Point], buildings: list[Building]) -> None:
        """Everybody looks anew at the points and at what their buildings add up to: call it after the commit."""
        self.index.forget()
        self.live.forget(points)
        self.results.forget("usage", *(str(building.id) for building in buildings))
        if not any(point.is_main_meter for point in points):
            return
        self.drop_forecasts([building.id for building in buildings], points[0].quantity)
        try:
            kept = [name for building in buildings for name in self.cache.keys(f"forecast:{building.key}:")]
            if kept:
                self.cache.delete(*kept)
        except StoreUnavailable:
            return
