"""What hangs on a point, and what a merge of two makes of them."""

from dataclasses import dataclass, field
from datetime import date, datetime

from ondol.history.repair_history import PeriodChange

Stretch = tuple[int, int]
"""A half-open range of time in microseconds."""


@dataclass(frozen=True, slots=True)
class Hanging:
    """What goes with a point when it is deleted. Instants are None where there is nothing."""

    readings: int
    raw_from: datetime | None
    raw_to: datetime | None
    intervals: int
    kept_from: datetime | None
    kept_to: datetime | None
    repairs: int
    submeters: list[str]
    names: list[str]


@dataclass(frozen=True, slots=True)
class Joint:
    """Where one register follows another: the last stand of the one, at `ended_us`, and the first stand of the other, at `at_us`.

    `is_swap`: another register began there, so that what lies between the stands was not counted.
    """

    ended_us: int
    at_us: int
    last_value: float
    first_value: float
    is_swap: bool


@dataclass(frozen=True, slots=True)
class MergePlan:
    """What was decided when a merge began. Readings within the stretches are taken over, values times `factor` plus `shift`."""

    stretches: list[Stretch]
    factor: float = 1.0
    shift: float = 0.0
    joints: list[Joint] = field(default_factory=list[Joint])
    made_by: str = ""
    made_at_s: int = 0

    @property
    def keeps_names(self) -> bool:
        """Whether the names go along: of values in another unit, those to come would be misread."""
        return self.factor == 1.0 and self.shift == 0.0


@dataclass(frozen=True, slots=True)
class Merging:
    """A point that is gone or on its way into another one; `into` is None for one that was deleted."""

    point_id: int
    stored_as: str
    retired_at_s: int
    into: int | None
    plan: MergePlan
    is_there: bool


@dataclass(frozen=True, slots=True)
class MergeOutcome:
    """What a merge does, or would do. Where both points have history that of `into` counts; the first is gone afterwards.

    `overlap_s` is how long both have history, `conflict_s` how long it says different things. `days` and `months` are those of `into`
    before and after, in `unit`. `names` go to `into`, or where the units differ are `released`: they wait to be named anew.
    """

    point: str
    into: str
    readings: int
    intervals: int
    overlap_s: int
    conflict_s: int
    joints: list[Joint]
    names: list[str]
    released: list[str]
    submeters: list[str]
    repairs: int
    unit: str
    days: list[PeriodChange]
    months: list[PeriodChange]


@dataclass(frozen=True, slots=True)
class ChangePreview:
    """What the months count of a point before and after a change, each in its unit (empty: nothing); `after` of each row is the amount.

    `lost_until`: history before this day could not be made again, since its raw readings are gone.
    """

    unit_before: str
    months_before: list[PeriodChange]
    unit_after: str
    months_after: list[PeriodChange]
    lost_until: date | None
