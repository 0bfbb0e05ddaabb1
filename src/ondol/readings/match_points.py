"""Which point a device means, and registering it when that is allowed."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from ondol.common.access import Access
from ondol.common.audit import Audit
from ondol.common.results import Results
from ondol.readings.model import Submission
from ondol.readings.register_points import own_names, register_points
from ondol.sites.model import Point
from ondol.sites.point_index import PointIndex
from ondol.sites.ports import SiteRecords


@dataclass(frozen=True, slots=True)
class Matching:
    """What matching needs. `register_unknown`: whoever may write may create points by writing to them."""

    records: SiteRecords
    index: PointIndex
    results: Results
    audit: Audit
    register_unknown: bool


def match_points(
    access: Access, submission: Submission, bucket: str | None, needs: Matching
) -> tuple[dict[str, Point], dict[str, str]]:
    """Points by source, and for each source without one the reason why its readings are refused.

    A point out of reach is refused in the words for one that does not exist.
    """
    sources = set(submission.sources)
    names = own_names(access, sources, submission.details, bucket)
    found = _find(access, sources, names, needs.index)
    if access.buildings is None and bucket:
        names = _names_of_bucket(found, bucket, needs.index)
        found = {source: found[source] for source in found.keys() - names.keys()} | _found_as(names, needs.index)
    missing = sorted(sources - found.keys())
    refused: dict[str, str] = {}
    if missing and (needs.register_unknown or access.may_register):
        refused = register_points(
            access, missing, names, submission.details, bucket,
            records=needs.records, index=needs.index, results=needs.results, audit=needs.audit,
        )  # fmt: skip
        found |= _find(
            access, [it for it in missing if it not in names or access.buildings is not None], names, needs.index
        )
        if access.buildings is None:
            found |= _found_as(names, needs.index)
    return found, {source: refused.get(source, _unknown(source)) for source in sources - found.keys()}


def _names_of_bucket(found: Mapping[str, Point], bucket: str, index: PointIndex) -> dict[str, str]:
    """The names by which the building of a bucket knows the devices that another building knows by what was sent.

    Whoever writes into the bucket of a building means its devices; only the key of a point is the same wherever it is sent.
    """
    others = [source for source, point in found.items() if point.building_key != bucket and point.key != source]
    return {source: f"{bucket}.{source}" for source in others} if others and index.is_building(bucket) else {}


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
    candidates = {source: known.get(names.get(source, source)) or known.get(source) for source in sources}
    return {
        source: point
        for source, point in candidates.items()
        if point is not None and access.reaches_space(point.building_key, point.space)
    }


def _unknown(source: str) -> str:
    return (
        f"there is no point {source!r}: create it with POST /api/v1/points, or write with a token made with --register"
    )
