"""Local days of a building as instants."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from ondol.common.errors import InvalidInput
from ondol.common.messages import said


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a local day, in UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def day_bounds(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """First instant of the local day and of the next one: 23, 24 or 25 hours apart."""
    return midnight(day, zone), midnight(day + timedelta(days=1), zone)


def is_midnight(instant: datetime, zone: ZoneInfo) -> bool:
    """Whether a local day begins at the instant."""
    return midnight(instant.astimezone(zone).date(), zone) == instant


_OF_THE_MACHINE = frozenset({"localtime", "posixrules", "Factory"})
"""Names that some machines know and that name no place."""


@cache
def _timezones() -> frozenset[str]:
    return frozenset(available_timezones()) - _OF_THE_MACHINE


def check_timezone(name: str) -> None:
    """Raises InvalidInput when there is no such IANA time zone."""
    try:
        ZoneInfo(name)
        if name not in _timezones():
            raise ValueError(name)
    except (KeyError, ValueError, OSError) as error:
        raise InvalidInput(
            said("there is no time zone %(name)s; write one such as Asia/Seoul or Europe/London", name=repr(name))
        ) from error
