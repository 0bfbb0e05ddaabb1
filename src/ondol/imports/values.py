"""The values of a table at their times: what is missing, what is refused, what is repeated."""

import polars as pl

from ondol.common.errors import InvalidInput
from ondol.common.messages import said
from ondol.common.quality import Quality
from ondol.imports import header_words as words
from ondol.imports.columns import Roles
from ondol.imports.header_words import is_called, says
from ondol.imports.model import ImportOptions
from ondol.imports.numbers import finds_decimal_comma, is_missing, to_numbers
from ondol.imports.table import Table, rejected
from ondol.imports.timeline import Timeline


def read_values(
    table: Table, roles: Roles, options: ImportOptions, timeline: Timeline, name: str
) -> tuple[pl.DataFrame, list[pl.DataFrame], int, list[str]]:
    """Readings of all columns (`column` index, `key`, `line`, `time_us`, `end_us`, `value`, `quality`), rejects, missing cells, notes."""
    placed = timeline.frame.drop_nulls("time_us").sort("row")
    cells = table.cells.select(roles.values)[placed["row"]]
    lines = table.lines.gather(placed["row"])
    comma = options.decimal_comma
    if comma is None:
        comma = finds_decimal_comma(cells.get_columns(), table.comma_separated, name)
    notes = [said("Commas in the values mark decimals.")] if comma and options.decimal_comma is None else []
    factor = _multiplier(table, roles, options, comma, name)
    quality, estimated = _quality(table, roles, placed)
    notes += (
        [
            said(
                "%(estimated)s rows are called estimated in %(quality)s; they keep that flag.",
                estimated=f"{estimated:,}",
                quality=repr(roles.quality),
            )
        ]
        if estimated
        else []
    )
    frames: list[pl.DataFrame] = []
    rejects: list[pl.DataFrame] = []
    missing = 0
    for index, column in enumerate(cells.get_columns()):
        empty = is_missing(column)
        numbers = to_numbers(column, comma)
        bad = numbers.is_null() & ~empty
        missing += int(empty.sum())
        if bad.any():
            rejects.append(
                rejected(lines.filter(bad), roles.values[index], column.filter(bad), said("is not a number"))
            )
        frame = placed.select("key", "time_us", "end_us", column=pl.lit(index, pl.UInt32)).with_columns(
            lines.alias("line"), (numbers * factor).alias("value"), quality
        )
        frames.append(frame.filter(~(bad | empty)))
    return (
        pl.concat(frames),
        rejects,
        missing,
        [*notes, *([said("%(missing)s values are missing.", missing=f"{missing:,}")] if missing else [])],
    )


def _multiplier(table: Table, roles: Roles, options: ImportOptions, comma: bool, file: str) -> float:
    """What values are multiplied by. A column of multipliers counts only when it is told whether it is in the values already.

    Raises InvalidInput with the flag, unless the stands beside the amounts show that it is.
    """
    if options.multiplier is not None:
        return options.multiplier
    for name in table.cells.columns:
        if name in roles.values or not is_called(words.MULTIPLIER, name):
            continue
        ratios = to_numbers(table.cells[name], comma).drop_nulls().unique()
        if len(ratios) == 0 or (len(ratios) == 1 and ratios[0] == 1) or _is_applied(table, roles, name, comma):
            continue
        shown = ", ".join(f"{ratio:g}" for ratio in ratios.head(3))
        raise InvalidInput(
            said(
                "%(file)s: the column %(name)s (%(shown)s) may still have to be applied to %(values)s; give --multiplier "
                "with it, or --multiplier 1 if the values hold it already.",
                file=file,
                name=repr(name),
                shown=shown,
                values=", ".join(roles.values[:3]),
            )
        )
    return 1.0


def _is_applied(table: Table, roles: Roles, ratio: str, comma: bool) -> bool:
    """Whether the difference of the stands beside the values, times the ratio, is the values."""
    before = next((n for n in table.cells.columns if says(words.STAND_BEFORE, n)), None)
    after = next((n for n in table.cells.columns if says(words.STAND_AFTER, n)), None)
    if before is None or after is None or len(roles.values) == 0:
        return False
    stands = [to_numbers(table.cells[name], comma) for name in (before, after, ratio)]
    expected = (stands[1] - stands[0]) * stands[2]
    return any(
        bool(((to_numbers(table.cells[value], comma) - expected).abs() <= 0.01 * expected.abs() + 1e-6).mean() == 1)
        for value in roles.values
    )


def _quality(table: Table, roles: Roles, placed: pl.DataFrame) -> tuple[pl.Series, int]:
    """The flags of each row, and how many rows say that they were not measured."""
    if roles.quality is None:
        return pl.Series("quality", [0], pl.UInt16).new_from_index(0, placed.height), 0
    texts = table.cells[roles.quality][placed["row"]].str.strip_chars().str.to_lowercase()
    is_estimated = texts.str.contains(f"^(?:{words.ESTIMATED.pattern})$").fill_null(value=False)
    return (is_estimated.cast(pl.UInt16) * int(Quality.ESTIMATED)).alias("quality"), int(is_estimated.sum())


MOST_COLLISIONS = 0.01


def without_repeats(values: pl.DataFrame, labels: list[str], file: str) -> tuple[pl.DataFrame, list[str]]:
    """Sorted by series and time with one row each, the last line of the file; notes on what was dropped.

    Raises InvalidInput when more than a hundredth of the readings have another with a different value at the same time: then the
    file holds more series than were seen. `labels` name the series.
    """
    ordered = values.sort("series", "time_us", "line")
    following = pl.col("series", "time_us", "value").shift(-1).name.suffix("_next")
    ordered = ordered.with_columns(following).with_columns(
        repeated=(
            (pl.col("series") == pl.col("series_next")) & (pl.col("time_us") == pl.col("time_us_next"))
        ).fill_null(False)
    )
    kept = ordered.filter(~pl.col("repeated")).select(values.columns)
    if kept.height == ordered.height:
        return kept, []
    differing = ordered.filter(pl.col("repeated") & (pl.col("value") != pl.col("value_next")))
    alike = ordered.height - kept.height - differing.height
    notes = [said("%(alike)s repeated readings were dropped.", alike=f"{alike:,}")] if alike else []
    if differing.height:
        where = said("the first case is line %(min)s", min=differing["line"].min())
        series = labels[int(differing["series"][0])]
        if differing.height > max(MOST_COLLISIONS * ordered.height, 1):
            raise InvalidInput(
                said(
                    "%(file)s: %(differing)s of %(readings)s readings of %(series)s share their time with another that differs "
                    "(%(where)s): rows of several meters, or times that are read wrongly; name the meter of each row in a "
                    "column called `meter`, or give --date-format.",
                    file=file,
                    differing=f"{differing.height:,}",
                    readings=f"{ordered.height:,}",
                    series=repr(series),
                    where=where,
                )
            )
        notes.append(
            said(
                "%(times)s times appear with different values; the last line was kept (%(where)s).",
                times=f"{differing.height:,}",
                where=where,
            )
        )
    return kept, notes
