"""Which foreign series are to be adopted, and by which points: as a map says, or as they are understood."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ondol.common.access import Access
from ondol.common.errors import InvalidInput
from ondol.common.units import conversion
from ondol.readings.find_adoptable import Adoptable, Standing, is_name, would_be_own
from ondol.readings.name_device import Naming, describe_named
from ondol.readings.needs import Matching
from ondol.readings.rules.adoption_map import Complaints, MapLine, read_map
from ondol.sites.model import NewPoint, Point
from ondol.sites.rules import check_point


@dataclass(frozen=True, slots=True)
class Decision:
    """A series and the point that takes its readings: `point` exists, `new` will come to be."""

    series: Adoptable
    point: Point | None
    new: NewPoint | None
    multiplier: float = 1.0
    building_key: str = ""

    @property
    def key(self) -> str:
        """Key of the point."""
        point = self.point or self.new
        return point.key if point else ""


@dataclass(frozen=True, slots=True)
class Decided:
    """What is to be adopted, and the ids of what is to be adopted no longer."""

    adopt: list[Decision]
    let_go: list[int]


def decide(access: Access, standing: Standing, map_text: str | None, matching: Matching) -> Decided:
    """What the map says, or without one whatever is understood. What is adopted already goes on and is left out.

    Raises NotAllowed, and InvalidInput that names each wrong line of the map.
    """
    access.require_administrator()
    if standing.notes:
        raise InvalidInput("; ".join(standing.notes))
    if map_text is None:
        understood = [it for it in standing.series if not it.adopted and (it.point or it.new)]
        return Decided([Decision(it, it.point, it.new, building_key=it.building_key or "") for it in understood], [])
    by_text = {it.found.series.text: it for it in standing.series}
    lines = read_map(map_text, by_text)
    skipped = [by_text[line.series].adopted for line in lines if line.is_skipped]
    return Decided(_decided(lines, by_text, matching), [it.id for it in skipped if it])


def _decided(lines: Sequence[MapLine], by_text: Mapping[str, Adoptable], matching: Matching) -> list[Decision]:
    complaints, decisions, of_new = Complaints(), list[Decision](), dict[str, tuple[int, NewPoint]]()
    points = matching.records.points_by_key({line.point for line in lines if line.point})
    buildings = frozenset(building.key for building in matching.records.buildings())
    for line in lines:
        if line.is_skipped:
            continue
        series = by_text[line.series]
        try:
            decision = _decide(line, series, points, buildings)
            if decision.new is not None:
                first, new = of_new.setdefault(decision.new.key, (line.line, decision.new))
                if replace(new, alias=None, name="") != replace(decision.new, alias=None, name=""):
                    raise InvalidInput(f"the point {new.key!r} is said to be something else in line {first}")
        except InvalidInput as error:
            complaints.add(line.line, str(error))
        else:
            if series.adopted is None:
                decisions.append(decision)
    complaints.raise_any()
    return decisions


def _decide(line: MapLine, series: Adoptable, points: Mapping[str, Point], buildings: frozenset[str]) -> Decision:
    """Raises InvalidInput."""
    if "\0" in line.series:
        raise InvalidInput("the name of the series holds a NUL character; it cannot be adopted")
    point = points.get(line.point) if line.point else series.point
    if series.adopted is not None and (point is None or point.key != series.adopted.point_key):
        raise InvalidInput(
            f"the series is adopted by {series.adopted.point_key!r}; let it go first, with the point {'skip'!r}"
        )
    if series.adopted is not None and line.multiplier not in (None, series.adopted.multiplier):
        raise InvalidInput("the series is adopted with another multiplier; let it go first, with the point 'skip'")
    if point is not None:
        return Decision(series, _agreeing(line, series, point), None, line.multiplier or 1.0, point.building_key)
    building = line.building or series.building_key
    if building is None or building not in buildings:
        raise InvalidInput(f"there is no building {building or ''!r}; create it with: ondol building create")
    return Decision(series, None, _described(line, series, building), line.multiplier or 1.0, building)


def _agreeing(line: MapLine, series: Adoptable, point: Point) -> Point:
    said = {"building": line.building, "quantity": line.quantity, "kind": line.kind}
    known = {"building": point.building_key, "quantity": point.quantity, "kind": point.kind}
    for name, word in said.items():
        if word is not None and word != known[name]:
            raise InvalidInput(
                f"the point {point.key!r} has the {name} {str(known[name])!r}, not {str(word)!r}; leave it empty"
            )
    if line.unit is not None and conversion(line.unit, point.unit) != (1.0, 0.0):
        raise InvalidInput(f"the point {point.key!r} has the unit {point.unit!r}, not {line.unit!r}; leave it empty")
    if point.formula:
        raise InvalidInput(f"the point {point.key!r} is reckoned by a formula; choose another")
    if would_be_own(series.found, point.key):
        raise InvalidInput(f"readings of {point.key!r} are stored where the series stands; choose another point")
    return point


def _described(line: MapLine, series: Adoptable, building: str) -> NewPoint:
    naming = Naming(quantity=line.quantity, unit=line.unit, kind=line.kind, interval_s=line.interval_s)
    new = describe_named(replace(series.device(), building_key=building), naming)
    key = line.point or new.key
    new = replace(
        new,
        key=key,
        alias=series.source if key != series.source and is_name(series.source) else None,
        role=line.role or new.role,
    )
    check_point(new)
    if would_be_own(series.found, new.key):
        raise InvalidInput(f"as the point {new.key!r} Ondol would store over it; give it another key")
    return new
