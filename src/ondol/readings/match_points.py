"""Which point a device means, and registering it when that is allowed."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from ondol.common.access import Access
from ondol.readings.model import Submission
from ondol.readings.needs import Matching
from ondol.readings.register_points import Details, Registration, Waiting, own_names, register_points
from ondol.sites.model import Point
from ondol.sites.point_index import PointIndex
from ondol.sites.rules import is_own_name


@dataclass(frozen=True, slots=True)
class Matched:
    """Points by source, names that wait by source, and for each other source the reason why its readings are refused."""

    points: dict[str, Point]
    waiting: dict[str, Waiting]
    refused: dict[str, str]


def match_points(access: Access, submission: Submission, bucket: str | None, needs: Matching) -> Matched:
    """The points that are meant. One out of reach is refused in the words for one that does not exist."""
    sources = set(submission.sources)
    names = own_names(access, sources, submission.details, bucket)
    found = _find(access, sources, names, needs.index)
    if access.buildings is None:
        names = _names_of_building(found, submission.details, bucket, needs.index)
        found = {source: found[source] for source in found.keys() - names.keys()} | _found_as(names, needs.index)
        found |= _found_as(_names_there(sources - found.keys(), submission.details, bucket, needs.index), needs.index)
    missing = sorted(sources - found.keys())
    registered = Registration()
    if missing and (needs.register_unknown or access.may_register):
        registered = register_points(access, missing, names, submission, bucket, needs)
        found |= _find(
            access, [it for it in missing if it not in names or access.buildings is not None], names, needs.index
        )
        if access.buildings is None:
            found |= _found_as(names, needs.index)
    reckoned = {source: _reckoned(source) for source, point in found.items() if point.formula}
    found = {source: point for source, point in found.items() if source not in reckoned}
    waiting = {source: it for source, it in registered.waiting.items() if source not in found}
    refused = registered.refused
    unknown = sources - found.keys() - waiting.keys()
    return Matched(
        found, waiting, {source: reckoned.get(source) or refused.get(source, _unknown(source)) for source in unknown}
    )


def _names_of_building(
    found: Mapping[str, Point], details: Details, bucket: str | None, index: PointIndex
) -> dict[str, str]:
    """The names by which a building knows the devices that another building knows by what was sent.

    Whoever names a building, by a tag or by writing into its bucket, means its devices; only a key that begins with that of its building
    is the same wherever it is sent.
    """
    names: dict[str, str] = {}
    for source, point in found.items():
        home = _home(source, details, bucket)
        if (
            home
            and home != point.building_key
            and not is_own_name(point.building_key, source)
            and not is_own_name(home, source)  # one of a kind: its point was moved here
            and index.is_building(home)
        ):
            names[source] = f"{home}.{source}"
    return names


def _names_there(sources: Iterable[str], details: Details, bucket: str | None, index: PointIndex) -> dict[str, str]:
    """The names that unknown sources go by where two buildings have a device of one name, and the other one's waits."""
    homes = {source: _home(source, details, bucket) for source in sources}
    return {source: f"{home}.{source}" for source, home in homes.items() if home and index.is_building(home)}


def _home(source: str, details: Details, bucket: str | None) -> str | None:
    sent = details.get(source)
    return (sent.tags.get("building_id") if sent else None) or bucket


def _found_as(names: Mapping[str, str], index: PointIndex) -> dict[str, Point]:
    known = index.find(names.values()) if names else {}
    return {source: known[name] for source, name in names.items() if name in known}


def _find(access: Access, sources: Collection[str], names: Mapping[str, str], index: PointIndex) -> dict[str, Point]:
    """The points in reach, by source: under the name that belongs to their building, else under the one that was sent."""
    if access.buildings is None and access.spaces is None:
        return index.find(sources)
    found = _in_reach(access, sources, names, index.remembered({*sources, *names.values()}))
    # A name that is not the one in use is no reason to ask the database each time, nor to wait for it while it is away.
    missing = {source for source in sources if source not in found}
    if missing:
        asked = {names[source] for source in missing if source in names}
        found |= _in_reach(access, missing, names, index.find(missing | asked))
    return found


def _in_reach(
    access: Access, sources: Iterable[str], names: Mapping[str, str], known: Mapping[str, Point]
) -> dict[str, Point]:
    candidates = {
        source: known.get(names.get(source, source)) or _by_what_was_sent(source, names, known) for source in sources
    }
    return {
        source: point
        for source, point in candidates.items()
        if point is not None and access.reaches_space(point.building_key, point.space)
    }


def _by_what_was_sent(source: str, names: Mapping[str, str], known: Mapping[str, Point]) -> Point | None:
    """The point that goes by the name that was sent, unless it is a device of another building than the one that is meant."""
    point = known.get(source)
    if point is None or source not in names or is_own_name(point.building_key, source):
        return point
    return point if names[source] == f"{point.building_key}.{source}" else None


def _reckoned(source: str) -> str:
    return f"{source!r} is a virtual point, reckoned by its formula; send the readings of the points that it reads"


def _unknown(source: str) -> str:
    return (
        f"there is no point {source!r}: create it with POST /api/v1/points, or write with a token made with --register"
    )
