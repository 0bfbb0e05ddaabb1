"""Flow 2 of the guide: sensor -> time-series store -> cache -> dashboard.

Readings are matched to points, checked in columns, made durable, and shown to who watches.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from ondol.domain.clock import Clock
from ondol.domain.points import Point
from ondol.domain.quality import Quality
from ondol.domain.readings import EARLIEST_US, LATEST_US, READINGS
from ondol.domain.submissions import MOST_ERRORS, Receipt, Refusal, Submission
from ondol.domain.units import conversion
from ondol.ports.timeseries import TimeSeries
from ondol.services.match_points import Matcher
from ondol.services.show_live import LiveView

DAY_US = 86_400_000_000


@dataclass(frozen=True, slots=True)
class ReadingRules:
    """Settings that decide how readings are judged."""

    future_tolerance_s: int = 600
    raw_retention_days: int = 30


@dataclass(frozen=True, slots=True)
class Recorder:
    """What recording needs."""

    timeseries: TimeSeries
    live: LiveView
    clock: Clock
    rules: ReadingRules
    record_old: Callable[[pl.DataFrame, dict[int, Point]], None]


def record_readings(submission: Submission, matcher: Matcher, recorder: Recorder) -> Receipt:
    """Store what can be stored; the receipt counts it and names each line that could not be.

    When this returns, every accepted reading is durable. Raises StoreUnavailable when nothing could be kept.
    """
    points, unknown = matcher.match(submission)
    frame, refusals = _columns(submission, points, unknown)
    now_us = int(recorder.clock().timestamp() * 1_000_000)
    frame = _judge(frame, {point.id: point for point in points.values()}, now_us, recorder.rules)
    readings = frame.select(READINGS.names())
    raw_from_us = now_us - recorder.rules.raw_retention_days * DAY_US
    old = readings.filter(pl.col("time_us") < raw_from_us) if _oldest(readings) < raw_from_us else None
    if old is not None:
        recorder.record_old(old, {point.id: point for point in points.values()})
        readings = readings.filter(pl.col("time_us") >= raw_from_us)
    recorder.timeseries.append(readings)
    recorder.live.show(readings, points.values())
    refused = [*submission.refusals, *refusals]
    refused.sort(key=lambda refusal: refusal.line)
    return Receipt(frame.height, len(refused), refused[:MOST_ERRORS])


def _oldest(readings: pl.DataFrame) -> int:
    oldest = readings["time_us"].min()
    return oldest if isinstance(oldest, int) else LATEST_US


def _columns(
    submission: Submission, points: dict[str, Point], unknown: dict[str, str]
) -> tuple[pl.DataFrame, list[Refusal]]:
    """Columns of the readings whose point, time and value are usable, and refusals of the others."""
    ids = {source: point.id for source, point in points.items()}
    frame = pl.DataFrame(
        {
            "point_id": pl.Series([ids.get(source) for source in submission.sources], dtype=pl.Int32),
            "time_us": pl.Series(submission.times_us, dtype=pl.Int64),
            "value": pl.Series(submission.values, dtype=pl.Float64),
        }
    )
    unit_ids, convert = _conversions(submission, points)
    if convert:
        frame = frame.with_columns(unit_ids).with_columns(convert)
    else:
        frame = frame.with_columns(pl.lit(0, pl.UInt8).alias("quality"))
    usable = (
        pl.col("point_id").is_not_null()
        & pl.col("value").is_finite()
        & pl.col("time_us").is_between(EARLIEST_US, LATEST_US, closed="left")
    )
    mask = frame.select(usable.alias("usable"))["usable"]
    if mask.all():
        return frame, []
    bad = (~mask).arg_true().to_list()
    refusals = [Refusal(submission.lines[n], _reason(submission, n, unknown)) for n in bad]
    return frame.filter(mask), refusals


def _reason(submission: Submission, n: int, unknown: dict[str, str]) -> str:
    source = submission.sources[n]
    if source in unknown:
        return unknown[source]
    if not EARLIEST_US <= submission.times_us[n] < LATEST_US:
        return "the time is not between 1970 and 2100; check the clock of the device and the precision of the stamp"
    return "the value is not a finite number"


def _conversions(submission: Submission, points: dict[str, Point]) -> tuple[pl.Series, list[pl.Expr | pl.Series]]:
    """For readings sent with a unit: an index per distinct (source, unit), and expressions that convert or flag them."""
    if submission.units is None:
        return pl.Series(), []
    pairs = list(zip(submission.sources, submission.units, strict=True))
    index = {pair: n for n, pair in enumerate(Counter(pairs))}
    factors: list[float] = []
    offsets: list[float] = []
    flags: list[int] = []
    for source, unit in index:
        point = points.get(source)
        found = conversion(unit, point.unit) if unit and point else (1.0, 0.0)
        factor, offset = found or (1.0, 0.0)
        factors.append(factor)
        offsets.append(offset)
        flags.append(0 if found else int(Quality.UNIT_MISMATCH))
    position = pl.Series("position", [index[pair] for pair in pairs], dtype=pl.UInt32)
    factor_of, offset_of = pl.Series(factors).gather(position), pl.Series(offsets).gather(position)
    quality_of = pl.Series(flags, dtype=pl.UInt8).gather(position)
    return position, [(pl.col("value") * factor_of + offset_of).alias("value"), quality_of.alias("quality")]


def _judge(frame: pl.DataFrame, points: dict[int, Point], now_us: int, rules: ReadingRules) -> pl.DataFrame:
    """Flag values out of their point's range and times in the future; nothing is dropped."""
    future = pl.col("time_us") > now_us + rules.future_tolerance_s * 1_000_000
    flags = _flag(future, Quality.FUTURE)
    bounded = [point for point in points.values() if point.min_value is not None or point.max_value is not None]
    if bounded:
        limits = pl.DataFrame(
            [(point.id, point.min_value, point.max_value) for point in bounded],
            schema={"point_id": pl.Int32, "low": pl.Float64, "high": pl.Float64},
            orient="row",
        )
        frame = frame.join(limits, on="point_id", how="left", maintain_order="left")
        outside = (pl.col("value") < pl.col("low")).fill_null(value=False) | (
            pl.col("value") > pl.col("high")
        ).fill_null(value=False)
        flags = flags | _flag(outside, Quality.OUT_OF_RANGE)
    return frame.with_columns((pl.col("quality") | flags).alias("quality"))


def _flag(condition: pl.Expr, flag: Quality) -> pl.Expr:
    return pl.when(condition).then(pl.lit(int(flag), pl.UInt8)).otherwise(pl.lit(0, pl.UInt8))
