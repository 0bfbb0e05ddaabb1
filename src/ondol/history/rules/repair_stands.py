"""What a person knows of a register's stands: another meter that began at a stand, or the stand before its first reading.

The rules of registers.py decide without knowing; this replaces what they decided between the stands around the instant, and
leaves the rest as they have it.
"""

import polars as pl

from ondol.common.errors import InvalidInput
from ondol.common.frames import smallest
from ondol.common.instants import DAY_S
from ondol.common.messages import said
from ondol.common.quality import Quality
from ondol.history.model import Repair
from ondol.history.rules.intervals import allocate
from ondol.history.rules.stretches import END, Stretch, covered, inside, slots
from ondol.sites.model import Point

_ESTIMATED, _GLITCH = (pl.lit(int(flag), pl.UInt16) for flag in (Quality.ESTIMATED, Quality.GLITCH))
_ODD = pl.lit(int(Quality.GLITCH | Quality.RESET | Quality.OUT_OF_RANGE | Quality.REPAIRED), pl.UInt16)


def with_swap(point: Point, state: pl.DataFrame, repair: Repair) -> tuple[pl.DataFrame, Stretch]:
    """The intervals between the last stand of the old register and the first one of the new, and the stretch of these.

    The new one counts from `value` on. The old one counts up to `last_value`, or the usual of a day around for that time.
    """
    at_s, first_value = repair.start_s, repair.value or 0.0
    stands = _stands(state)
    after = stands.filter(pl.col("end") > at_s, pl.col("value_last") >= first_value).head(1)
    if after.is_empty():
        raise InvalidInput(
            said(
                "no stand of %(first_value)s or more is known after the swap; record it when the new meter has been read",
                first_value=f"{first_value:g}",
            )
        )
    end_s, stand = int(after["end"][0]), float(after["value_last"][0])
    before = stands.filter(pl.col("end") <= at_s, (pl.col("quality") & _GLITCH) == 0).tail(1)
    begin_s = int(before["end"][0]) if before.height else at_s
    old = _old_use(state, before, repair, Stretch(begin_s, end_s))
    parts = [(begin_s, at_s, old), (at_s, end_s, stand - first_value)]
    is_known = repair.last_value is not None or begin_s == at_s
    stretch = covered(state, Stretch(begin_s, end_s), 1)
    return _shared(point, state, stretch, parts, Quality.RESET, is_measured=is_known)


def with_first_value(point: Point, state: pl.DataFrame, repair: Repair) -> tuple[pl.DataFrame, Stretch]:
    """Intervals from the stand that is known before all history up to its beginning, and the stretch of these."""
    first = _stands(state).head(1)
    if first.is_empty():
        raise InvalidInput(said("the register has no history yet; record its first value when it has been read twice"))
    begin_s = smallest(state["start"])
    if repair.start_s >= begin_s:
        raise InvalidInput(said("history begins before this instant; record a swap, or set the use of a stretch"))
    counted = float(inside(state, Stretch(begin_s, int(first["end"][0])))["value"].sum())
    use = float(first["value_last"][0]) - counted - (repair.value or 0.0)
    if use < 0:
        raise InvalidInput(
            said("the register's first reading is lower, by %(use)s; check the value and the time", use=f"{-use:g}")
        )
    return _shared(
        point, state, Stretch(repair.start_s, begin_s), [(repair.start_s, begin_s, use)], Quality.GOOD, is_measured=True
    )


def _stands(state: pl.DataFrame) -> pl.DataFrame:
    """Intervals at whose `end` the register is known to have stood at `value_last`, in order.

    Of the parts of one span, which share it and are estimated, that is the last one.
    """
    ordered = state.sort("start").with_columns(END.alias("end"))
    is_part = (
        (pl.col("value_last") == pl.col("value_last").shift(-1))
        & (pl.col("end") == pl.col("start").shift(-1))
        & (pl.col("quality") & pl.col("quality").shift(-1) & _ESTIMATED != 0)
        & (pl.col("value") != 0)
    ).fill_null(value=False)
    return ordered.filter(pl.col("value_last").is_not_null(), ~is_part)


def _old_use(state: pl.DataFrame, before: pl.DataFrame, repair: Repair, stretch: Stretch) -> float:
    if repair.last_value is not None:
        use = repair.last_value - float(before["value_last"][0]) if before.height else 0.0
        if use < 0:
            raise InvalidInput(
                said("the old meter had counted %(use)s more already; check last_value and the time", use=f"{-use:g}")
            )
        return use
    before_it = END.is_between(stretch.start_s - DAY_S, stretch.start_s, closed="right")
    after_it = pl.col("start").is_between(stretch.end_s, stretch.end_s + DAY_S, closed="left")
    around = state.filter(before_it | after_it, (pl.col("quality") & _ODD) == 0)
    seconds = int(around["duration_s"].sum())
    pace = float(around["value"].sum()) / seconds if seconds else 0.0
    return pace * (repair.start_s - stretch.start_s)


def _shared(
    point: Point, state: pl.DataFrame, stretch: Stretch, parts: list[tuple[int, int, float]], flag: Quality, *,
    is_measured: bool,
) -> tuple[pl.DataFrame, Stretch]:  # fmt: skip
    """The intervals of the stretch with the parts (start, end, amount) shared out over them by time."""
    found = slots(point, state, stretch)
    spans = pl.DataFrame(parts, schema={"start": pl.Int64, "end": pl.Int64, "amount": pl.Float64}, orient="row")
    shares = allocate(spans, [*found["start"], stretch.end_s], ["amount"]).group_by("bin").agg(pl.col("amount").sum())
    amounts = dict(shares.select("bin", "amount").iter_rows())
    estimated = Quality.GOOD if is_measured and found.height == 1 else Quality.ESTIMATED
    changed = found.with_columns(
        pl.Series("value", [amounts.get(n, 0.0) for n in range(found.height)], pl.Float64),
        pl.lit(int(Quality.REPAIRED | flag | estimated), pl.UInt16).alias("quality"),
        pl.lit(1.0).alias("measured_share"),
    )
    return changed, stretch
