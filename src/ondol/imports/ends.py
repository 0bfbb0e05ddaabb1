"""Where the periods of rows end, when a column says so: bills from the 12th to the 10th, half hours with both of their ends."""

from dataclasses import replace

import polars as pl

from ondol.common.instants import DAY_US
from ondol.common.messages import said
from ondol.imports.model import ImportOptions
from ondol.imports.periods import Period
from ondol.imports.table import Table, rejected
from ondol.imports.timeline import Timeline, lay_out
from ondol.imports.timestamps import parse_times

_LONGEST_US = 800 * DAY_US


def with_ends(
    timeline: Timeline, table: Table, column: str, options: ImportOptions, file: str
) -> tuple[Timeline, pl.DataFrame]:
    """The timeline with the end of each row's period, and the rows that have none, as REJECTS.

    Where periods are whole days, a bill's last day may be counted in (`~ 2024-02-04`, the next from 2024-02-05) or not (the next
    begins on it). The file shows which; one that does not is taken as not counted in, and the note says so.
    """
    texts = table.cells[column]
    parsed, _ = parse_times(texts, options.date_format, file)
    rows = pl.int_range(len(texts), dtype=pl.UInt32, eager=True).alias("row")
    by_row = timeline.frame.select("row", "key")
    axis = parsed.with_columns(rows).join(by_row, on="row", how="inner", maintain_order="right")
    ends = lay_out(
        axis.filter(pl.col("reason").is_null()).drop("reason"), options.timezone, "start", Period(), options.timezone
    ).frame
    frame = timeline.frame.drop("end_us", strict=False).join(
        ends.select("row", pl.col("time_us").alias("end_us")), on="row", how="left", maintain_order="left"
    )
    frame, notes = _inclusive(frame, options.timezone)
    span = pl.col("end_us") - pl.col("time_us")
    reason = (
        pl.when(pl.col("time_us").is_null()).then(None)
        .when(pl.col("end_us").is_null()).then(pl.lit(said("the end of the period is not understood")))
        .when(span <= 0).then(pl.lit(said("the period ends before it begins")))
        .when(span > _LONGEST_US).then(pl.lit(said("the period is longer than two years")))
    )  # fmt: skip
    bad = frame.with_columns(reason.alias("bad")).filter(pl.col("bad").is_not_null())
    refused = rejected(table.lines.gather(bad["row"]), column, texts.gather(bad["row"]), bad["bad"])
    kept = frame.join(bad.select("row"), on="row", how="anti", maintain_order="left")
    return replace(timeline, frame=kept, notes=[*timeline.notes, *notes]), refused


def _inclusive(frame: pl.DataFrame, timezone: str) -> tuple[pl.DataFrame, list[str]]:
    """Ends that name the last day of a period moved to the midnight after it."""
    local = (
        pl.col("time_us", "end_us")
        .cast(pl.Datetime("us", "UTC"))
        .dt.convert_time_zone(timezone)
        .dt.replace_time_zone(None)
    )
    walls = frame.select("key", local).drop_nulls().sort("key", "time_us")
    at_midnight = walls.select((pl.col("time_us", "end_us").dt.time() == pl.time(0)).all()).row(0)
    if walls.is_empty() or not all(at_midnight):
        return frame, []
    following = pl.col("time_us").shift(-1).over("key") - pl.col("end_us")
    one_day = pl.duration(days=1)
    met, apart = walls.select(
        (following == pl.duration(days=0)).sum().alias("met"), (following == one_day).sum().alias("apart")
    ).row(0)
    same_day = walls.select((pl.col("time_us") == pl.col("end_us")).any()).item()
    if apart > met or (same_day and not met):
        day_later = pl.col("end_us").cast(pl.Datetime("us", "UTC")).dt.convert_time_zone(timezone).dt.offset_by("1d")
        moved = frame.with_columns(day_later.dt.convert_time_zone("UTC").cast(pl.Int64).alias("end_us"))
        return moved, [said("The last day of each period is counted in.")]
    return frame, [] if met else [
        said("The end of a period was taken as not counted in: a bill to 4 February ends with 3 February.")
    ]
