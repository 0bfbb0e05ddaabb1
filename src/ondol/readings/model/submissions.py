"""What a device or program sends: columns of values with the line that each came from, and the lines that were refused."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ondol.common.units import find_unit, several_meanings

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


UNIT_TEXTS = ("unit", "unit_of_measurement_str", "unit_of_measurement")
"""Text fields that name the unit of the numbers beside them; the first that is there counts."""
TELLING_TEXTS = (
    *UNIT_TEXTS, "device_class_str", "device_class", "state_class_str", "state_class", "friendly_name_str", "friendly_name",
)  # fmt: skip
"""Text fields that say what the numbers beside them are."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What came along with the name of a point: of line protocol its parts, of JSON a unit at most."""

    measurement: str = ""
    field: str = ""
    tags: Mapping[str, str] = dataclasses.field(default_factory=dict[str, str])
    texts: Mapping[str, str] = dataclasses.field(default_factory=dict[str, str])

    @property
    def is_home_assistant(self) -> bool:
        """Whether it is an entity of Home Assistant, whose measurement is the unit."""
        return "entity_id" in self.tags and "point" not in self.tags

    @property
    def unit(self) -> str:
        """The unit as it was sent, empty without one."""
        named = next((self.texts[name] for name in UNIT_TEXTS if self.texts.get(name)), "")
        return named or self._tag or (self.measurement if self._is_entity else "")

    @property
    def unit_of_name(self) -> str | None:
        """The unit that stands in the name itself, a tag or an entity's measurement, where it is one that is known."""
        return self._tag or (self.measurement if self._is_entity and find_unit(self.measurement) else None)

    @property
    def _is_entity(self) -> bool:
        return self.is_home_assistant and self.field == "value"

    @property
    def _tag(self) -> str:
        """The tag `unit`, where it is one: a flat and a service may be called so, too."""
        tag = self.tags.get("unit", "")
        return tag if tag and not tag.isdecimal() and (find_unit(tag) or several_meanings(tag)) else ""

    @property
    def usual_key(self) -> str | None:
        """The key that the parts make, None where the name itself is one: of an entity its own, else all parts, the building first."""
        if not self.measurement or "point" in self.tags:
            return None
        if self.measurement == "sensor_readings" and self.field == "value":
            return None
        if self.is_home_assistant:
            return ".".join([self.tags["entity_id"], *([] if self.field == "value" else [self.field])])
        words = [self.measurement, *(value for _, value in sorted(self.tags.items())), self.field]
        building = self.tags.get("building_id")
        return ".".join([building, *(word for word in words if word != building)] if building else words)


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
    details: dict[str, Sent] = field(default_factory=dict[str, Sent])
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
