"""What of a point's history is suspect or missing, as stretches that a person may look at and repair."""

from dataclasses import dataclass
from datetime import datetime

from ondol.common.access import Access
from ondol.common.errors import InvalidInput
from ondol.common.instants import epoch_s, from_epoch_s
from ondol.common.messages import said
from ondol.history.ports import HistoryRecords
from ondol.history.rules.repairs import flagged_stretches
from ondol.sites.ports import SiteRecords
from ondol.sites.reach import reach_point

MOST_STRETCHES = 1000


@dataclass(frozen=True, slots=True)
class FlaggedStretch:
    """Neighbouring intervals of the same flags: how many, and the sum of their values. `quality` is None where they are missing."""

    start: datetime
    end: datetime
    quality: int | None
    intervals: int
    value: float | None


def find_flagged(
    access: Access, point_key: str, start: datetime, end: datetime, *, sites: SiteRecords, history: HistoryRecords
) -> list[FlaggedStretch]:
    """The newest stretches that meet the range, at most a thousand, the newest first.

    Raises NotFound, InvalidInput when the end is not after the start.
    """
    point = reach_point(access, point_key, sites)
    if end <= start:
        raise InvalidInput(said("the end must lie after the start; swap them or choose a longer range"))
    found = flagged_stretches(history.read([point.id], epoch_s(start), epoch_s(end)))
    return [
        FlaggedStretch(from_epoch_s(first), from_epoch_s(last), quality, count, value)
        for first, last, quality, count, value in found.tail(MOST_STRETCHES).reverse().iter_rows()
    ]
