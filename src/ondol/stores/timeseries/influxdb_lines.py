"""Readings as line protocol: the guide's measurement, tags and fields, with the point's key as one more tag.

sensor_readings,building_id=building_001,floor=3,point=building_001.temp,room=office_301,sensor_type=temperature
    value=23.5,unit="degC",status="normal" 1705314600000000000
"""

import threading
from collections.abc import Callable, Iterable, Mapping

import polars as pl

from ondol.domain.points import Point
from ondol.domain.quality import Quality, quality_name

MEASUREMENT = "sensor_readings"
NORMAL = "normal"
_STATUS = pl.Series("status", [NORMAL, *(quality_name(bits) for bits in range(1, 256))], dtype=pl.String)
"""By quality: the guide's `normal`, or the names of the flags."""

PointsById = Callable[[Iterable[int]], Mapping[int, Point]]


class LineWriter:
    """Renders batches; what it needs of the points is remembered."""

    def __init__(self, points_by_id: PointsById) -> None:
        self._points_by_id = points_by_id
        self._parts = _PARTS.to_frame()
        self._known: set[int] = set()
        self._keys: dict[int, str] = {}
        self._lock = threading.Lock()

    def key(self, point_id: int) -> str | None:
        """Key of a point, None when there is no such point. May raise StoreUnavailable."""
        self._learn([point_id])
        return self._keys.get(point_id)

    def keys(self, point_ids: Iterable[int]) -> dict[int, str]:
        """Keys of those points that exist."""
        wanted = list(point_ids)
        self._learn(wanted)
        return {point_id: self._keys[point_id] for point_id in wanted if point_id in self._keys}

    def render(self, readings: pl.DataFrame) -> str:
        """The batch (READINGS) as lines with nanosecond stamps; readings of points that no longer exist are left out."""
        self._learn(readings["point_id"].unique().to_list())
        status = pl.Series("status", _STATUS).gather(readings["quality"])
        return (
            readings.with_columns(status)
            .join(self._parts, on="point_id", how="inner", maintain_order="left")
            .select(
                pl.concat_str(
                    "head", pl.col("value").cast(pl.String), "middle", "status", pl.lit('" '), "time_us", pl.lit("000")
                ).str.join("\n")
            )
            .item()
        ) or ""

    def _learn(self, point_ids: Iterable[int]) -> None:
        missing = [point_id for point_id in point_ids if point_id not in self._known]
        if not missing:
            return
        found = self._points_by_id(missing)
        rows = [(point.id, _head(point), f',unit="{_text(point.unit)}",status="') for point in found.values()]
        with self._lock:
            self._parts = pl.concat([self._parts, pl.DataFrame(rows, schema=_PARTS, orient="row")]).unique("point_id")
            self._keys |= {point.id: point.key for point in found.values()}
            self._known |= found.keys()


_PARTS = pl.Schema({"point_id": pl.Int32, "head": pl.String, "middle": pl.String})
_BITS = {name: bits for bits, name in enumerate(_STATUS.to_list())}


def quality_of(status: str | None) -> int:
    """The quality that a status stands for; what others wrote is good unless it says otherwise."""
    return _BITS.get(status or NORMAL, int(Quality.GOOD))


def _head(point: Point) -> str:
    tags = {
        "building_id": point.building_key,
        "floor": point.floor,
        "point": point.key,
        "room": point.space,
        "sensor_type": point.quantity,
    }
    given = "".join(f",{name}={_tag(value)}" for name, value in tags.items() if value)
    return f"{MEASUREMENT}{given} value="


def _tag(value: str) -> str:
    escaped = value.replace("\n", " ").rstrip("\\")
    for sign in (",", "=", " "):
        escaped = escaped.replace(sign, f"\\{sign}")
    return escaped


def _text(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')
