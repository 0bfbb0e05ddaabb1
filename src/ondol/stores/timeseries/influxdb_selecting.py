"""Parts of InfluxQL statements over what others keep, and of their answers."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from ondol.readings.model import LATEST_US
from ondol.readings.model.foreign import FOREIGN, ForeignSeries

FIELDS_A_QUERY = 50


def readings_of(times: Sequence[int], values: Sequence[Any], unit: Sequence[str | None] | None) -> pl.DataFrame:
    numbers = [None if value is None or isinstance(value, str) else float(value) for value in values]
    columns = [times, numbers, unit or [None] * len(times)]
    return pl.DataFrame(columns, schema=FOREIGN).drop_nulls("value")


def fields_of(kinds: Mapping[str, set[str]], wanted: Iterable[str]) -> list[str]:
    return sorted(name for name, types in kinds.items() if types & set(wanted))


def tags_of(series: Mapping[str, Any]) -> dict[str, str]:
    return {name: value for name, value in series.get("tags", {}).items() if value}


def where_tags(series: ForeignSeries) -> str:
    return "".join(f"{quoted(name)} = {_literal(value)} AND " for name, value in series.tags.items())


def where_time(start_us: int, end_us: int) -> str:
    start_us, end_us = (min(max(bound, 0), LATEST_US) for bound in (start_us, end_us))
    return f"time >= {start_us}u AND time < {end_us}u"


def quoted(name: str) -> str:
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _literal(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def in_parts(fields: Sequence[str]) -> list[Sequence[str]]:
    return [fields[n : n + FIELDS_A_QUERY] for n in range(0, len(fields), FIELDS_A_QUERY)]
