"""Flow 2 of the guide: sensor -> time-series store -> cache -> dashboard.

Readings are matched to points, checked in columns, made durable, and shown to who watches.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl

from ondol.common.access import Access, Scope
from ondol.common.clock import Clock
from ondol.common.frames import flag_where
from ondol.common.instants import SECOND_US, epoch_us
from ondol.common.quality import Quality
from ondol.common.retention import USUAL, Retention
from ondol.common.units import conversion
from ondol.readings.keep_waiting import keep_waiting
from ondol.readings.match_points import Matched, match_points
from ondol.readings.model import (
    LATEST_US,
    MOST_ERRORS,
    READINGS,
    Receipt,
    Refusal,
    Submission,
    readings_frame,
)
from ondol.readings.needs import Matching
from ondol.readings.ports import BatchLines, NewDevices, TimeSeries
from ondol.readings.rules.raw_edge import with_edge_stands
from ondol.readings.rules.stamps import earliest_us, why_not
from ondol.readings.show_live import LiveView
from ondol.sites.model import RAW_RESOLUTION_US, Point, PointKind


@dataclass(frozen=True, slots=True)
class ReadingRules:
    """Settings that decide how readings are judged; what is older than is `taken_in` goes straight into history."""

    future_tolerance_s: int = 600
    taken_in: Retention = USUAL


@dataclass(frozen=True, slots=True)
class RecordingNeeds:
    """What recording needs. `record_old` takes readings that are older than raw ones are kept straight into history."""

    timeseries: TimeSeries
    live: LiveView
    clock: Clock
    rules: ReadingRules
    matching: Matching
    record_old: Callable[[pl.DataFrame, dict[int, Point]], None]


def record_readings(access: Access, submission: Submission, bucket: str | None, needs: RecordingNeeds) -> Receipt:
    """Store what can be stored; the receipt counts it and names each line that could not be.

    When this returns, every accepted reading is durable. Raises NotAllowed, StoreUnavailable when nothing could be kept.
    """
    access.require(Scope.WRITE)
    submission = _well_timed(submission)
    matched = match_points(access, submission, bucket, needs.matching)
    points = matched.points
    submission, kept = _known(submission, matched, needs.matching.devices)
    now_us = epoch_us(needs.clock())
    is_in_stored_units = _is_in_stored_units(submission, points)
    readings = _judged(submission, points, now_us, needs.rules, is_in_stored_units=is_in_stored_units)
    as_sent = _as_sent(submission, points) if is_in_stored_units else None
    # A quarter of an hour is either raw or not: its interval is made of all of its readings.
    raw_from_us = needs.rules.taken_in.from_us(now_us) // RAW_RESOLUTION_US * RAW_RESOLUTION_US
    by_id = {point.id: point for point in points.values()}
    if (readings["time_us"] < raw_from_us).any():
        readings, as_sent = _without_old(readings, raw_from_us, by_id, needs), None
    needs.timeseries.append(readings, as_sent)
    needs.live.show(readings, by_id)
    refused = sorted(submission.refusals, key=lambda refusal: refusal.line)
    return Receipt(len(submission.values) + kept, len(refused), refused[:MOST_ERRORS])


def _without_old(
    readings: pl.DataFrame, raw_from_us: int, points: dict[int, Point], needs: RecordingNeeds
) -> pl.DataFrame:
    """What is kept raw; what is older goes into history."""
    is_raw = pl.col("time_us") >= raw_from_us
    old, raw = readings.filter(~is_raw), readings.filter(is_raw)
    registers = [number for number, point in points.items() if point.kind is PointKind.TOTAL_INCREASING]
    needs.record_old(with_edge_stands(old, raw, registers, raw_from_us), points)
    return raw


def _well_timed(submission: Submission) -> Submission:
    """The readings whose time can be stored: no other may make a point come to be."""
    times_us, stamp_ns = submission.times_us, submission.stamp_ns
    earliest = earliest_us(stamp_ns)
    if not times_us or (min(times_us) >= earliest and max(times_us) < LATEST_US):
        return submission
    reasons = [None if earliest <= time_us < LATEST_US else why_not(time_us, stamp_ns) for time_us in times_us]
    return _without(submission, reasons)


def _known(submission: Submission, matched: Matched, devices: NewDevices) -> tuple[Submission, int]:
    """The readings whose point is known, and how many others were made to wait for their name."""
    reasons = matched.refused
    if not reasons and not matched.waiting:
        return submission, 0
    if matched.waiting:
        reasons = reasons | keep_waiting(submission, matched.waiting, devices)
    left = _without(submission, [reasons.get(source) for source in submission.sources])
    if not matched.waiting:
        return left, 0
    known = _without(left, [None if source in matched.points else "" for source in left.sources])
    known.refusals = left.refusals
    return known, len(left.values) - len(known.values)


def _without(submission: Submission, reasons: Sequence[str | None]) -> Submission:
    """The readings that there is no reason against; the others become refusals."""
    kept = [n for n, reason in enumerate(reasons) if reason is None]
    refused = [Refusal(submission.lines[n], reason) for n, reason in enumerate(reasons) if reason is not None]
    units = submission.units
    return Submission(
        [submission.sources[n] for n in kept],
        [submission.times_us[n] for n in kept],
        [submission.values[n] for n in kept],
        [submission.lines[n] for n in kept],
        [units[n] for n in kept] if units else None,
        submission.details,
        [*submission.refusals, *refused],
        stamp_ns=submission.stamp_ns,
    )


def _judged(
    submission: Submission, points: dict[str, Point], now_us: int, rules: ReadingRules, *, is_in_stored_units: bool
) -> pl.DataFrame:
    """The readings in the unit of their point (READINGS), with flags for what is suspect; nothing is dropped."""
    ids = {source: point.id for source, point in points.items()}
    values, quality = submission.values, [0] * len(submission.values)
    if submission.units is not None and not is_in_stored_units:
        values, quality = _converted(submission, submission.units, points)
    point_ids = [ids[source] for source in submission.sources]
    readings = readings_frame(point_ids, submission.times_us, values, quality)
    latest_us = now_us + rules.future_tolerance_s * SECOND_US
    if (readings["time_us"] > latest_us).any():
        readings = readings.with_columns(pl.col("quality") | flag_where(pl.col("time_us") > latest_us, Quality.FUTURE))
    bounded = [point for point in points.values() if point.min_value is not None or point.max_value is not None]
    return _with_range_flags(readings, bounded) if bounded else readings


def _as_sent(submission: Submission, points: dict[str, Point]) -> BatchLines | None:
    """The lines for a store that can pass them on."""
    sent = submission.sent
    if sent is None:
        return None
    return BatchLines(sent, frozenset((points[source].id, form) for form, source in sent.forms.items()))


def _is_in_stored_units(submission: Submission, points: dict[str, Point]) -> bool:
    """Whether every reading came in the unit of its point."""
    sources, units = submission.sources, submission.units
    if units is None:
        return True
    if len(set(units)) == 1:
        pairs = {(units[0], point.unit) for point in points.values()}
    else:
        pairs = {(unit, points[source].unit) for source, unit in set(zip(sources, units, strict=True))}
    return all(conversion(unit, stored) == (1.0, 0.0) for unit, stored in pairs if unit) and not any(
        point.sent_unit for point in points.values()
    )


def _converted(
    submission: Submission, units: Sequence[str | None], points: dict[str, Point]
) -> tuple[list[float], list[int]]:
    """Values in the unit of their point; one whose unit does not convert stays as sent and is flagged."""
    known: dict[tuple[str, str | None], tuple[float, float, int]] = {}
    values: list[float] = []
    quality: list[int] = []
    for source, unit, value in zip(submission.sources, units, submission.values, strict=True):
        found = known.get((source, unit))
        if found is None:
            point = points[source]
            factors = conversion(unit, point.unit) if unit and unit != point.sent_unit else (1.0, 0.0)
            found = (*factors, 0) if factors else (1.0, 0.0, int(Quality.UNIT_MISMATCH))
            known[source, unit] = found
        factor, offset, flag = found
        values.append(value * factor + offset)
        quality.append(flag)
    return values, quality


def _with_range_flags(readings: pl.DataFrame, bounded: list[Point]) -> pl.DataFrame:
    limits = pl.DataFrame(
        [(point.id, point.min_value, point.max_value) for point in bounded],
        schema={"point_id": pl.Int32, "low": pl.Float64, "high": pl.Float64},
        orient="row",
    )
    is_low, is_high = pl.col("value") < pl.col("low"), pl.col("value") > pl.col("high")
    outside = is_low.fill_null(value=False) | is_high.fill_null(value=False)
    judged = readings.join(limits, on="point_id", how="left", maintain_order="left")
    return judged.with_columns(pl.col("quality") | flag_where(outside, Quality.OUT_OF_RANGE)).select(READINGS.names())
