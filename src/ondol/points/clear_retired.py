"""The store of raw readings lets go of points that are gone; what arrived late for a merged one goes over first."""

from ondol.common.instants import epoch_s
from ondol.points.merge_points import copy_readings
from ondol.points.needs import PointNeeds

LATEST_ARRIVAL_S = 300
"""So long after a point was retired, a request that had found it before may still store readings of it."""


def clear_retired(needs: PointNeeds) -> None:
    """Remove their readings. Raises StoreUnavailable; doing it again changes nothing."""
    until_s = epoch_s(needs.clock()) - LATEST_ARRIVAL_S
    gone = [it for it in needs.records.retired() if not it.is_there and it.retired_at_s <= until_s]
    for it in gone:
        to = needs.records.merged([it.point_id]).get(it.point_id)
        if to is not None and to.point_id == it.into:
            copy_readings(it.point_id, to.point_id, it.plan, needs)
    if gone:
        needs.timeseries.remove({it.point_id: it.stored_as for it in gone})
        needs.records.cleared([it.point_id for it in gone])
