"""Repairs of a point's history, and what of it is suspect."""

from datetime import UTC, date, datetime

from pydantic import AwareDatetime, Field

from ondol.common.quality import quality_name
from ondol.history import FlaggedStretch, MadeRepair, PeriodChange, Repair, RepairAction
from ondol.web.api.shapes.base import Instant, Shape, Text

_MOST = 1e100


class RepairBody(Shape):
    """A repair of start <= t < end, taken in whole intervals of history."""

    start: Instant = Field(examples=["2026-11-16T09:00:00+09:00"])
    end: Instant | None = Field(
        None, description="needed but for swap and first_value, which are of the instant `start`", examples=["2026-11-16T12:00:00+09:00"]
    )  # fmt: skip
    action: RepairAction = Field(examples=["interpolate"])
    value: float | None = Field(
        None, ge=-_MOST, le=_MOST,
        description="set: the value, or the amount of the whole stretch; scale: the factor; shift: what is added; "
        "swap: the new meter's first stand; first_value: the register's stand at `start`; else left out",
    )  # fmt: skip
    last_value: float | None = Field(
        None, ge=-_MOST, le=_MOST, description="swap: the old meter's last stand, where it is known"
    )
    reason: Text = Field(min_length=1, max_length=500, examples=["the gateway was off"])


class RepairQuery(Shape):
    """How the repair is meant."""

    dry_run: bool = Field(False, description="only say what would change")


class PeriodChangeAnswer(Shape):
    """What a local day or month comes to before and after; null where nothing is known."""

    first_day: date
    before: float | None
    after: float | None


class RepairFields(Shape):
    """A repair; `covers_*` are the whole intervals that it changes. `made_by` is empty for who rents a part of the building."""

    point: str
    start: AwareDatetime
    end: AwareDatetime | None
    action: RepairAction
    value: float | None
    last_value: float | None
    reason: str
    made_by: str
    made_at: AwareDatetime
    covers_start: AwareDatetime
    covers_end: AwareDatetime
    undone_by: str | None
    undone_at: AwareDatetime | None


class RepairAnswer(RepairFields):
    """A repair that was made."""

    key: str


class RepairList(Shape):
    """All repairs of a point, the newest first, also those that are undone."""

    items: list[RepairAnswer]
    next: str | None


class MadeRepairAnswer(RepairFields):
    """A repair and what it changes in days and months: usage of meters, the sum of other amounts, the mean of a state.

    `key` is null on a dry run.
    """

    key: str | None
    unit: str
    days: list[PeriodChangeAnswer]
    months: list[PeriodChangeAnswer]


class FlaggedQuery(Shape):
    """Which part of history."""

    start: Instant = Field(description="first instant", examples=["2026-01-01T00:00:00+09:00"])
    end: Instant = Field(description="end, not included", examples=["2026-12-01T00:00:00+09:00"])


class FlaggedAnswer(Shape):
    """Neighbouring intervals of the same flags and the sum of their values, or a gap (`missing`)."""

    start: AwareDatetime
    end: AwareDatetime
    quality: str = Field(examples=["estimated+partial"])
    intervals: int
    value: float | None


class FlaggedList(Shape):
    """The newest stretches that are suspect or missing, at most a thousand, the newest first."""

    items: list[FlaggedAnswer]


def repair_answer(point_key: str, repair: Repair) -> RepairAnswer:
    """The shape of a repair."""
    return RepairAnswer(key=repair.key, **dict(_fields(point_key, repair)))


def made_repair_answer(point_key: str, made: MadeRepair, *, dry_run: bool) -> MadeRepairAnswer:
    """The shape of what was done, or would be."""
    return MadeRepairAnswer(
        key=None if dry_run else made.repair.key, **dict(_fields(point_key, made.repair)), unit=made.unit,
        days=[period_change_answer(change) for change in made.days], months=[period_change_answer(change) for change in made.months],
    )  # fmt: skip


def _fields(point_key: str, repair: Repair) -> RepairFields:
    is_of_an_instant = repair.action in (RepairAction.SWAP, RepairAction.FIRST_VALUE)
    return RepairFields(
        point=point_key, start=_instant(repair.start_s), end=None if is_of_an_instant else _instant(repair.end_s),
        action=repair.action, value=repair.value, last_value=repair.last_value, reason=repair.reason,
        made_by=repair.made_by, made_at=_instant(repair.made_at_s),
        covers_start=_instant(repair.covers_start_s), covers_end=_instant(repair.covers_end_s),
        undone_by=repair.undone_by, undone_at=None if repair.undone_at_s is None else _instant(repair.undone_at_s),
    )  # fmt: skip


def flagged_answer(stretch: FlaggedStretch) -> FlaggedAnswer:
    """The shape of a stretch."""
    quality = "missing" if stretch.quality is None else quality_name(stretch.quality)
    return FlaggedAnswer(
        start=stretch.start, end=stretch.end, quality=quality, intervals=stretch.intervals, value=stretch.value
    )


def period_change_answer(change: PeriodChange) -> PeriodChangeAnswer:
    """A day or month in its shape."""
    return PeriodChangeAnswer(first_day=change.first_day, before=change.before, after=change.after)


def _instant(time_s: int) -> datetime:
    return datetime.fromtimestamp(time_s, UTC)
