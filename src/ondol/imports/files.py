"""Read a meter file: from bytes to series of readings in UTC, with everything that was refused and inferred."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from ondol.common.calendar import check_timezone
from ondol.common.errors import InvalidInput
from ondol.common.frames import with_schema
from ondol.common.messages import said
from ondol.imports import neighbours
from ondol.imports.columns import Roles, assign_roles, time_texts
from ondol.imports.ends import with_ends
from ondol.imports.header_words import TIME, says
from ondol.imports.header_zones import zone_in
from ondol.imports.holds import LONGEST_HOLD_S, is_power, with_holds
from ondol.imports.layouts import read_layout
from ondol.imports.mapping import options_for
from ondol.imports.model import HISTORY, ImportOptions, ParsedFile, SeriesSpec
from ondol.imports.months import month_only
from ondol.imports.naming import unit_in, unit_of
from ondol.imports.no_values import without_codes
from ondol.imports.numbers import numeric_share
from ondol.imports.opened import OpenedFile
from ondol.imports.periods import Period
from ondol.imports.series import Candidate, is_metered, measures, specify, with_points
from ondol.imports.slots import place_slots
from ondol.imports.stands import Side, place_stands
from ondol.imports.table import Table, rejected
from ondol.imports.timeline import AS_STARTS, Timeline, lay_out
from ondol.imports.timestamps import parse_times
from ondol.imports.values import read_values, without_repeats
from ondol.sites.model import PointKind

MAX_SERIES = 10_000


def read_file(source: Path | bytes, name: str, options: ImportOptions, building_key: str) -> ParsedFile:
    """Read a CSV text, a workbook or another layout of `layouts/` (`name` tells its quantity and meter too).

    A bad row is rejected alone. Raises InvalidInput, with what to give, when the file as a whole cannot be understood.
    """
    options = options_for(options, name)
    check_timezone(options.timezone)
    table = read_rows(source, name, options)
    roles = assign_roles(table, options, name)
    timeline, labels, rejects = _times(
        table, roles, _by_header_zone(options, table, roles, name), options.timezone, name
    )
    values, more_rejects, missing, notes = read_values(table, roles, options, timeline, name)
    candidates = _candidates(table, roles, labels, timeline, name)
    frame, specs, more_notes = _series(values, candidates, options, timeline, name, building_key)
    has_amounts = any(spec.kind is PointKind.TOTAL for spec in specs)
    times = [note for note in timeline.notes if has_amounts or note != AS_STARTS]
    return ParsedFile(
        name=name,
        series=specs,
        frame=frame,
        rejects=pl.concat([table.rejects, rejects, *more_rejects]).sort("line", maintain_order=True),
        rows_read=len(table.lines) + table.rejects.height,
        missing=missing,
        notes=[*table.notes, *roles.notes, *times, *notes, *more_notes],
    )


def read_rows(source: Path | bytes, name: str, options: ImportOptions) -> Table:
    """The file's rows by the layout that knows it. Raises InvalidInput when it cannot be read or is no table."""
    data = source if isinstance(source, bytes) else _content(source)
    return read_layout(OpenedFile(data, name, options))


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InvalidInput(
            said("%(path)s cannot be read: %(error)s.", path=path, error=error.strerror or error)
        ) from None


def _by_header_zone(options: ImportOptions, table: Table, roles: Roles, name: str) -> ImportOptions:
    """The options with the time zone that the header of the times or a line above names, unless a person gave one."""
    if options.is_timezone_given:
        return options
    above = next((value for fact, value in table.facts if says(_ZONE_FACT, fact)), "")
    for text in (roles.time, f"({above})"):
        zone = zone_in(text, name)
        if zone is not None:
            return replace(options, timezone=zone)
    return options


_ZONE_FACT = re.compile(r"time ?zone|zeitzone|fuseau|zona horaria|tijdzone|시간대|timezone")


