"""What a change of a point would make of its history: looked at before it is done, and nothing is stored."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

import polars as pl

from ondol.common.access import Access, Scope
from ondol.common.calendar import midnight
from ondol.common.instants import SECOND_US, epoch_s
from ondol.history.aggregate_readings import aggregate_readings
from ondol.history.change_point import MEANING, Again, raw_windows, reads_differently, with_known_unit
from ondol.history.model import INTERVALS, RegisterMemory
from ondol.history.ports import HistoryRecords
from ondol.history.repair_history import PeriodChange
from ondol.history.rules.intervals import Resolution, calendar_edges
from ondol.history.rules.stretches import END
from ondol.history.rules.usage import usage_by_bin
from ondol.points.change_point import PointEdit, require_whole
from ondol.points.model import ChangePreview
from ondol.points.needs import PointNeeds
from ondol.readings.model import LATEST_US
from ondol.sites.model import Building, Point, changed_fields
from ondol.sites.ports import SiteRecords
from ondol.sites.reach import reach_point, reach_whole_building

_ALL_S = LATEST_US // SECOND_US


def preview_change(access: Access, key: str, edit: PointEdit, needs: PointNeeds) -> ChangePreview:
    """What the months of its building, or buildings, count of the point before and after, as computed from readings.

    Raises NotFound, InvalidInput.
    """
    point = reach_point(access, key, needs.sites, Scope.WRITE)
    before = require_whole(access, point, needs)
    to = before if edit.building is None else reach_whole_building(access, edit.building, needs.sites, Scope.WRITE)
    fields = changed_fields(edit.change)
    with_known_unit(edit.change, fields)
    after_point = replace(
        point,
        **{name: value for name, value in fields.items() if name in MEANING},
        building_id=to.id,
        building_key=to.key,
    )
    kept = needs.history.read_computed(point.id, 0, _ALL_S)
    lost_until_s, made = None, kept
    if point.formula is None and reads_differently(point, fields):
        lost_until_s, made = _made_anew(after_point, kept, needs)
    return ChangePreview(
        point.usage_unit or "", _months(point, before, kept), after_point.usage_unit or "", _months(after_point, to, made),
        None if lost_until_s is None else datetime.fromtimestamp(lost_until_s, before.zone).date(),
    )  # fmt: skip


def _made_anew(point: Point, kept: pl.DataFrame, needs: PointNeeds) -> tuple[int | None, pl.DataFrame]:
    """Until when history would be lost, and the intervals that raw readings make."""
    raw = raw_windows(point, needs.timeseries)
    from_s = int(raw["start"][0]) if raw.height else _ALL_S
    lost = kept.filter(pl.col("start") < from_s)
    seen = _Seen(needs.history)
    aggregate_readings(Again(needs.timeseries, raw), seen, _Changed(needs.sites, point))
    return (int(lost.select(END).to_series().to_list()[-1]) if lost.height else None), seen.intervals


def _months(point: Point, building: Building, intervals: pl.DataFrame) -> list[PeriodChange]:
    """What the months of the building count of the point."""
    if intervals.is_empty() or point.usage_unit is None:
        return []
    first, last = (
        datetime.fromtimestamp(second, building.zone).date()
        for second in (int(intervals["start"][0]), int(intervals.select(END).to_series().to_list()[-1]) - 1)
    )
    end = date(last.year + last.month // 12, last.month % 12 + 1, 1)
    bounds = epoch_s(midnight(first.replace(day=1), building.zone)), epoch_s(midnight(end, building.zone))
    edges = calendar_edges(*bounds, Resolution.MONTH, building.zone)
    sums = dict(usage_by_bin(intervals, {point.id: point}, edges).select("bin", "usage").iter_rows())
    starts = [datetime.fromtimestamp(edge, building.zone).date() for edge in edges[:-1]]
    return [PeriodChange(start, None, sums[n]) for n, start in enumerate(starts) if n in sums]


class _Seen:
    """History that keeps what is written to itself, and knows nothing of the point."""

    def __init__(self, history: HistoryRecords) -> None:
        self.intervals = pl.DataFrame(schema=INTERVALS)
        self.usage, self.last_end, self.coverage = history.usage, history.last_end, history.coverage

    def write(self, intervals: pl.DataFrame, points: Mapping[int, Point], buildings: Mapping[int, Building]) -> None:
        """See the port."""
        self.intervals = pl.concat([self.intervals, intervals]).unique("start", keep="last").sort("start")

    def replace(self, point: Point, intervals: pl.DataFrame, buildings: Mapping[int, Building]) -> None:
        """See the port."""
        self.intervals = intervals

    def read(self, point_ids: Sequence[int], start_s: int, end_s: int, *, only_values: bool = False) -> pl.DataFrame:
        """See the port."""
        return self.intervals

    def read_computed(self, point_id: int, start_s: int, end_s: int) -> pl.DataFrame:
        """See the port."""
        return self.intervals

    def extent(self, point_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
        """See the port."""
        return {}

    def registers(self, point_ids: Sequence[int]) -> dict[int, RegisterMemory]:
        """See the port."""
        return {}

    def reckon_due(self, buildings: Callable[[], Mapping[int, Building]]) -> None:
        """See the port."""

    def remember_registers(self, known: Mapping[int, RegisterMemory]) -> None:
        """See the port."""


class _Changed:
    """Sites in which the point is changed already: what computing history anew asks of them."""

    def __init__(self, sites: SiteRecords, point: Point) -> None:
        self._sites = sites
        self._point = point

    def buildings(self) -> list[Building]:
        """See the port."""
        return self._sites.buildings()

    def points_by_id(self, ids: Iterable[int]) -> dict[int, Point]:
        """See the port."""
        return {self._point.id: self._point}
