"""InfluxQL over the readings, as Grafana and clients of InfluxDB 1.x ask it; only reading, and only what is theirs."""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from ondol.common.access import Access, Scope
from ondol.common.clock import Clock
from ondol.common.errors import InvalidInput
from ondol.common.instants import DAY_S, HOUR_S, QUARTER_US, SECOND_US, epoch_us
from ondol.common.quality import quality_name
from ondol.history.ports import HistoryRecords
from ondol.history.rules.influxql import parse_statements
from ondol.history.rules.influxql_rows import MOST_ROWS, QuerySeries, Row, calculated, combined, cut, holds, rows_of
from ondol.history.rules.influxql_statements import Make, Select, Show, Statement
from ondol.readings.model import READINGS, bucket_readings
from ondol.readings.ports import TimeSeries
from ondol.sites.model import Point
from ondol.sites.ports import SiteRecords
from ondol.sites.reach import reach_points

TAGS = ("building_id", "floor", "point", "room", "sensor_type")
FIELDS = {"value": "float", "unit": "string", "status": "string"}
MOST_POINTS = 2_000
_RAW_ALONE_US = DAY_S * SECOND_US
_INNER_STEP_US = HOUR_S * SECOND_US
_WITHOUT_START_US = 30 * DAY_S * SECOND_US


@dataclass(frozen=True, slots=True)
class QueryNeeds:
    """What answering needs."""

    sites: SiteRecords
    history: HistoryRecords
    timeseries: TimeSeries
    clock: Clock


def answer_influxql(access: Access, text: str, database: str | None, needs: QueryNeeds) -> list[list[QuerySeries]]:
    """The series of each statement. A `database` that is a building's key means that building, any other all that is theirs.

    Raises InvalidInput, NotAllowed, StoreUnavailable.
    """
    statements = parse_statements(text, epoch_us(needs.clock()))
    if all(isinstance(statement, Make) for statement in statements):
        return [[] for _ in statements]
    access.require(Scope.READ)
    points = [point for point in reach_points(access, None, needs.sites) if database in (None, "", point.building_key)]
    if not points:
        points = reach_points(access, None, needs.sites) if not _is_building(database, needs) else []
    return [_answer(access, statement, points, needs) for statement in statements]


def _is_building(key: str | None, needs: QueryNeeds) -> bool:
    return any(building.key == key for building in needs.sites.buildings())


def _answer(access: Access, statement: Statement, points: Sequence[Point], needs: QueryNeeds) -> list[QuerySeries]:
    if isinstance(statement, Make):
        return []
    if isinstance(statement, Show):
        return _show(access, statement, points, needs)
    chosen = [point for point in points if holds(statement.where, tags_of(point))]
    if len(chosen) > MOST_POINTS:
        raise InvalidInput(f"this asks for {len(chosen):,} points; ask for at most {MOST_POINTS:,}, by a tag")
    aggregates = [column.aggregate is not None for column in statement.columns]
    if any(aggregates) != all(aggregates):
        raise InvalidInput("mixing aggregate and non-aggregate queries is not supported")
    return _aggregated(statement, chosen, needs) if all(aggregates) else _plain(statement, chosen, needs)


def tags_of(point: Point) -> dict[str, str]:
    """The tags of a point, those of the guide and its key."""
    values = (point.building_key, point.floor, point.key, point.space, point.quantity)
    return {tag: value for tag, value in zip(TAGS, values, strict=True) if value}


def _show(access: Access, show: Show, points: Sequence[Point], needs: QueryNeeds) -> list[QuerySeries]:
    name = "sensor_readings"
    if show.what == "databases":
        keys = sorted(building.key for building in needs.sites.buildings() if access.reaches(building.key))
        return [QuerySeries(["name"], [[key] for key in keys], name="databases")]
    if show.what == "retention policies":
        columns = ["name", "duration", "shardGroupDuration", "replicaN", "default"]
        return [QuerySeries(columns, [["autogen", "0s", "168h0m0s", 1, True]], name=None)]
    if not points:
        return []
    if show.what == "measurements":
        return [QuerySeries(["name"], [[name]], name="measurements")]
    if show.what == "field keys":
        return [QuerySeries(["fieldKey", "fieldType"], [[key, kind] for key, kind in FIELDS.items()])]
    tags = [tags for point in points if holds(show.where, tags := tags_of(point))]
    if show.what == "tag keys":
        return [QuerySeries(["tagKey"], [[key] for key in TAGS if any(key in some for some in tags)])]
    found = sorted({(key, some[key]) for key in show.keys for some in tags if key in some})
    return [QuerySeries(["key", "value"], [list(pair) for pair in found[: show.limit]])] if found else []


def _groups(select: Select, points: Iterable[Point]) -> dict[tuple[tuple[str, str], ...], list[Point]]:
    """Points by the values of the tags that are asked for."""
    names = TAGS if "*" in select.tags else select.tags
    groups: dict[tuple[tuple[str, str], ...], list[Point]] = defaultdict(list)
    for point in points:
        tags = tags_of(point)
        groups[tuple((name, tags.get(name, "")) for name in names)].append(point)
    return dict(sorted(groups.items()))


