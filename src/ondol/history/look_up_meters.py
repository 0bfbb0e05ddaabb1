"""The tree of meters: what each of them counted over some local days, and what no submeter accounts for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from ondol.common.access import Access
from ondol.common.errors import InvalidInput
from ondol.common.messages import said
from ondol.history.ports import HistoryRecords
from ondol.sites.model import Building, Point, PointRole
from ondol.sites.ports import SiteRecords
from ondol.sites.reach import reach_building, reach_points

LONGEST_DAYS = 3_700


@dataclass(frozen=True, slots=True)
class Meter:
    """A meter and those behind it. `usage` is None where nothing is known; `rest` is what none of `behind` accounts for."""

    point: Point
    usage: float | None
    behind: list["Meter"]

    @property
    def rest(self) -> float | None:
        """None without submeters, or where something of it is not known. Negative when the parts exceed the whole."""
        return unaccounted(self.usage, self.behind) if self.behind else None


@dataclass(frozen=True, slots=True)
class MeterTree:
    """The meters of one quantity. `total` is what the mains add up to in `unit`; `parts` are submeters of the mains as a whole;
    `others` have a role of their own and are in no total.
    """

    building: Building
    quantity: str
    unit: str
    total: float | None
    mains: list[Meter]
    parts: list[Meter]
    others: list[Meter]

    @property
    def rest(self) -> float | None:
        """What of the total no submeter of the first level accounts for."""
        first = [*self.parts, *(meter for main in self.mains for meter in main.behind)]
        return unaccounted(self.total, first) if first else None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterQuestion:
    """Meters of a quantity over local days, both included."""

    building_key: str
    quantity: str
    first: date
    last: date


def look_up_meters(access: Access, asked: MeterQuestion, *, sites: SiteRecords, history: HistoryRecords) -> MeterTree:
    """The tree of the meters in reach. Raises NotFound, InvalidInput on a wrong range."""
    building = reach_building(access, asked.building_key, sites)
    if not 0 <= (asked.last - asked.first).days < LONGEST_DAYS:
        raise InvalidInput(said("the last day lies before the first, or ten years after it; choose a shorter range"))
    points = [p for p in reach_points(access, building.key, sites) if p.quantity == asked.quantity and p.usage_unit]
    days = history.usage([point.id for point in points], "day", asked.first, asked.last)
    usage: dict[int, float] = dict(days.group_by("point_id").agg(pl.col("usage").sum()).iter_rows())
    return tree_of(building, asked.quantity, points, usage)


def tree_of(building: Building, quantity: str, points: Sequence[Point], usage: dict[int, float]) -> MeterTree:
    """The points as a tree, by what each was used; every point stands in it once, whatever they say of each other."""
    keys = {point.key for point in points}
    placed: set[str] = set()

    def meter(point: Point) -> Meter:
        placed.add(point.key)
        behind = [p for p in points if p.submeter_of == point.key and p.key not in placed]
        return Meter(point, usage.get(point.id), [meter(p) for p in behind if p.key not in placed])

    first = [point for point in points if point.submeter_of not in keys]
    roots = [meter(point) for point in first]
    roots += [meter(point) for point in points if point.key not in placed]
    mains = [root for root in roots if root.point.role is PointRole.MAIN]
    known = [main.usage for main in mains if main.usage is not None]
    return MeterTree(
        building,
        quantity,
        str(points[0].usage_unit) if points else "kWh",
        sum(known) if known else None,
        mains,
        [root for root in roots if root.point.role is PointRole.SUBMETER],
        [root for root in roots if root.point.role not in (PointRole.MAIN, PointRole.SUBMETER)],
    )


def unaccounted(whole: float | None, parts: Sequence[Meter]) -> float | None:
    """What is left of the whole; None where one of them is not known."""
    counted = [part.usage for part in parts if part.point.role in (PointRole.MAIN, PointRole.SUBMETER)]
    known = [value for value in counted if value is not None]
    return None if whole is None or len(known) < len(counted) else whole - sum(known)
