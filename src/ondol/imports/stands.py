"""When a register stood at what a row says, told by the amounts that stand beside it.

A row of an hour may name the stand at its beginning or at its end. Where the amount of the same row is what the register gained since
the row before, the stand is that of the end; taken for the beginning, every day of the two would differ by an hour.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from ondol.common.frames import flag_where
from ondol.common.messages import said
from ondol.common.quality import Quality
from ondol.common.units import conversion
from ondol.imports.model import HISTORY, SeriesSpec
from ondol.imports.periods import Period
from ondol.sites.model import PointKind

_FEWEST = 20
_NEARLY_ALWAYS = 0.9
_CLOSE = 0.005


@dataclass(frozen=True, slots=True)
class Side:
    """A series of the file: what names it, its spec, its rows, how long a row's interval is."""

    words: str
    label: str | None
    spec: SeriesSpec
    frame: pl.DataFrame
    period: Period


@dataclass(frozen=True, slots=True)
class _Beside:
    """A register's rows (`line`, `amount_end_us`, `differs`) beside the amounts that it gained, and how many of them differ."""

    amount: int
    rows: pl.DataFrame
    differing: int


def place_stands(sides: Sequence[Side], timezone: str) -> tuple[list[pl.DataFrame], list[str]]:
    """The frames of the sides, stands at the instant that the amounts beside them tell.

    Where the two differ in a row, both are flagged ESTIMATED: one of them was not measured. Notes say what was done.
    """
    frames, notes = [side.frame for side in sides], list[str]()
    for n, register in enumerate(sides):
        beside = _beside(register, sides, timezone)
        if beside is None:
            continue
        amount = sides[beside.amount]
        placed = frames[n].join(beside.rows, on="line", how="left", maintain_order="left")
        placed = placed.with_columns(pl.coalesce("amount_end_us", "time_us").alias("time_us")).select(HISTORY.names())
        if not placed.equals(frames[n]):
            notes.append(
                said(
                    "%(register)s is the stand at the end of each row's interval: %(amounts)s is what it gained in it.",
                    register=register.words,
                    amounts=amount.words,
                )
            )
        if beside.differing:
            notes.append(
                said(
                    "%(register)s and %(amounts)s differ in %(differing)s rows, which are flagged as estimated in both.",
                    register=register.words,
                    amounts=amount.words,
                    differing=f"{beside.differing:,}",
                )
            )
        frames[n] = _flagged(placed, beside.rows)
        frames[beside.amount] = _flagged(frames[beside.amount], beside.rows)
    return frames, notes


def _beside(register: Side, sides: Sequence[Side], timezone: str) -> _Beside | None:
    """The amounts that are what the register gained in each row, nearly always."""
    if register.spec.kind is not PointKind.TOTAL_INCREASING:
        return None
    for n, amount in enumerate(sides):
        factors = conversion(amount.spec.unit, register.spec.unit)
        if (
            amount.spec.kind is not PointKind.TOTAL
            or not amount.period.is_known
            or amount.label != register.label
            or not factors
        ):
            continue
        ends = pl.coalesce("end_us", amount.period.shifted(pl.col("time_us"), timezone, 1))
        gained = amount.frame.select(
            "line", (pl.col("value") * factors[0]).alias("amount"), ends.alias("amount_end_us")
        )
        rows = register.frame.join(gained, on="line", maintain_order="left").with_columns(
            pl.col("value").diff().alias("step")
        )
        apart = (pl.col("amount") - pl.col("step")).abs() > _CLOSE * pl.col("amount").abs() + 1e-6
        rows = rows.select("line", "amount", "step", "amount_end_us", apart.fill_null(value=False).alias("differs"))
        known = rows.drop_nulls().filter((pl.col("amount") != 0) | (pl.col("step") != 0))
        differing = int(known["differs"].sum())
        is_varied = known.height >= _FEWEST and known["amount"].n_unique() >= _FEWEST // 4
        if is_varied and differing <= (1 - _NEARLY_ALWAYS) * known.height:
            return _Beside(n, rows.select("line", "amount_end_us", "differs"), differing)
    return None


def _flagged(frame: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    lines = rows.filter("differs")["line"].implode()
    flags = pl.col("quality") | flag_where(pl.col("line").is_in(lines), Quality.ESTIMATED)
    return frame.with_columns(flags.alias("quality")) if rows["differs"].any() else frame
