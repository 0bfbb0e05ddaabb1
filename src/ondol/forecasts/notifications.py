"""What a building's people should know now: `notification:{building}`, as the guide has it."""

import contextlib
from dataclasses import dataclass
from datetime import datetime

import orjson

from ondol.common.access import Access
from ondol.common.cache import Cache
from ondol.common.errors import StoreUnavailable
from ondol.common.messages import Message
from ondol.forecasts.needs import ForecastNeeds
from ondol.sites.reach import reach_whole_building


@dataclass(frozen=True, slots=True)
class Notification:
    """A message about a building; `timestamp` is the instant that it is about."""

    type: str
    message: Message
    timestamp: datetime


def leave_notification(
    building_key: str, message: Message, timestamp: datetime, keep_s: float, cache: Cache | None
) -> None:
    """Keep the newest one for a while. Nobody is told while the cache is away."""
    document = {
        "type": "energy_alert",
        "message": message.key,
        "values": dict(message.values),
        "timestamp": timestamp.isoformat(),
    }
    with contextlib.suppress(StoreUnavailable):
        if cache is not None:
            cache.set(_key(building_key), orjson.dumps(document), keep_s)


def read_notification(access: Access, building_key: str, needs: ForecastNeeds) -> Notification | None:
    """The newest one of a whole building, None when all is quiet. Raises NotFound, StoreUnavailable."""
    building = reach_whole_building(access, building_key, needs.sites)
    document = None if needs.cache is None else needs.cache.get(_key(building.key))
    if document is None:
        return None
    stored = orjson.loads(document)
    message = Message(stored["message"], stored["values"])
    return Notification(stored["type"], message, datetime.fromisoformat(stored["timestamp"]))


def _key(building_key: str) -> str:
    return f"notification:{building_key}"
