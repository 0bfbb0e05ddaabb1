"""Instants as text and as numbers."""

from datetime import UTC, datetime


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


def format_instant(epoch_us: int) -> str:
    """RFC 3339 in UTC with as many digits as the instant has: `2026-01-15T10:30:00Z`."""
    seconds, micro = divmod(epoch_us, 1_000_000)
    text = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{text}.{micro:06d}".rstrip("0") + "Z" if micro else f"{text}Z"
