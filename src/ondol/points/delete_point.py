"""A point is deleted, with all that is kept of it: first what that is, then, when they mean it, for good."""

from datetime import UTC, datetime

from ondol.common.access import Access, Scope
from ondol.common.errors import Unconfirmed
from ondol.common.instants import DAY_US, epoch_s, epoch_us, format_instant
from ondol.points.change_point import check_not_read, check_without, require_whole
from ondol.points.model import Hanging
from ondol.points.needs import PointNeeds
from ondol.readings.model import LATEST_US
from ondol.sites.model import Point
from ondol.sites.reach import reach_point


def delete_point(access: Access, key: str, confirm: str | None, needs: PointNeeds) -> None:
    """Delete it. `confirm` is its key: without it nothing happens but Unconfirmed, which says what would go. Raises NotFound.

    Its id is never given again, its raw readings answer nobody, those on their way are dropped, and what its device sends
    from now on is a new device's.
    """
    point = reach_point(access, key, needs.sites, Scope.WRITE)
    building = require_whole(access, point, needs)
    check_not_read(point, "is deleted", needs)
    check_without(point, point.submeter_of, needs)
    if confirm != point.key:
        raise Unconfirmed(_question(point, look_at_what_hangs(access, point.key, needs)))
    needs.records.delete(point, epoch_s(needs.clock()))
    needs.settle([point], [building])
    needs.audit.record(access, "point deleted", f"{point.key} of {building.key}")


def look_at_what_hangs(access: Access, key: str, needs: PointNeeds) -> Hanging:
    """What goes with a point. Raises NotFound."""
    point = reach_point(access, key, needs.sites, Scope.WRITE)
    require_whole(access, point, needs)
    first_us = needs.timeseries.next_after(point.id, 0)
    newest = needs.timeseries.latest([point.id], LATEST_US)
    raw = (first_us, int(newest["time_us"][0])) if first_us is not None and newest.height else None
    count = int(needs.timeseries.buckets(point.id, raw[0], raw[1] + 1, DAY_US)["count"].sum()) if raw else 0
    extent = needs.history.extent([point.id]).get(point.id)
    kept = needs.history.coverage([point.id], *extent)["intervals"].sum() if extent else 0
    return Hanging(
        count, *((_instant(raw[0] / 1e6), _instant(raw[1] / 1e6)) if raw else (None, None)),
        int(kept), *((_instant(extent[0]), _instant(extent[1])) if extent else (None, None)),
        sum(repair.undone_at_s is None for repair in needs.repairs.of_point(point.id)),
        [it.key for it in needs.sites.points(point.building_key) if it.submeter_of == point.key],
        needs.records.names([point.id]).get(point.id, []),
    )  # fmt: skip


def _instant(seconds: float) -> datetime:
    return datetime.fromtimestamp(int(seconds), UTC)


def _question(point: Point, hanging: Hanging) -> str:
    """What would be lost, in words."""
    parts = [f"{hanging.readings:,} raw readings{_span(hanging.raw_from, hanging.raw_to)}"]
    parts.append(f"{hanging.intervals:,} intervals of history{_span(hanging.kept_from, hanging.kept_to)}")
    parts.append(f"{hanging.repairs:,} repairs")
    parts.append(f"{len(hanging.names):,} aliases")
    sentence = f"with {point.key!r} go {', '.join(parts)}, for good"
    if hanging.submeters:
        where = f"behind {point.submeter_of!r}" if point.submeter_of else "behind no meter, and may count as mains"
        sentence += f"; its submeters {', '.join(hanging.submeters[:5])} will stand {where}"
    return f"{sentence}. What it counted leaves the building's usage. To delete it, send confirm={point.key}"


def _span(first: datetime | None, last: datetime | None) -> str:
    if first is None or last is None:
        return ""
    return f" from {format_instant(epoch_us(first))[:10]} to {format_instant(epoch_us(last))[:10]}"
