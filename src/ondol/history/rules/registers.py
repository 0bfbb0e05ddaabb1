"""Registers that count up: what was used between two of their readings.

A register is the truth as long as it counts up. Where it does not, the readings are cut into runs (`register_runs`), the runs
that are its true count are found (`register_chain`), and what passed between them is counted once, flagged. What a register can
count in an hour is learnt from its whole history (`register_pace`). tests/unit/test_register_specification.py says what comes
of what.
"""

import numpy as np
import polars as pl

from ondol.common.frames import flag_where
from ondol.common.quality import Quality
from ondol.history.rules.register_chain import Count, Kept, Link, cheapest_chain
from ondol.history.rules.register_pace import Pace, counted_hours
from ondol.history.rules.register_runs import Run, runs_of, with_steps

_FLAGS = {
    Link.ON: Quality.GOOD,
    Link.SUSPECT: Quality.OUT_OF_RANGE,
    Link.DIP: Quality.GLITCH,
    Link.ROLL_OVER: Quality.RESET,
    Link.RESET: Quality.RESET,
    Link.SWAP: Quality.RESET | Quality.ESTIMATED,
}
_TIMES_SMOOTHED = 2


def register_differences(
    readings: pl.DataFrame, rollover_at: float | None, max_per_hour: float | None, fastest: float | None = None
) -> pl.DataFrame:
    """Amounts between a register's consecutive readings (sorted, unique): never negative, never endless, flagged where not plain.

    - An excursion (readings at zero, a dip or a spike, of any number) is left out, and what passed meanwhile counts once: GLITCH.
    - A fall to where the register counts on from is a roll-over or a reset to zero, counted from there: RESET.
    - A swap to another register counts the usual for that time: RESET and ESTIMATED.
    - Readings at the ends that fit nothing (yet) count as no use: GLITCH and ESTIMATED. The readings to come decide.
    - A rise beyond 20 times the fastest pace counts, OUT_OF_RANGE; one beyond 100 times is a swap.

    `fastest` is what is known of the register beside these readings. Returns `start`, `end`, `amount`, `value` (the later reading)
    and `quality`; the spans cover all the time from the first reading to the last.
    """
    pace = Pace.learnt(readings, fastest, max_per_hour)
    marked = _smoothed(readings, pace)
    steps = with_steps(marked.filter(pl.col("kept")), pace)
    if steps["breaks"].any():
        steps = _told(steps, pace, rollover_at)
        dropped = marked.filter(~pl.col("kept")).with_columns(pl.lit(value=False).alias("counts"))
        steps = pl.concat([steps, dropped], how="diagonal").sort("time_us")
    else:
        steps = marked.join(steps.select("time_us", "late"), on="time_us", how="left", maintain_order="left")
        steps = steps.with_columns(
            pl.col("kept").alias("counts"), pl.lit(None, pl.Float64).alias("amount"), pl.lit(0, pl.UInt8).alias("flags")
        )
    steps = steps.with_columns(pl.col("quality", "flags").cast(pl.UInt16))
    return pl.concat([_counted(steps), _undecided(steps)]).sort("start")


def smooth_steps(readings: pl.DataFrame, pace: Pace) -> pl.DataFrame:
    """What runs are made of: readings `with_steps`, without those that only flicker."""
    return with_steps(_smoothed(readings, pace).filter(pl.col("kept")), pace)


def _smoothed(readings: pl.DataFrame, pace: Pace) -> pl.DataFrame:
    """Readings with `kept`: false for one that lies a little below both of its neighbours, as with a count that flickers."""
    value = pl.col("value")
    marked = readings.with_columns(pl.lit(value=True).alias("kept"))
    left = readings
    for _ in range(_TIMES_SMOOTHED):
        before, after = value.shift(1), value.shift(-1)
        slack = pace.fastest * counted_hours(pl.col("time_us").shift(1), pl.col("time_us"))
        little = (before - value <= pl.max_horizontal(slack, 1e-4 * before)) & (value > before / 2)
        flickers = ((value < before) & (after >= before) & little).fill_null(value=False)
        out = left.filter(flickers)["time_us"]
        if out.is_empty():
            break
        left = left.filter(~pl.col("time_us").is_in(out.implode()))
        marked = marked.with_columns(pl.col("kept") & ~pl.col("time_us").is_in(out.implode()))
    return marked


def _told(steps: pl.DataFrame, pace: Pace, rollover_at: float | None) -> pl.DataFrame:
    """Steps with `counts` (is a true reading), `amount` (where it is not the difference) and `flags`."""
    value = steps["value"].to_numpy()
    count = Count(steps["time_us"].to_numpy(), value, pace, rollover_at)
    counts = np.zeros(len(value), dtype=bool)
    amount = np.full(len(value), np.nan)
    flags = np.zeros(len(value), dtype=np.uint8)
    for kept in cheapest_chain(runs_of(steps), count):
        first = _first_counted(kept, count)
        counts[first : kept.run.last + 1] = True
        if first <= kept.run.last:
            flags[first] = int(_FLAGS[kept.link])
            if kept.link in (Link.ROLL_OVER, Link.RESET, Link.SWAP):
                amount[first] = kept.amount
    return steps.with_columns(
        pl.Series("counts", counts), pl.Series("amount", amount).fill_nan(None), pl.Series("flags", flags)
    )


def _first_counted(kept: Kept, count: Count) -> int:
    run: Run = kept.run
    if kept.link is not Link.DIP:
        return run.first
    return run.first + int(np.searchsorted(count.value[run.first : run.last + 1], kept.level))


def _counted(steps: pl.DataFrame) -> pl.DataFrame:
    """Spans from each true reading to the next one."""
    row, before = pl.col("row"), pl.col("row").shift(1)
    kept = steps.with_row_index("row").filter(pl.col("counts"))
    spans = kept.select(
        pl.col("time_us").shift(1).alias("start"),
        pl.col("time_us").alias("end"),
        pl.col("amount").fill_null(pl.col("value").diff()).alias("amount"),
        "value",
        pl.col("quality")
        | pl.col("flags")
        | flag_where(row - before > 1, Quality.GLITCH)
        | flag_where(pl.col("late").fill_null(value=False), Quality.ESTIMATED),
    )
    return spans.slice(1)


def _undecided(steps: pl.DataFrame) -> pl.DataFrame:
    """Spans before the first true reading and after the last one."""
    seen = pl.col("counts").cum_sum()
    flags = int(Quality.GLITCH | Quality.ESTIMATED)
    spans = steps.select(
        pl.col("time_us").shift(1).alias("start"),
        pl.col("time_us").alias("end"),
        pl.lit(0.0).alias("amount"),
        "value",
        pl.col("quality") | pl.lit(flags, pl.UInt16),
        ((seen.shift(1) == 0) | ((seen == seen.last()) & ~pl.col("counts"))).alias("open"),
    )
    return spans.slice(1).filter(pl.col("open")).drop("open")
