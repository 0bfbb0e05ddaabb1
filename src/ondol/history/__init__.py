"""History: intervals that are kept for good, and what they add up to."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from ondol.common.access import Access
from ondol.common.audit import Audit
from ondol.common.clock import Clock
from ondol.common.results import Results
from ondol.common.tasks import Task
from ondol.history import tasks
from ondol.history.aggregate_readings import aggregate_readings
from ondol.history.answer_influxql import QueryNeeds, QuerySeries, answer_influxql
from ondol.history.assess_data_quality import PointQuality, assess_data_quality
from ondol.history.compare_with_last_week import WeekComparison, compare_with_last_week
from ondol.history.find_flagged import FlaggedStretch, find_flagged
from ondol.history.last_seen import last_seen_of_buildings, last_seen_of_point
from ondol.history.look_up_meters import Meter, MeterQuestion, MeterTree, look_up_meters
from ondol.history.look_up_series import Aggregate, Series, SeriesQuestion, look_up_series
from ondol.history.look_up_usage import Usage, UsageInterval, UsageQuestion, look_up_usage
from ondol.history.model import Repair, RepairAction
from ondol.history.ports import HistoryRecords, RepairRecords
from ondol.history.repair_history import (
    MadeRepair,
    NewRepair,
    PeriodChange,
    RepairNeeds,
    list_repairs,
    repair_history,
    undo_repair,
)
from ondol.history.rules.intervals import Resolution
from ondol.history.summarize_point import Extreme, PointSummary, summarize_point
from ondol.readings.ports import TimeSeries
from ondol.readings.show_live import LiveView
from ondol.sites.model import Building
from ondol.sites.point_index import PointIndex
from ondol.sites.ports import SiteRecords

__all__ = [
    "Aggregate",
    "Extreme",
    "FlaggedStretch",
    "History",
    "MadeRepair",
    "Meter",
    "MeterQuestion",
    "MeterTree",
    "NewRepair",
    "PeriodChange",
    "PointQuality",
    "PointSummary",
    "QuerySeries",
    "Repair",
    "RepairAction",
    "Resolution",
    "Series",
    "SeriesQuestion",
    "Usage",
    "UsageInterval",
    "UsageQuestion",
    "WeekComparison",
]


@dataclass(frozen=True)
class History:
    """What was measured, at any resolution, for who may see it."""

    records: HistoryRecords
    repaired: RepairRecords
    sites: SiteRecords
    index: PointIndex
    timeseries: TimeSeries
    live: LiveView
    results: Results
    audit: Audit
    clock: Clock
    make_partitions: Callable[[], None]
    aggregate_every_s: float
    audit: Audit

    def aggregate(self) -> int:
        """See aggregate_readings.py."""
        return aggregate_readings(self.timeseries, self.records, self.sites)

    def look_up_series(self, access: Access, asked: SeriesQuestion) -> Series:
        """See look_up_series.py."""
        return look_up_series(
            access, asked, sites=self.sites, index=self.index, timeseries=self.timeseries, history=self.records
        )

    def answer_influxql(self, access: Access, text: str, database: str | None) -> list[list[QuerySeries]]:
        """See answer_influxql.py."""
        return answer_influxql(
            access, text, database, QueryNeeds(self.sites, self.records, self.timeseries, self.clock)
        )

    def look_up_usage(self, access: Access, asked: UsageQuestion) -> Usage:
        """See look_up_usage.py."""
        return look_up_usage(access, asked, sites=self.sites, history=self.records, results=self.results)

    def look_up_meters(self, access: Access, asked: MeterQuestion) -> MeterTree:
        """See look_up_meters.py."""
        return look_up_meters(access, asked, sites=self.sites, history=self.records)

    def compare_with_last_week(self, access: Access, buildings: Sequence[Building]) -> dict[str, WeekComparison]:
        """See compare_with_last_week.py."""
        return compare_with_last_week(access, buildings, sites=self.sites, history=self.records, clock=self.clock)

    def assess_data_quality(self, access: Access, building_key: str) -> list[PointQuality]:
        """See assess_data_quality.py."""
        return assess_data_quality(
            access, building_key, sites=self.sites, history=self.records, live=self.live, clock=self.clock
        )

    def last_seen(self, access: Access, buildings: Sequence[Building]) -> dict[str, datetime]:
        """When the buildings were last heard of, by key; those that never were are left out."""
        return last_seen_of_buildings(
            access, buildings, self.clock(), sites=self.sites, history=self.records, live=self.live
        )

    def last_seen_of_point(self, access: Access, point_key: str) -> datetime | None:
        """When the point was last heard of, None for never. Raises NotFound."""
        return last_seen_of_point(
            access, point_key, self.clock(), sites=self.sites, history=self.records, live=self.live
        )

    def summarize_point(self, access: Access, point_key: str, start: datetime, end: datetime) -> PointSummary:
        """See summarize_point.py."""
        return summarize_point(access, point_key, start, end, sites=self.sites, history=self.records)

    def find_flagged(self, access: Access, point_key: str, start: datetime, end: datetime) -> list[FlaggedStretch]:
        """See find_flagged.py."""
        return find_flagged(access, point_key, start, end, sites=self.sites, history=self.records)

    def repair(self, access: Access, point_key: str, asked: NewRepair, *, dry_run: bool = False) -> MadeRepair:
        """See repair_history.py."""
        return repair_history(access, point_key, asked, self._repair_needs(), dry_run=dry_run)

    def repairs(self, access: Access, point_key: str) -> list[Repair]:
        """See `list_repairs`."""
        return list_repairs(access, point_key, self._repair_needs())

    def undo_repair(self, access: Access, point_key: str, key: str) -> None:
        """See `undo_repair`."""
        undo_repair(access, point_key, key, self._repair_needs())

    def _repair_needs(self) -> RepairNeeds:
        return RepairNeeds(self.sites, self.records, self.repaired, self.audit, self.clock)

    def tasks(self) -> list[Task]:
        """Standing work."""
        return tasks.tasks(self.aggregate, self.make_partitions, self.aggregate_every_s)
