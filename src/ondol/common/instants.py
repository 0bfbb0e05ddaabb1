"""Instants as text and as numbers: seconds (`_s`) and microseconds (`_us`) since 1970-01-01T00:00:00Z."""

from datetime import UTC, datetime, timedelta

SECOND_US = 1_000_000
MINUTE_S = 60
QUARTER_S = 900
HOUR_S = 3600
DAY_S = 86_400
MINUTE_US = MINUTE_S * SECOND_US
QUARTER_US = QUARTER_S * SECOND_US
HOUR_US = HOUR_S * SECOND_US
DAY_US = DAY_S * SECOND_US

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def epoch_us(instant: datetime) -> int:
    """Microseconds of an aware datetime, exactly."""
    return (instant - _EPOCH) // _MICROSECOND


def epoch_s(instant: datetime) -> int:
    """Full seconds of an aware datetime."""
    return int(instant.timestamp())


def epoch_h(instant: datetime) -> int:
    """Full hours of an aware datetime."""
    return epoch_s(instant) // HOUR_S


def from_epoch_us(time_us: int) -> datetime:
    """The instant in UTC, exactly."""
    return _EPOCH + timedelta(microseconds=time_us)


def from_epoch_s(time_s: float) -> datetime:
    """The instant in UTC."""
    return datetime.fromtimestamp(time_s, UTC)


def parse_instant(text: str) -> datetime:
    """An RFC 3339 instant (`2026-01-15T10:30:00Z`) as an aware UTC datetime.

    Raises ValueError when the text is no such instant or has no offset.
    """
    if len(text) < 20 or text[4] != "-" or text[5] in "Ww" or text[10] not in "Tt ":
        raise ValueError("not an RFC 3339 time such as 2026-01-15T10:30:00Z")
    instant = datetime.fromisoformat(text.upper())
    if instant.tzinfo is None:
        raise ValueError("a time needs a zone: end it with Z or an offset such as +09:00")
    return instant.astimezone(UTC)


def format_instant(time: datetime | int) -> str:
    """RFC 3339 in UTC of an aware datetime or of microseconds, with as many digits as the instant has: `2026-01-15T10:30:00Z`."""
    seconds, micro = divmod(epoch_us(time) if isinstance(time, datetime) else time, SECOND_US)
    text = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{text}.{micro:06d}".rstrip("0") + "Z" if micro else f"{text}Z"
