"""Whether numbers are the stands of a register or amounts of their intervals: several signs, and a question when they disagree.

Signs: words of the header; whether values ever fall; whether they start again each day; how large they are against their steps.
"""

from dataclasses import dataclass

import polars as pl

from ondol.common.instants import DAY_US
from ondol.common.messages import said
from ondol.common.units import UNITS
from ondol.imports import header_words as words
from ondol.imports.header_words import says
from ondol.sites.model import PointKind

_AMOUNTS = {"energy", "volume", "reactive_energy", "apparent_energy", "emission", "money", "mm"}
_ENOUGH = 8
"""So many values that never fall and lie far above their steps are stands: amounts of a building go up and down."""
_FEWEST = 4
_FALLS_OF_A_REGISTER = 0.02
_LARGE = 10
_DAYS_NEEDED = 2
_A_DAY = 6
_NEAR_ZERO = 0.1


@dataclass(frozen=True, slots=True)
class Decision:
    """The kind and why; `question` when the signs disagree or are too few; `otherwise` is the next best reading."""

    kind: PointKind
    why: str
    question: str | None = None
    otherwise: PointKind | None = None


def decide_kind(column: str, label: str | None, unit: str, frame: pl.DataFrame, timezone: str) -> Decision:
    """The kind of a series. `frame` has `time_us` and `value` in order of time."""
    known = UNITS.get(unit)
    if (known.dimension if known else unit) not in _AMOUNTS:
        return Decision(PointKind.MEASUREMENT, said("%(unit)s is a state, not an amount", unit=unit))
    header = f"{column} {label or ''}"
    if known is not None and known.dimension in ("emission", "money"):
        return Decision(PointKind.TOTAL, said("amounts of emissions are sums"))
    if len(frame) == 0:
        return Decision(PointKind.TOTAL, "no values")
    if _restarts_daily(frame, timezone):
        return Decision(
            PointKind.TOTAL_INCREASING,
            said("the values rise and start again from zero each day: a counter of the day"),
            otherwise=PointKind.TOTAL,
        )
    return _by_signs(header, frame["value"])


def _by_signs(header: str, values: pl.Series) -> Decision:
    register, amount = PointKind.TOTAL_INCREASING, PointKind.TOTAL
    sure, likely = says(words.SURE_REGISTER, header), says(words.REGISTER, header) or says(words.STAND_AFTER, header)
    says_amount = says(words.AMOUNT, header) and not sure
    shape = _Shape.of(values)
    if shape.climbs and shape.is_large:
        if sure or likely:
            return Decision(register, said("the header names a counter, and the values climb"), otherwise=amount)
        if shape.count >= _ENOUGH and not says_amount:
            return Decision(
                register,
                said("%(count)s values climb and lie far above their steps", count=f"{shape.count:,}"),
                otherwise=amount,
            )
        return (
            Decision(
                amount,
                "",
                _ask(
                    said("the values climb as a counter's do, though the header names amounts")
                    if says_amount
                    else said("the values climb as a counter's do")
                ),
            )
            if shape.count >= _FEWEST or not says_amount
            else Decision(amount, said("the header names amounts"), otherwise=register)
        )
    if shape.climbs and shape.count >= _FEWEST:
        if sure or (likely and not says_amount):
            return Decision(register, said("the header names a counter, and the values climb"), otherwise=amount)
        if shape.count >= 3 * _ENOUGH and shape.rises > shape.count / 2:
            return Decision(
                register,
                said("%(count)s values climb without ever falling", count=f"{shape.count:,}"),
                otherwise=amount,
            )
        if shape.rises > shape.count / 2:
            return Decision(amount, "", _ask(said("the values climb, as a counter's do and as growing amounts do")))
    if says(words.STAND, header) and not says_amount and not shape.climbs and shape.is_large:
        return Decision(amount, "", _ask(said("the header may name a counter, and the values fall from time to time")))
    if sure and not shape.climbs and shape.rises:
        if shape.mostly_climbs:
            return Decision(
                register, said("the header names a counter, though the values fall now and then"), otherwise=amount
            )
        return Decision(amount, "", _ask(said("the header names a counter, and the values rise and fall")))
    if sure and not shape.rises and not shape.falls:
        return Decision(register, said("the header names a counter, which did not move"), otherwise=amount)
    if shape.count < 2 and not says_amount:
        return Decision(amount, "", _ask(said("one value is too few to tell")))
    if shape.count < _FEWEST and likely and not says_amount:
        return Decision(
            amount,
            "",
            _ask(said("%(count)s values are too few to tell, and the header may name a counter", count=shape.count)),
        )
    return Decision(
        amount,
        said("the header names amounts") if says_amount else said("the values rise and fall, or stay"),
        otherwise=register,
    )