def _times(
    table: Table, roles: Roles, options: ImportOptions, home: str, name: str
) -> tuple[Timeline, list[str | None], pl.DataFrame]:
    """Every row's time and series label, and the rows that have none. Raises InvalidInput when no row has a time."""
    texts = time_texts(table, roles)
    parsed, notes = parse_times(texts, options.date_format, name, are_days=roles.slots is not None)
    stamp = options.stamp
    if roles.slots is not None:
        parsed, more = place_slots(parsed, table.cells[roles.slots.column], roles.slots, options.timezone)
        notes, stamp = [*notes, *more], "start"
    elif roles.end is not None:
        stamp = "start"
    if options.timezone != home and not options.is_timezone_given:
        notes = [*notes, said("Times are of %(timezone)s, as the file says.", timezone=options.timezone)]
    keys, labels = _keys(table, roles)
    rows = pl.int_range(len(texts), dtype=pl.UInt32, eager=True).alias("row")
    axis = parsed.with_columns(rows, keys).filter(pl.col("reason").is_null()).drop("reason")
    default = Period(months=1) if month_only(texts, bare=True) else Period()
    timeline = lay_out(axis, options.timezone, stamp, default, home)
    refused = pl.concat(
        [
            parsed.select(rows, "reason").filter(pl.col("reason").is_not_null()),
            timeline.frame.select("row", "reason").filter(pl.col("reason").is_not_null()),
        ]
    )
    rejects = rejected(table.lines.gather(refused["row"]), roles.time, texts.gather(refused["row"]), refused["reason"])
    _check_one_table(table, roles, rejects, name)
    if refused.height > _MOST_REFUSED * len(texts):
        line, _, text, reason = rejects.row(0)
        raise InvalidInput(
            said(
                "%(name)s, line %(line)s: %(reason)s (%(text)s); give --time COLUMN or --date-format '%%d/%%m/%%Y %%H:%%M'.",
                name=name,
                line=line,
                reason=reason,
                text=repr(text),
            )
        )
    timeline = replace(timeline, notes=[*notes, *timeline.notes])
    if roles.end is None:
        return (
            replace(timeline, frame=timeline.frame.with_columns(pl.lit(None, pl.Int64).alias("end_us"))),
            labels,
            rejects,
        )
    timeline, bad_ends = with_ends(timeline, table, roles.end, options, name)
    return timeline, labels, pl.concat([rejects, bad_ends])


_MOST_REFUSED = 0.5
"""A file of which more rows have no time was read wrongly as a whole."""


def _check_one_table(table: Table, roles: Roles, rejects: pl.DataFrame, name: str) -> None:
    """Raises InvalidInput when a row without a time is another header: what stands below it is another table."""
    for line in rejects["line"].head(50):
        row = table.cells.filter(table.lines == line).row(0)
        words = [cell for cell in row if cell]
        is_repeated = [cell.casefold() for cell in words] == [column.casefold() for column in table.cells.columns][
            : len(words)
        ]
        has_number = any(numeric_share(pl.Series([cell])) for cell in words)
        if (
            len(words) > 1
            and not has_number
            and not is_repeated
            and says(TIME, row[table.cells.columns.index(roles.time)] or "")
        ):
            raise InvalidInput(
                said(
                    "%(name)s, line %(line)s: another table begins (%(words)s); give each table a file of its own.",
                    name=name,
                    line=line,
                    words=", ".join(words[:4]),
                )
            )


def _keys(table: Table, roles: Roles) -> tuple[pl.Series, list[str | None]]:
    """The series index of each row and the labels of the series; one without a label where columns are series."""
    if not roles.identity:
        return pl.Series("key", [0], dtype=pl.UInt32).new_from_index(0, len(table.lines)), [None]
    label = table.cells.select(pl.concat_str(roles.identity, separator="/").alias("label")).to_series()
    names = label.unique(maintain_order=True)
    index = {name: position for position, name in enumerate(names)}
    return label.replace_strict(index, return_dtype=pl.UInt32).alias("key"), names.to_list()


def _candidates(table: Table, roles: Roles, labels: list[str | None], timeline: Timeline, name: str) -> list[Candidate]:
    """The series of the file, those of a label together."""
    units: dict[str, str] = {}
    if roles.unit is not None and not roles.identity:
        units = {"": _unit_of_all(table.cells[roles.unit], roles.unit, name)}
    elif roles.unit is not None:
        label = pl.concat_str(roles.identity, separator="/").alias("label")
        pairs = table.cells.select(label, pl.col(roles.unit)).unique(maintain_order=True)
        for several in pairs.filter(pl.col("label").is_duplicated()).partition_by("label", maintain_order=True):
            _unit_of_all(several[roles.unit], roles.unit, name)
        units = dict(pairs.iter_rows())
    elif (fact := table.unit_above) is not None:
        units = {label or "": fact for label in labels}
    if len(labels) * len(roles.values) > MAX_SERIES:
        raise InvalidInput(
            said(
                "%(name)s: more than %(max_series)s series; give --value COLUMN, or a --mapping file.",
                name=name,
                max_series=f"{MAX_SERIES:,}",
            )
        )
    known = [period for period in timeline.periods.values() if period.is_known]
    shared = max(known, key=known.count, default=Period())
    return [
        Candidate(
            column, label, _unit_beside(units.get(label or ""), column),
            period if (period := timeline.periods.get(key, shared)).is_known else shared,
            roles.end is not None,
        )
        for key, label in enumerate(labels)
        for column in roles.values
    ]  # fmt: skip


def _unit_of_all(texts: pl.Series, column: str, name: str) -> str:
    """The one unit of a column of units. Raises InvalidInput where there are several."""
    found = texts.filter(texts != "").unique(maintain_order=True).to_list()
    if len({unit.symbol if (unit := unit_of(text)) else text for text in found}) > 1:
        raise InvalidInput(
            said(
                "%(name)s: the column %(column)s names several units (%(found)s); cut the file by unit, or name the meter "
                "of each row in a column.",
                name=name,
                column=repr(column),
                found=", ".join(found[:5]),
            )
        )
    return found[0] if found else ""