def _aggregated(select: Select, points: Sequence[Point], needs: QueryNeeds) -> list[QuerySeries]:
    end_us = select.bounds.end_us if select.bounds.end_us is not None else epoch_us(needs.clock()) + 1
    columns = ["time", *(column.title for column in select.columns)]
    found: list[QuerySeries] = []
    for tags, members in _groups(select, points).items():
        if select.step_us is None and all(
            column.aggregate == "last" and not column.transform for column in select.columns
        ):
            rows = _newest(select, members, end_us, needs)
        else:
            parts = [_buckets(point, select, end_us, needs) for point in members]
            frame = combined(parts, select)
            rows = rows_of(frame, select, end_us) if frame.height else []
        if rows:
            found.append(QuerySeries(columns, rows, dict(tags)))
    return found


def _newest(select: Select, points: Sequence[Point], end_us: int, needs: QueryNeeds) -> list[Row]:
    newest = needs.timeseries.latest([point.id for point in points], end_us)
    rows = newest.filter(pl.col("time_us") >= select.bounds.start_us).sort("time_us").tail(1)
    return [
        [time_us, *(calculated(value, column.maths) for column in select.columns)]
        for time_us, value in rows.select("time_us", "value").iter_rows()
    ]


def _buckets(point: Point, select: Select, end_us: int, needs: QueryNeeds) -> pl.DataFrame:
    """Buckets of one point that the asked ones are made of; from history where raw readings are gone."""
    step_us = select.step_us or _INNER_STEP_US
    # Clocks of all zones differ by whole quarters of an hour.
    inner_us = math.gcd(step_us, select.offset_us, QUARTER_US if select.zone else 0)
    start_us = select.bounds.start_us
    if (end_us - start_us) // inner_us > MOST_ROWS and start_us:
        raise InvalidInput(f"the answer would have more than {MOST_ROWS:,} rows; ask for a longer step or less time")
    names = ("time_us", "mean", "min", "max", "sum", "first", "last", "count")
    raw = needs.timeseries.buckets(point.id, start_us, end_us, inner_us).select(names)
    older = _older(point, start_us, end_us, needs)
    parts = [bucket_readings(older, inner_us).select(names), raw] if older.height else [raw]
    return pl.concat([part.cast({"count": pl.Int64}) for part in parts])


def _older(point: Point, start_us: int, end_us: int, needs: QueryNeeds) -> pl.DataFrame:
    """Intervals of history from before the first raw reading, each as a reading at its start."""
    first = (
        needs.timeseries.next_after(point.id, start_us)
        if epoch_us(needs.clock()) - start_us > _RAW_ALONE_US
        else start_us
    )
    until_us = end_us if first is None else min(first, end_us)
    if until_us <= start_us:
        return READINGS.to_frame()
    intervals = needs.history.read([point.id], start_us // SECOND_US, until_us // SECOND_US, only_values=True)
    times = intervals.select("point_id", (pl.col("start") * SECOND_US).alias("time_us"), "value", "quality")
    return times.filter(pl.col("time_us") >= start_us, pl.col("time_us") < until_us)


def _plain(select: Select, points: Sequence[Point], needs: QueryNeeds) -> list[QuerySeries]:
    """Readings as they are, with the fields and tags that are asked for."""
    end_us = select.bounds.end_us if select.bounds.end_us is not None else epoch_us(needs.clock()) + 1
    start_us = select.bounds.start_us or max(end_us - _WITHOUT_START_US, 0)
    everything = [*sorted([*FIELDS, *TAGS])]
    titles = [title for column in select.columns for title in (everything if column.field == "*" else [column.title])]
    names = [name for column in select.columns for name in (everything if column.field == "*" else [column.field])]
    all_maths = [column.maths for column in select.columns for _ in (everything if column.field == "*" else [column])]
    found: list[QuerySeries] = []
    left = MOST_ROWS
    for tags, members in _groups(select, points).items():
        frames = [needs.timeseries.read([point.id], start_us, end_us) for point in members]
        left -= sum(frame.height for frame in frames)
        if left < 0:
            raise InvalidInput(
                f"the answer would have more than {MOST_ROWS:,} rows; ask for less time, or GROUP BY time()"
            )
        by_id = {point.id: tags_of(point) | {"unit": point.unit} for point in members}
        rows: list[Row] = []
        for number, time_us, value, quality in pl.concat(frames).sort("time_us", maintain_order=True).iter_rows():
            status = "normal" if not quality else quality_name(quality)
            known = by_id[number] | {"value": value, "status": status}
            rows.append(
                [time_us, *(calculated(known.get(name), maths) for name, maths in zip(names, all_maths, strict=True))]
            )
        if rows:
            found.append(QuerySeries(["time", *titles], cut(rows, select), dict(tags)))
    return found