def _ask(why: str) -> str:
    return said(
        "%(why)s; give --kind register if each value is a meter's reading, or --kind interval if it is what was "
        "used since the one before",
        why=why,
    )


@dataclass(frozen=True, slots=True)
class _Shape:
    """How values go: without those that are zero among large ones (a device that was away)."""

    count: int
    rises: int
    falls: int
    is_large: bool

    @property
    def climbs(self) -> bool:
        """Whether they hardly ever fall, and rise at all."""
        return self.rises > 0 and self.falls <= _FALLS_OF_A_REGISTER * self.rises

    @property
    def mostly_climbs(self) -> bool:
        return self.falls <= 0.1 * self.rises

    @staticmethod
    def of(values: pl.Series) -> "_Shape":
        above = values.filter(values != 0)
        kept = above if 0 < len(above) < len(values) and _far_from_zero(above) else values
        steps = kept.diff().drop_nulls()
        rising = steps.filter(steps > 0)
        falls = int((steps < 0).sum())
        middle, step = kept.median(), rising.median()
        is_large = isinstance(middle, float) and isinstance(step, float) and middle > _LARGE * step
        return _Shape(len(kept), len(rising), falls, is_large)


def _far_from_zero(values: pl.Series) -> bool:
    """Whether the least of the values is far above their usual step, so that a zero among them is no neighbour of theirs."""
    steps = values.diff().drop_nulls().abs()
    rising = steps.filter(steps > 0).median()
    least = values.min()
    return isinstance(least, float) and least > 0 and (not isinstance(rising, float) or least > _LARGE * rising)


def _restarts_daily(frame: pl.DataFrame, timezone: str) -> bool:
    """Whether values only rise within each local day and begin again near zero with the next."""
    falls = int((frame["value"].diff() < 0).sum())
    whole_days = (int(frame["time_us"][-1]) - int(frame["time_us"][0])) // DAY_US
    if not 0 < falls <= whole_days + 2:
        return False
    local = pl.col("time_us").cast(pl.Datetime("us", "UTC")).dt.convert_time_zone(timezone)
    # The last value of a day may be stamped with the midnight that ends it.
    days = frame.select((local - pl.duration(seconds=1)).dt.date().alias("day"), local.dt.date().alias("next"), "value")
    for day in ("next", "day"):
        by_day = days.group_by(day, maintain_order=True).agg(
            pl.col("value").first().alias("first"), pl.col("value").last().alias("last"), pl.len(),
            (pl.col("value").diff() < 0).sum().alias("falls"),
        )  # fmt: skip
        whole = by_day.filter(pl.col("len") >= _A_DAY)
        if whole.height < _DAYS_NEEDED or int(whole["falls"].sum()) > 0:
            continue
        starts, ends = whole["first"][1:], whole["last"]
        top = ends.max()
        if (
            isinstance(top, float)
            and top > 0
            and (starts.abs() <= _NEAR_ZERO * top).all()
            and (ends[:-1] > starts).mean() == 1
        ):
            return True
    return False
