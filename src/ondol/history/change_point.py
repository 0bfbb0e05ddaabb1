"""What is said of a point changes; where that changes what its readings mean, its history is made anew from them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from ondol.common.access import Access, Scope
from ondol.common.audit import Audit
from ondol.common.errors import InvalidInput
from ondol.common.instants import SECOND_US, format_instant
from ondol.common.results import Results
from ondol.common.units import UNITS, find_unit
from ondol.history.aggregate_readings import aggregate_readings, buildings_by_id
from ondol.history.ports import HistoryRecords
from ondol.readings.model import LATEST_US
from ondol.readings.ports import TimeSeries
from ondol.sites.change_point import change_point as change_record
from ondol.sites.model import RAW_RESOLUTION_S, Point, PointChange, changed_fields
from ondol.sites.point_index import PointIndex
from ondol.sites.ports import SiteRecords
from ondol.sites.reach import reach_point

MEANING = frozenset({"quantity", "unit", "kind", "interval_s", "formula"})
"""Fields that say what a reading means."""


@dataclass(frozen=True, slots=True)
class ChangeNeeds:
    """What a change needs."""

    sites: SiteRecords
    history: HistoryRecords
    timeseries: TimeSeries
    index: PointIndex
    results: Results
    audit: Audit


def change_point(
    access: Access, key: str, change: PointChange, needs: ChangeNeeds, *, forget_older: bool = False
) -> Point:
    """Change some fields. Values stay as they were sent and count in the new unit.

    Another kind reads them differently: then intervals whose raw readings are gone cannot be made again, and go only with `forget_older`.
    Raises NotFound, InvalidInput.
    """
    point = reach_point(access, key, needs.sites, Scope.WRITE)
    fields = changed_fields(change)
    if not MEANING & fields.keys():
        return _change(access, key, change, needs)
    change = with_known_unit(change, fields)
    if point.formula:
        changed = _change(access, key, change, needs)
        needs.history.reckon_due(lambda: buildings_by_id(needs.sites))
        return changed
    raw = raw_windows(point, needs.timeseries)
    raw_from_s = int(raw["start"][0]) if raw.height else LATEST_US // SECOND_US
    older = needs.history.read([point.id], 0, raw_from_s)
    if older.height and reads_differently(point, fields):
        if not forget_older:
            raise InvalidInput(
                f"history before {format_instant(raw_from_s * SECOND_US)[:10]} cannot be made again, since its raw readings are gone; "
                "leave the kind as it is, or send forget_older to let go of that history"
            )
        older = older.clear()
    changed = _change(access, key, change, needs)
    needs.history.replace(changed, older, buildings_by_id(needs.sites))
    if raw.height:
        aggregate_readings(Again(needs.timeseries, raw), needs.history, needs.sites)
    needs.results.forget("usage", str(point.building_id))
    was = ", ".join(f"{name} {getattr(point, name)}" for name in sorted(MEANING & fields.keys()))
    needs.audit.record(access, "point read anew", f"{key}: was {was}"[:200])
    return changed


def _change(access: Access, key: str, change: PointChange, needs: ChangeNeeds) -> Point:
    return change_record(
        access, key, change, records=needs.sites, index=needs.index, results=needs.results, audit=needs.audit
    )


def with_known_unit(change: PointChange, fields: dict[str, Any]) -> PointChange:
    """The change, where its unit is one that is known. Raises InvalidInput."""
    unit = fields.get("unit")
    if unit is None and ("unit" in fields or fields.get("quantity", "") is None or fields.get("kind", "") is None):
        raise InvalidInput("a quantity, a unit and a kind cannot be null")
    if unit and find_unit(unit) is None:
        raise InvalidInput(f"the unit {unit!r} is not known; choose one of {', '.join(UNITS)}")
    return change


def reads_differently(point: Point, fields: dict[str, Any]) -> bool:
    """Whether intervals would be made otherwise; another unit or name of the quantity leaves their values as they are."""
    return any(fields.get(name, getattr(point, name)) != getattr(point, name) for name in ("kind", "interval_s"))


def raw_windows(point: Point, timeseries: TimeSeries) -> pl.DataFrame:
    """Every window from the first raw reading to the last, as `TimeSeries.touched` tells them."""
    schema = {"point_id": pl.Int32, "start": pl.Int64}
    first = timeseries.next_after(point.id, 0)
    last = timeseries.latest([point.id], LATEST_US)
    if first is None or last.is_empty():
        return pl.DataFrame(schema=schema)
    ends = (first // SECOND_US, int(last["time_us"][0]) // SECOND_US)
    starts = range(ends[0] // RAW_RESOLUTION_S * RAW_RESOLUTION_S, ends[1] + 1, RAW_RESOLUTION_S)
    return pl.DataFrame([[point.id] * len(starts), list(starts)], schema=schema)


class Again:
    """A store whose windows of one point count as touched."""

    def __init__(self, store: TimeSeries, windows: pl.DataFrame) -> None:
        self._store = store
        self._windows = windows
        self.append, self.buckets, self.drop_before = store.append, store.buckets, store.drop_before
        self.remove, self.status, self.close = store.remove, store.status, store.close

    def touched(self) -> pl.DataFrame:
        """The windows that are to be computed again."""
        return self._windows

    def forget(self, windows: pl.DataFrame) -> None:
        """Nothing was noted."""

    def read(self, point_ids: Sequence[int], start_us: int, end_us: int) -> pl.DataFrame:
        """As the store."""
        return self._store.read(point_ids, start_us, end_us)

    def latest(self, point_ids: Sequence[int], before_us: int) -> pl.DataFrame:
        """As the store."""
        return self._store.latest(point_ids, before_us)

    def next_after(self, point_id: int, time_us: int) -> int | None:
        """As the store."""
        return self._store.next_after(point_id, time_us)
