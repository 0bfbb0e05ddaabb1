"""Foreign series are adopted: each gets its point, which exists already or comes to be, and its past is noted as still to be taken."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from ondol.common.access import Access
from ondol.common.errors import AlreadyExists
from ondol.readings.decide_adoption import Decided, Decision
from ondol.readings.find_adoptable import is_name
from ondol.readings.model.foreign import NewAdoption
from ondol.readings.needs import Matching
from ondol.readings.ports.foreign import Adoptions
from ondol.readings.register_points import create_described
from ondol.sites.model import NewPoint


def adopt_series(
    access: Access, origin: str, decided: Decided, adoptions: Adoptions, matching: Matching, now_us: int
) -> None:
    """Make the points that are new, and note the series as adopted. A crash in between only means doing it again."""
    keys = _create(access, decided.adopt, matching)
    adoptions.add(origin, [_adoption(it, keys[it.series.found.series.text], now_us) for it in decided.adopt])
    for series_id in decided.let_go:
        adoptions.remove(series_id)
    if decided.adopt:
        told = f"{origin}: {len(decided.adopt):,} series, to {', '.join(sorted(set(keys.values())))}"
        matching.audit.record(access, "series adopted", told[:200])
    if decided.let_go:
        matching.audit.record(access, "series let go", f"{origin}: {len(decided.let_go):,} series")


def _create(access: Access, decisions: Sequence[Decision], matching: Matching) -> dict[str, str]:
    """Points for those that have none yet; returns the key of the point of each series, by the series' text."""
    by_building: dict[str, dict[str, NewPoint]] = defaultdict(dict)
    details = {it.series.source: it.series.sent for it in decisions}
    names: dict[str, set[str]] = defaultdict(set)
    for it in decisions:
        if it.new is not None and not any(it.new.key == new.key for new in by_building[it.building_key].values()):
            by_building[it.building_key][it.series.source] = it.new
        names[it.key].add(it.series.source)
    for building, points in by_building.items():
        taken = create_described(access, building, points, details, matching)
        if taken := [source for source in taken if not matching.records.points_by_key([points[source].key])]:
            raise AlreadyExists(f"the name {taken[0]!r} is another point's; give the point in the map")
    _let_go_by(names, matching)
    return {it.series.found.series.text: it.key for it in decisions}


def _let_go_by(names: Mapping[str, Iterable[str]], matching: Matching) -> None:
    """Whoever sends under the series' name to Ondol itself means that point, too; where the name is another point's it stays so."""
    known = matching.records.points_by_key({name for of_point in names.values() for name in of_point})
    for key, of_point in names.items():
        for name in of_point:
            if name not in known and is_name(name):
                matching.records.add_alias(key, name)
    matching.index.forget()


def _adoption(decision: Decision, key: str, now_us: int) -> NewAdoption:
    found = decision.series.found
    return NewAdoption(found.series, key, decision.multiplier, max(min(found.first_us, now_us), 0), now_us)
