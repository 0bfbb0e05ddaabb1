"""Names of points, points that are merged and points that are deleted."""

from pydantic import AwareDatetime, Field

from ondol.points import Joint, MergeOutcome
from ondol.web.api.shapes.base import PointKey, Shape, Text, instant_of
from ondol.web.api.shapes.repairs import PeriodChangeAnswer, period_change_answer


class AliasBody(Shape):
    """A name under which a device sends a point."""

    alias: Text = Field(min_length=1, max_length=500, examples=["meter,host=gateway1 total"])


class DeletePointQuery(Shape):
    """That it is meant."""

    confirm: PointKey | None = Field(None, description="the point's key; without it nothing is deleted")


class MergeQuery(Shape):
    """How the merge is meant."""

    dry_run: bool = Field(False, description="only say what would happen")


class MergeBody(Shape):
    """The point that is to hold both, and what cannot be told without a person."""

    into: PointKey
    swap: bool | None = Field(
        None, description="registers: whether the later one is another meter; asked for where the stands do not tell"
    )
    accept_overlap: bool = Field(
        default=False,
        description="keep what `into` says where both have history and differ for more than a hundredth of it",
    )


class JointAnswer(Shape):
    """Where one register ends and the next begins: the last stand of the one, the first of the other, and whether it is another meter."""

    ended: AwareDatetime
    at: AwareDatetime
    last_value: float
    first_value: float
    swap: bool


class MergeAnswer(Shape):
    """What a merge does, or with `dry_run` would do.

    `readings` and `intervals` are those that are taken over. `names` go to `into`; in another unit they are `released` and wait to be named
    anew. `days` and `months` are those of `into` that change, in `unit`.
    """

    point: str
    into: str
    dry_run: bool
    readings: int
    intervals: int
    overlap_s: int
    conflict_s: int
    joints: list[JointAnswer]
    names: list[str]
    released: list[str]
    submeters: list[str]
    repairs: int
    unit: str
    days: list[PeriodChangeAnswer]
    months: list[PeriodChangeAnswer]


def merge_answer(done: MergeOutcome, *, dry_run: bool) -> MergeAnswer:
    """The outcome in its shape."""
    names = (
        "point",
        "into",
        "readings",
        "intervals",
        "overlap_s",
        "conflict_s",
        "names",
        "released",
        "submeters",
        "repairs",
        "unit",
    )
    return MergeAnswer(
        **{name: getattr(done, name) for name in names}, dry_run=dry_run,
        joints=[_joint(it) for it in done.joints],
        days=[period_change_answer(it) for it in done.days],
        months=[period_change_answer(it) for it in done.months],
    )  # fmt: skip


def _joint(joint: Joint) -> JointAnswer:
    return JointAnswer(
        ended=instant_of(joint.ended_us),
        at=instant_of(joint.at_us),
        last_value=joint.last_value,
        first_value=joint.first_value,
        swap=joint.is_swap,
    )