def _unit_beside(unit: str | None, column: str) -> str | None:
    """The unit that a column of units gives a series; what a header says of its own column counts more."""
    return None if not unit or unit_in(column) else unit


def _series(
    values: pl.DataFrame,
    candidates: Sequence[Candidate],
    options: ImportOptions,
    timeline: Timeline,
    name: str,
    building_key: str,
) -> tuple[pl.DataFrame, list[SeriesSpec], list[str]]:
    """Readings in the HISTORY schema and what their series are."""
    _check_named(candidates, options, name)
    meanings = [measures(candidate, options, name) for candidate in candidates]
    width = len({candidate.column for candidate in candidates})
    values = values.select(
        (pl.col("key") * width + pl.col("column")).cast(pl.UInt16).alias("series"),
        "line",
        "time_us",
        "end_us",
        "value",
        "quality",
    )
    values, notes = without_repeats(values, [candidate.named for candidate in candidates], name)
    if options.zero_is_missing:
        metered = [index for index, meaning in enumerate(meanings) if is_metered(meaning.unit)]
        zero = pl.col("series").is_in(metered) & (pl.col("value") == 0)
        zeros = int(values.select(zero.sum()).item())
        values = values.filter(~zero)
        notes.append(said("%(zeros)s zeros were taken as missing.", zeros=f"{zeros:,}"))
    assumed = [f"{c.named} in {m.unit}" for c, m in zip(candidates, meanings, strict=True) if m.unit_inferred]
    if assumed:
        notes.append(
            said(
                "Units assumed, since nothing names them: %(assumed)s; give --unit where it is another.",
                assumed=", ".join(assumed[:20]),
            )
        )
    values, codes = without_codes(values)
    specs: list[SeriesSpec] = []
    frames: list[pl.DataFrame] = []
    by_series = values.partition_by("series", as_dict=True, maintain_order=True)
    for index, (candidate, meaning) in enumerate(zip(candidates, meanings, strict=True)):
        frame = by_series.get((index,), values.clear())
        spec = specify(candidate, meaning, frame, options, name)
        specs.append(spec)
        frames.append(_spanned(frame, spec, candidate.period, timeline, options.timezone))
    roles, more_notes = neighbours.place_neighbours(
        [
            neighbours.Candidate(index, _words(candidate, several=width > 1), spec, frame, "role" not in spec.inferred)
            for index, (candidate, spec, frame) in enumerate(zip(candidates, specs, frames, strict=True))
        ],
        name,
    )
    sides = [
        Side(_words(candidate, several=width > 1), candidate.label, spec, frame, candidate.period)
        for candidate, spec, frame in zip(candidates, specs, frames, strict=True)
    ]
    frames, moved = place_stands(sides, options.timezone)
    specs = [replace(spec, role=roles.get(index, spec.role)) for index, spec in enumerate(specs)]
    specs = with_points(specs, [candidate.label for candidate in candidates], name, building_key)
    return with_schema(pl.concat(frames), HISTORY), specs, [*notes, *codes, *more_notes, *moved]


def _check_named(candidates: Sequence[Candidate], options: ImportOptions, name: str) -> None:
    """What a mapping file names is there, as a column or as a meter of the rows. Raises InvalidInput."""
    there = {text for candidate in candidates for text in (candidate.column, candidate.label) if text}
    folded = {text.strip().casefold() for text in there}
    for wanted in options.columns:
        if wanted.strip().casefold() not in folded:
            shown = ", ".join(sorted(there)[:20])
            raise InvalidInput(
                said(
                    "%(name)s has no column and no meter %(wanted)s (mapping); it has: %(shown)s.",
                    name=name,
                    wanted=repr(wanted),
                    shown=shown,
                )
            )


def _words(candidate: Candidate, *, several: bool) -> str:
    """What says which meter it is; the one column of values of a long file says nothing."""
    if candidate.label is None:
        return candidate.column
    return f"{candidate.label} {candidate.column}" if several else candidate.label


def _spanned(frame: pl.DataFrame, spec: SeriesSpec, period: Period, timeline: Timeline, timezone: str) -> pl.DataFrame:
    """Stamps as the starts of their intervals, with an end where intervals differ in length."""
    if spec.kind is PointKind.TOTAL_INCREASING or frame["end_us"].is_not_null().any():
        return frame
    start = pl.col("time_us")
    if timeline.stamp == "end" and period.is_known:
        start = period.shifted(start, timezone, -1)
    elif period.is_last_day:
        start = period.month_of_last_day(start, timezone)
    frame = frame.with_columns(start.alias("time_us"))
    is_long = period.months > 0 or period.seconds > LONGEST_HOLD_S
    if period.follows_calendar if spec.kind is PointKind.TOTAL else period.is_known and is_long:
        return frame.with_columns(period.shifted(pl.col("time_us"), timezone, 1).alias("end_us"))
    if spec.kind is PointKind.MEASUREMENT and is_power(spec.unit):
        return with_holds(frame)
    return frame
