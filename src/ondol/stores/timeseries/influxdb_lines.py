"""Readings as line protocol: the guide's measurement, tags and fields, with the point's key as one more tag.

sensor_readings,building_id=building_001,floor=3,point=building_001.temp,room=office_301,sensor_type=temperature
    value=23.5,unit="degC",status="normal" 1705314600000000000
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import repeat

import polars as pl

from ondol.common.quality import Quality, quality_name
from ondol.readings.model import READINGS, Form
from ondol.readings.ports import BatchLines
from ondol.sites.model import Point

MEASUREMENT = "sensor_readings"
GOOD_STATUS = "normal"
"""The guide's word for a reading without flags."""
_FIELD = "value"
_ZEROS = {10**9: b"0" * 9, 10**6: b"0" * 6, 10**3: b"0" * 3, 1: b""}
"""What makes nanoseconds of a stamp, by its unit in nanoseconds."""
_STATUS = [GOOD_STATUS, *(quality_name(bits) for bits in range(1, 256))]
"""By quality: that word, or the names of the flags."""

PointsById = Callable[[Iterable[int]], Mapping[int, Point]]


@dataclass(slots=True)
class _Known:
    """What is remembered of points, by id, since one version of them."""

    version: object
    parts: dict[int, tuple[str, str]] = field(default_factory=dict[int, tuple[str, str]])
    keys: dict[int, str] = field(default_factory=dict[int, str])
    tags: dict[int, dict[str, str]] = field(default_factory=dict[int, dict[str, str]])
    forms: set[tuple[int, Form]] = field(default_factory=set[tuple[int, Form]])


class LineWriter:
    """Renders batches; what it needs of the points is remembered."""

    def __init__(self, points_by_id: PointsById, version: Callable[[], object] = lambda: None) -> None:
        """What is remembered holds while `version` answers the same."""
        self._points_by_id = points_by_id
        self._version = version
        self._known = _Known(None)

    def key(self, point_id: int) -> str | None:
        """Name of a point in the store, None when there is no such point. May raise StoreUnavailable."""
        return self._learn([point_id]).keys.get(point_id)

    def keys(self, point_ids: Iterable[int]) -> dict[int, str]:
        """Names of those points that exist."""
        wanted = list(point_ids)
        known = self._learn(wanted).keys
        return {point_id: known[point_id] for point_id in wanted if point_id in known}

    def is_present(self, point_id: int, tags: Mapping[str, str | None]) -> bool:
        """Whether a series has the tags that are written now; before a change of the point it had others."""
        return {name: value for name, value in tags.items() if value} == self._learn([point_id]).tags.get(point_id)

    def render(self, readings: pl.DataFrame) -> Iterator[str]:
        """The batch (READINGS) as lines with nanosecond stamps; readings of points that no longer exist are left out."""
        # Plain Python: for the thousand rows of a usual request it is twice as fast as columns.
        ids, times_us, values, quality = (readings[name].to_list() for name in READINGS)
        wanted = set(ids)
        parts = self._learn(wanted).parts
        missing = wanted - parts.keys()
        status = repeat(_STATUS[0]) if not any(quality) else map(_STATUS.__getitem__, quality)
        for point_id, time_us, value, word in zip(ids, times_us, values, status):  # noqa: B905  repeat() has no end
            if not missing or point_id not in missing:
                head, middle = parts[point_id]
                yield f'{head}{value}{middle}{word}" {time_us}000'

    def pass_on(self, readings: pl.DataFrame, as_sent: BatchLines) -> bytes | None:
        """The lines as they were sent, with nanosecond stamps, when `render` would say the same; otherwise None."""
        zeros = _ZEROS.get(as_sent.sent.unit_ns)
        if zeros is None or readings["quality"].max():
            return None
        known = self._present()
        if not as_sent.forms <= known.forms:
            known = self._learn(point_id for point_id, _ in as_sent.forms)
            if not as_sent.forms <= known.forms:
                return None
        body = as_sent.sent.body
        return body.replace(b"\n", zeros + b"\n") + zeros if zeros else body

    def _learn(self, point_ids: Iterable[int]) -> _Known:
        """Make sure that what exists among the points is known."""
        known = self._present()
        unknown = set(point_ids) - known.parts.keys()
        if unknown:
            found = self._points_by_id(unknown)
            known.keys |= {point.id: point.name_in_store for point in found.values()}
            for point in found.values():
                head, texts = _head(point), f',unit="{_text(point.unit)}",status="'
                known.tags[point.id] = tags_of(point)
                known.parts[point.id] = f"{head} {_FIELD}=", texts
                known.forms.add((point.id, (head, _FIELD, f'{texts}{GOOD_STATUS}"')))
        return known

    def _present(self) -> _Known:
        """What was learnt since points last changed; another thread goes on with what it has."""
        known, version = self._known, self._version()
        if version != known.version:
            known = self._known = _Known(version)
        return known


_BITS = {name: bits for bits, name in enumerate(_STATUS)}


def quality_of(status: str | None) -> int:
    """The quality that a status stands for; what others wrote is good unless it says otherwise."""
    return _BITS.get(status or GOOD_STATUS, int(Quality.GOOD))


def tags_of(point: Point) -> dict[str, str]:
    """The tags of the point's series."""
    tags = {
        "building_id": point.building_key,
        "floor": point.floor,
        "point": point.name_in_store,
        "room": point.space,
        "sensor_type": point.quantity,
    }
    # A tag without a value makes InfluxDB refuse the line.
    return {name: tag for name, value in tags.items() if value and (tag := _tag(value))}


def _head(point: Point) -> str:
    return MEASUREMENT + "".join(f",{name}={_escaped(tag)}" for name, tag in tags_of(point).items())


def _tag(value: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in value).strip().rstrip("\\")


def _escaped(escaped: str) -> str:
    for sign in (",", "=", " "):
        escaped = escaped.replace(sign, f"\\{sign}")
    return escaped


def _text(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')
