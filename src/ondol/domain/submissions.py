"""What a device or program sends: columns of values with the line that each came from, and the lines that were refused."""

from collections.abc import Sequence
from dataclasses import dataclass, field

MOST_ERRORS = 100
"""An answer names this many bad lines; all of them are counted."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A line (1-based) of a body that was not stored, and why."""

    line: int
    reason: str


@dataclass(slots=True)
class Submission:
    """Readings as sent: columns of equal length. `sources` are point keys or the names under which devices send points.

    `units` holds the unit sent with a reading, or None when no reading had one. `details` tells, per source that may be
    registered, what is known about the new point.
    """

    sources: Sequence[str]
    times_us: Sequence[int]
    values: Sequence[float]
    lines: Sequence[int]
    units: Sequence[str | None] | None = None
    details: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])
    refusals: list[Refusal] = field(default_factory=list[Refusal])


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a submission; `accepted` readings are durable."""

    accepted: int
    rejected: int
    errors: list[Refusal]
