"""Readings that were refused, by who sent them: an administrator sees them, though the device may never look at its answers."""

import contextlib
from dataclasses import dataclass
from urllib.parse import quote

import orjson
import structlog

from ondol.common.access import Access, Scope
from ondol.common.cache import Cache
from ondol.common.clock import Clock
from ondol.common.errors import StoreUnavailable
from ondol.common.instants import DAY_S, epoch_us, format_instant
from ondol.readings.model import Receipt

_KEPT_FOR_S = 30 * DAY_S
_MOST_REASONS = 20
_LONGEST_REASON = 300
_PREFIX = "refused:"
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class RefusedReadings:
    """What was refused of one sender: how many readings, when last (RFC 3339), and the newest reasons with their numbers."""

    who: str
    number: int
    last_at: str
    reasons: dict[str, int]


def note_refused(access: Access, receipt: Receipt, cache: Cache, clock: Clock) -> None:
    """Count and log what was refused. A cache that is away costs the count, not the readings."""
    if not receipt.rejected:
        return
    first = receipt.errors[0]
    _log.warning(
        "readings refused",
        who=access.who,
        refused=receipt.rejected,
        line=first.line,
        reason=first.reason[:_LONGEST_REASON],
    )
    key = _PREFIX + quote(access.who, safe="")
    with contextlib.suppress(StoreUnavailable):
        kept = cache.get(key)
        known = RefusedReadings(**orjson.loads(kept)) if kept else RefusedReadings(access.who, 0, "", {})
        reasons = dict(known.reasons)
        for refusal in receipt.errors:
            reason = refusal.reason[:_LONGEST_REASON]
            reasons[reason] = reasons.pop(reason, 0) + 1
        newest = dict(list(reasons.items())[-_MOST_REASONS:])
        now = format_instant(epoch_us(clock()))
        cache.set(
            key, orjson.dumps(RefusedReadings(access.who, known.number + receipt.rejected, now, newest)), _KEPT_FOR_S
        )


def refused_readings(access: Access, cache: Cache) -> list[RefusedReadings]:
    """By sender, of the last 30 days. Raises NotAllowed, StoreUnavailable."""
    access.require_everything(Scope.READ if access.token is not None else Scope.ADMIN)
    found = cache.get_many(cache.keys(_PREFIX))
    return sorted((RefusedReadings(**orjson.loads(kept)) for kept in found.values()), key=lambda it: it.who)
