"""What InfluxQL may ask of `sensor_readings`."""

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

AGGREGATES = ("mean", "first", "last", "sum", "min", "max", "spread", "count")
TRANSFORMS = {
    "derivative": "duration", "non_negative_derivative": "duration", "difference": None, "non_negative_difference": None,
    "cumulative_sum": None, "moving_average": "number",
}  # fmt: skip
"""What is done with an aggregate's rows in order, and what stands behind a comma in it."""


@dataclass(frozen=True, slots=True)
class TagTest:
    """A condition on a tag: `=`, `!=`, `=~` or `!~`."""

    tag: str
    operator: str
    value: str


@dataclass(frozen=True, slots=True)
class Either:
    """Conditions of which one has to hold, or all with `needs_all`."""

    parts: tuple["TagTest | Either", ...]
    needs_all: bool


@dataclass(slots=True)
class Bounds:
    """`start_us <= time < end_us`."""

    start_us: int = 0
    end_us: int | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A field, or an aggregate of it; what is then made of its rows, and of each value: `* 1000`, `/ 4`, `+ 1`, `- 1` in turn.

    `parameter` is the unit of a derivative in microseconds (None: the step of the rows), or the length of a moving average.
    """

    title: str
    field: str
    aggregate: str | None = None
    transform: str | None = None
    parameter: int | None = None
    maths: tuple[tuple[str, float], ...] = ()


@dataclass(slots=True)
class Select:
    """`SELECT ... FROM sensor_readings`. `step_us` None without GROUP BY time, whose days begin by the clock of `zone` (None: UTC).

    `fill`: null, none, previous, linear, or a number as text.
    """

    columns: list[Column]
    where: Either
    bounds: Bounds
    tags: list[str] = field(default_factory=list[str])
    step_us: int | None = None
    offset_us: int = 0
    fill: str = "null"
    zone: ZoneInfo | None = None
    is_newest_first: bool = False
    limit: int | None = None
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Show:
    """`SHOW what`: databases, measurements, field keys, tag keys, tag values of `keys`, retention policies."""

    what: str
    where: Either
    keys: tuple[str, ...] = ()
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Make:
    """`CREATE DATABASE`: nothing is to be done."""


Statement = Select | Show | Make
