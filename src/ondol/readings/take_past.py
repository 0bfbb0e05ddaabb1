"""The past of adopted series: slice by slice through the same way as what is sent, and counted."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import polars as pl

from ondol.common.access import SYSTEM
from ondol.common.clock import Clock
from ondol.common.instants import DAY_US, HOUR_US, SECOND_US, epoch_us
from ondol.readings.model import LARGEST_VALUE, Receipt, Submission
from ondol.readings.model.foreign import SLOT_US, AdoptedSeries, TakenSlice
from ondol.readings.ports.foreign import Adoptions, ForeignReadings

MOST_A_SLICE = 100_000
"""Readings that are taken together; a day that has more is taken by the hour."""
WRITER = replace(SYSTEM, who="adoption")
Progress = Callable[[AdoptedSeries], None]
Record = Callable[[Submission], Receipt]
"""Recording readings as if they were sent: record_readings.py."""


@dataclass(frozen=True, slots=True)
class TakingNeeds:
    """Where adopted readings come from, how they are recorded, and for how long late ones are looked for."""

    foreign: ForeignReadings
    adoptions: Adoptions
    record: Record
    clock: Clock
    late_s: int


def take_past(needs: TakingNeeds, progress: Progress = lambda _: None) -> None:
    """Take what is still to be taken of every series' past. It may be stopped at any point and started again.

    Raises StoreUnavailable.
    """
    for series in needs.adoptions.all(needs.foreign.origin):
        while not series.has_past:
            left = _take_some(series, needs, progress)
            if left is None:
                break  # somebody else takes it
            series = left


def _take_some(series: AdoptedSeries, needs: TakingNeeds, progress: Progress) -> AdoptedSeries | None:
    """Take what there was when the days were counted; None where somebody else is at it."""
    for end_us in _slices(series, needs.foreign):
        taken = _take(series, end_us, needs)
        if not needs.adoptions.advance_past(series, end_us, taken):
            return None
        series = replace(
            series, past_us=end_us, read=series.read + taken.read, accepted=series.accepted + taken.accepted,
            refused=series.refused + taken.refused,
        )  # fmt: skip
        progress(series)
    return series


def _take(series: AdoptedSeries, end_us: int, needs: TakingNeeds) -> TakenSlice:
    frame = needs.foreign.read(series.series, series.past_us, end_us)
    accepted, reasons = record_frame({series.id: (series, frame)}, needs.record)
    recent_us = epoch_us(needs.clock()) - needs.late_s * SECOND_US
    return TakenSlice(
        frame.height, accepted, frame.height - accepted, reasons, slots_of(frame.filter(pl.col("time_us") >= recent_us))
    )


def record_frame(
    frames: Mapping[int, tuple[AdoptedSeries, pl.DataFrame]], record: Record
) -> tuple[int, dict[str, int]]:
    """Record readings (FOREIGN) of series; returns how many were accepted, and how many not by reason. Raises StoreUnavailable."""
    if not any(frame.height for _, frame in frames.values()):
        return 0, {}
    value, size = pl.col("value"), pl.lit(LARGEST_VALUE)
    parts = [
        frame.with_columns(value * it.multiplier, pl.lit(it.point_key).alias("source")) for it, frame in frames.values()
    ]
    readings = pl.concat(parts)
    fit = readings.filter(value.abs() < size)
    units = fit["unit"].to_list() if fit["unit"].null_count() < fit.height else None
    receipt = record(
        Submission(
            fit["source"].to_list(), fit["time_us"].to_list(), fit["value"].to_list(), range(1, fit.height + 1), units
        )
    )
    reasons = Counter({f"the value is not within ±{LARGEST_VALUE:g}": readings.height - fit.height})
    reasons.update(_reasons(receipt))
    return receipt.accepted, {reason: number for reason, number in reasons.items() if number}


def _reasons(receipt: Receipt) -> Counter[str]:
    """Reasons of what was refused; a receipt names the first of them only."""
    named = Counter(error.reason for error in receipt.errors)
    more = receipt.rejected - len(receipt.errors)
    return named + Counter({receipt.errors[0].reason: more} if more else {})


def slots_of(frame: pl.DataFrame) -> dict[int, int]:
    """How many readings each quarter of an hour has, by its start."""
    counts = frame.group_by((pl.col("time_us") // SLOT_US * SLOT_US).alias("slot")).len()
    return dict(counts.iter_rows())


def _slices(series: AdoptedSeries, foreign: ForeignReadings) -> Iterator[int]:
    """Ends of slices that hold about MOST_A_SLICE readings each; days and hours are taken whole, for history is made of whole intervals."""
    gathered = 0
    counts = foreign.count(series.series, series.past_us, series.past_end_us, DAY_US)
    for day_us in sorted(counts):
        if gathered and gathered + counts[day_us] > MOST_A_SLICE:
            yield max(day_us, series.past_us)
            gathered = 0
        gathered += counts[day_us]
        if gathered > MOST_A_SLICE:
            ends = range(max(day_us, series.past_us) // HOUR_US * HOUR_US + HOUR_US, day_us + DAY_US + 1, HOUR_US)
            yield from (end for end in ends if end < series.past_end_us)
            gathered = 0
    yield series.past_end_us
