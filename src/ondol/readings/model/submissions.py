"""What a device or program sends: columns of values with the line that each came from, and the lines that were refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

MOST_ERRORS = 100
"""An answer names this many bad lines; all of them are counted."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A line (1-based) of a body that was not stored, and why."""

    line: int
    reason: str


Form = tuple[str, str, str]
"""What a line of line protocol says around its number: measurement with tags, the field's name, and the text fields from their comma on."""


@dataclass(frozen=True, slots=True)
class SentLines:
    """The line protocol that readings were read from: one line for each reading, in order, that says no more and no less.

    Stamps count `unit_ns` nanoseconds. `forms` holds every form that occurs and its source. There are no comments, no empty
    lines, no line break at the end, and every number is one in JSON, too.
    """

    body: bytes
    unit_ns: int
    forms: Mapping[Form, str]


@dataclass(slots=True)
class Submission:
    """Readings as sent: columns of equal length. `sources` are point keys or the names under which devices send points.

    `units` holds the unit sent with a reading, or None when no reading had one. `details` tells, per source that may be
    registered, what is known about the new point. `sent` are the lines themselves where they say just what the columns say.
    `stamp_ns` is what one count of a bare stamp means, None where times are written out.
    """

    sources: Sequence[str]
    times_us: Sequence[int]
    values: Sequence[float]
    lines: Sequence[int]
    units: Sequence[str | None] | None = None
    details: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])
    refusals: list[Refusal] = field(default_factory=list[Refusal])
    sent: SentLines | None = None
    stamp_ns: int | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a submission; `accepted` readings are durable."""

    accepted: int
    rejected: int
    errors: list[Refusal]

    def followed_by(self, later: "Receipt", lines_before: int) -> "Receipt":
        """This one and that of the part of the same body behind so many lines."""
        errors = [*self.errors, *(Refusal(lines_before + it.line, it.reason) for it in later.errors)][:MOST_ERRORS]
        return Receipt(self.accepted + later.accepted, self.rejected + later.rejected, errors)
