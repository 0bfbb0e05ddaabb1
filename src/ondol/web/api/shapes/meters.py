"""The tree of meters."""

from datetime import date

from pydantic import Field

from ondol.history import Meter, MeterTree
from ondol.sites import PointRole
from ondol.web.api.shapes.base import Shape, Text


class MeterQuery(Shape):
    """Which meters, over which local days."""

    quantity: Text = Field("electricity", max_length=50, examples=["electricity"])
    first: date = Field(examples=["2026-01-01"])
    last: date = Field(description="included", examples=["2026-01-31"])


class MeterAnswer(Shape):
    """A meter and those behind it; `rest` is what none of them accounts for, null where that is not known."""

    point: str
    name: str
    role: PointRole
    unit: str
    usage: float | None
    rest: float | None
    behind: list["MeterAnswer"]


class MeterTreeAnswer(Shape):
    """The meters of a quantity. `total` is what the mains add up to; `parts` are submeters of the mains as a whole, `others` are in no
    total.
    """

    building: str
    quantity: str
    unit: str
    total: float | None
    rest: float | None
    mains: list[MeterAnswer]
    parts: list[MeterAnswer]
    others: list[MeterAnswer]


def meter_tree_answer(tree: MeterTree) -> MeterTreeAnswer:
    """The tree in the API's shape."""
    mains, parts, others = ([_answer(meter) for meter in some] for some in (tree.mains, tree.parts, tree.others))
    return MeterTreeAnswer(
        building=tree.building.key, quantity=tree.quantity, unit=tree.unit, total=tree.total, rest=tree.rest,
        mains=mains, parts=parts, others=others,
    )  # fmt: skip


def _answer(meter: Meter) -> MeterAnswer:
    point = meter.point
    role = PointRole.SUBMETER if point.submeter_of and point.role is PointRole.MAIN else point.role
    return MeterAnswer(
        point=point.key, name=point.name, role=role, unit=str(point.usage_unit), usage=meter.usage, rest=meter.rest,
        behind=[_answer(part) for part in meter.behind],
    )  # fmt: skip
