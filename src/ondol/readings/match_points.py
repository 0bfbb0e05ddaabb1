"""Which point a device means, and registering it when that is allowed."""

import re
from dataclasses import dataclass

from ondol.common.errors import AlreadyExists
from ondol.common.units import find_unit
from ondol.people.model import Token
from ondol.readings.model import Submission
from ondol.sites.model import Point, PointKind
from ondol.sites.point_index import PointIndex
from ondol.sites.ports import Directory

_MOST_NEW_POINTS_A_REQUEST = 1000


@dataclass(frozen=True, slots=True)
class Matcher:
    """Matches the sources of one sender. `register` says whether unknown points may be created."""

    index: PointIndex
    directory: Directory
    token: Token | None
    register: bool
    bucket: str | None = None

    def match(self, submission: Submission) -> tuple[dict[str, Point], dict[str, str]]:
        """Points by source, and for each source without one the reason why its readings are refused."""
        sources = set(submission.sources)
        found = self.index.find(sources)
        missing = sorted(sources - found.keys())
        refused: dict[str, str] = {}
        if missing and self.register:
            refused = self._register(missing, submission)
            found |= self.index.find(missing)
        if self.token and self.token.buildings is not None:
            for source in [s for s, point in found.items() if not self.token.allows(point.building_key)]:
                refused[source] = f"the token does not reach building {found.pop(source).building_key!r}"
        for source in missing:
            if source not in found:
                refused.setdefault(
                    source,
                    f"there is no point {source!r}: create it with POST /api/v1/points, or write with a token made with --register",
                )
        return found, refused

    def _register(self, sources: list[str], submission: Submission) -> dict[str, str]:
        refused: dict[str, str] = {}
        for source in sources[_MOST_NEW_POINTS_A_REQUEST:]:
            refused[source] = (
                f"more than {_MOST_NEW_POINTS_A_REQUEST} unknown points in one request; send fewer at a time"
            )
        for source in sources[:_MOST_NEW_POINTS_A_REQUEST]:
            details = submission.details.get(source, {})
            building = self._building_for(source, details)
            if building is None:
                refused[source] = (
                    f"no building is known for the new point {source!r}: send a building_id tag, begin the key with the "
                    "building's key, write to a bucket of its name, or use a token limited to one building"
                )
                continue
            try:
                self.directory.add_points(building, [describe_new_point(source, details)])
            except AlreadyExists:
                # Another request was quicker, or two names come down to one key.
                if not self.index.find([source]):
                    refused[source] = f"the key for {source!r} is taken by another point; send a point tag"
        self.index.forget()
        return refused

    def _building_for(self, source: str, details: dict[str, str]) -> str | None:
        keys = {building.key for building in self.directory.buildings()}
        named = [details.get("building_id"), source.split(".")[0], self.bucket]
        if self.token and self.token.buildings and len(self.token.buildings) == 1:
            named.append(next(iter(self.token.buildings)))
        if len(keys) == 1:
            named.append(next(iter(keys)))
        return next((key for key in named if key in keys), None)


def describe_new_point(source: str, details: dict[str, str]) -> dict[str, object]:
    """Fields of a point that is registered because readings of it arrived."""
    key = details.get("key") or source
    quantity = details.get("sensor_type") or key.rsplit(".", 1)[-1]
    unit = find_unit(details.get("unit", ""))
    description: dict[str, object] = {
        "key": _slug(key),
        "name": key,
        "quantity": quantity[:50],
        "unit": unit.symbol if unit else (details.get("unit") or _USUAL_UNITS.get(quantity, ""))[:20],
        "kind": PointKind.MEASUREMENT.value,
        "floor": details.get("floor"),
    }
    if description["key"] != source:
        description["alias"] = source
    return description


_USUAL_UNITS = {"temperature": "degC", "humidity": "%", "illuminance": "lx", "co2": "ppm", "power": "kW"}


def _slug(text: str) -> str:
    return re.sub(r"[^\w.\-]+", "_", text).strip("_.")[:200] or "point"
