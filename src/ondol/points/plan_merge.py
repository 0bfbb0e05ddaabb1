"""What a merge will do: whether two points can be one, and which readings of the first become the second's."""

import polars as pl

from ondol.common.access import Access
from ondol.common.errors import InvalidInput
from ondol.common.instants import DAY_US, SECOND_US, epoch_s
from ondol.common.units import conversion
from ondol.history.rules.stretches import END
from ondol.points.model import Joint, MergePlan
from ondol.points.needs import PointNeeds
from ondol.points.rules import free_stretches, joint
from ondol.readings.model import LATEST_US
from ondol.sites.model import RAW_RESOLUTION_S, RAW_RESOLUTION_US, Point, PointKind

_ALL_S = LATEST_US // SECOND_US


def check_alike(point: Point, other: Point, needs: PointNeeds) -> None:
    """Raises InvalidInput with what has to be changed before they can be one."""
    if point.id == other.id:
        raise InvalidInput("a point cannot be merged into itself; name the one that is to stay in into")
    for it in (point, other):
        if it.formula is not None:
            raise InvalidInput(f"{it.key!r} is a virtual point, which has no readings of its own; delete it instead")
    for name in ("building_key", "quantity", "dimension", "kind", "interval_s"):
        one, two = getattr(point, name), getattr(other, name)
        if one != two and (name != "interval_s" or point.kind is PointKind.TOTAL):
            word = {"building_key": "building", "dimension": "unit"}.get(name, name)
            raise InvalidInput(
                f"the {word} of {point.key!r} is {one or 'not known'}, that of {other.key!r} is {two or 'not known'}; "
                f"change the {word} of one of them first"
            )
    mains = {it.key: it.submeter_of for it in needs.sites.points(point.building_key)}
    if _is_behind(point.key, other.key, mains) or _is_behind(other.key, point.key, mains):
        raise InvalidInput(
            f"one of {point.key!r} and {other.key!r} is a submeter of the other, so that they count different things; "
            "change submeter_of first if that is not so"
        )


def _is_behind(key: str, main: str, mains: dict[str, str | None]) -> bool:
    above, passed = mains.get(key), set[str]()
    while above is not None and above not in passed:
        if above == main:
            return True
        passed.add(above)
        above = mains.get(above)
    return False


def plan_merge(access: Access, point: Point, other: Point, swap: bool | None, needs: PointNeeds) -> MergePlan:
    """Which readings are taken over, and how registers follow each other. Raises InvalidInput where that has to be asked."""
    factor, shift = conversion(point.unit, other.unit) or (1.0, 0.0)
    stretches, joints = _stretches(point, other, needs), list[Joint]()
    if point.kind is PointKind.TOTAL_INCREASING:
        stretches, joints = _register_ways(point, other, factor, swap, needs)
    return MergePlan(stretches, factor, shift, joints, access.who, epoch_s(needs.clock()))


def _stretches(point: Point, other: Point, needs: PointNeeds) -> list[tuple[int, int]]:
    """The windows of the point's raw readings in which the other has neither readings nor history."""
    windows, taken = _raw_windows(point.id, needs), _raw_windows(other.id, needs)
    if windows:
        kept = needs.history.read_computed(other.id, min(windows) // SECOND_US, _ALL_S)
        for start, duration_s in kept.select("start", "duration_s").iter_rows():
            first = start // RAW_RESOLUTION_S * RAW_RESOLUTION_S
            taken |= {second * SECOND_US for second in range(first, start + duration_s, RAW_RESOLUTION_S)}
    return free_stretches(windows, taken)


def _raw_windows(point_id: int, needs: PointNeeds) -> set[int]:
    windows: set[int] = set()
    at_us = needs.timeseries.next_after(point_id, 0)
    while at_us is not None:
        end_us = (at_us // DAY_US + 1) * DAY_US
        times = needs.timeseries.read([point_id], at_us, end_us)["time_us"]
        windows |= set((times // RAW_RESOLUTION_US * RAW_RESOLUTION_US).unique().to_list())
        at_us = needs.timeseries.next_after(point_id, end_us)
    return windows


Stand = tuple[int, float]


def _register_ways(
    point: Point, other: Point, factor: float, swap: bool | None, needs: PointNeeds
) -> tuple[list[tuple[int, int]], list[Joint]]:
    """A register is taken before and behind the other one alone: readings of two among each other would make nonsense."""
    first, last = _stand_after(other, 0, needs), _stand_before(other, LATEST_US, needs)
    if first is None or last is None:
        return [(0, LATEST_US)], []
    known = needs.history.registers([point.id, other.id])
    own, its = known.get(point.id), known.get(other.id)
    paces = [(point.max_per_hour or 0.0) * factor, other.max_per_hour or 0.0]
    paces += [(own.fastest_per_hour or 0.0) * factor if own else 0.0, (its.fastest_per_hour or 0.0) if its else 0.0]
    meets: list[tuple[Stand, Stand]] = []
    if (before := _stand_before(point, first[0], needs)) is not None:
        meets.append(((before[0], before[1] * factor), first))
    if (after := _stand_after(point, last[0] + 1, needs)) is not None:
        meets.append((last, (after[0], after[1] * factor)))
    joints: list[Joint] = []
    for one, two in meets:
        found = joint(one, two, max(paces), swap)
        if found is None:
            raise InvalidInput(
                f"whether one register goes on in the other cannot be told: the earlier one ends at {one[1]:g} {other.unit}, the later "
                f"one begins at {two[1]:g}; send swap: true if another meter began there, false if it is the same one"
            )
        joints.append(found)
    return [(0, first[0]), (last[0] + 1, LATEST_US)], joints


def _stand_before(point: Point, end_us: int, needs: PointNeeds) -> Stand | None:
    """The register's last known stand before an instant, of its raw readings, or where these are gone of its history."""
    raw = needs.timeseries.latest([point.id], end_us)
    if raw.height:
        return int(raw["time_us"][0]), float(raw["value"][0])
    kept = needs.history.read_computed(point.id, 0, end_us // SECOND_US).filter(pl.col("value_last").is_not_null())
    kept = kept.with_columns(END.alias("end")).filter(pl.col("end") <= end_us // SECOND_US).tail(1)
    return (int(kept["end"][0]) * SECOND_US, float(kept["value_last"][0])) if kept.height else None


def _stand_after(point: Point, start_us: int, needs: PointNeeds) -> Stand | None:
    """The first one from an instant on."""
    kept = needs.history.read_computed(point.id, start_us // SECOND_US, _ALL_S)
    kept = kept.filter(pl.col("value_last").is_not_null(), pl.col("start") * SECOND_US >= start_us).head(1)
    raw_us = needs.timeseries.next_after(point.id, start_us)
    if raw_us is not None and (kept.is_empty() or raw_us < (int(kept["start"][0]) + RAW_RESOLUTION_S) * SECOND_US):
        return raw_us, float(needs.timeseries.read([point.id], raw_us, raw_us + 1)["value"][0])
    if kept.is_empty():
        return None
    return int(kept["start"][0]) * SECOND_US, float(kept["value_last"][0]) - float(kept["value"][0])
