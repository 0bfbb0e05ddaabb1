"""What others keep in an InfluxDB, read in InfluxQL, which 1.x, 2.x and 3.x all answer. Nothing is ever written here."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import polars as pl

from ondol.readings.model import TELLING_TEXTS, UNIT_TEXTS
from ondol.readings.model.foreign import FOREIGN, ForeignSeries, FoundSeries
from ondol.stores.timeseries.influxdb_http import Address, InfluxDBClient
from ondol.stores.timeseries.influxdb_lines import MEASUREMENT
from ondol.stores.timeseries.influxdb_selecting import (
    fields_of,
    in_parts,
    quoted,
    readings_of,
    tags_of,
    where_tags,
    where_time,
)
from ondol.stores.timeseries.influxdb_touched import MEASUREMENT as TOUCHED

_ANSWER_WITHIN_S = 300
_NUMBERS = frozenset({"float", "integer", "unsigned", "boolean"})
_FIELD = "value"


class InfluxDBForeignReadings:
    """See the port. `is_ours`: it is the very database in which this Ondol stores its readings."""

    def __init__(self, address: Address, *, is_ours: bool) -> None:
        self._client = InfluxDBClient(address, answer_within_s=_ANSWER_WITHIN_S, setting="ONDOL_ADOPT_URL")
        self._is_ours = is_ours
        self._texts: dict[str, list[str]] = {}

    @property
    def origin(self) -> str:
        place, database = _place(self._client.address)
        return f"influxdb://{place}/{database}"[:500]

    def find(self) -> list[FoundSeries]:
        fields = self._fields()
        self._texts = {name: fields_of(kinds, {"string"}) for name, kinds in fields.items()}
        holds_own = self._is_ours or TOUCHED in fields
        found = [
            series
            for measurement, kinds in fields.items()
            if measurement != TOUCHED
            for series in self._series_of(measurement, fields_of(kinds, _NUMBERS), holds_own)
        ]
        return sorted(found, key=lambda it: it.series.text)

    def conflicts(self) -> list[str]:
        if not self._is_ours:
            return []
        wanted = {_FIELD: "float", "unit": "string", "status": "string"}
        return [
            f"others write the field {name!r} of {MEASUREMENT} as {', '.join(sorted(others))}, and Ondol as {kind}: InfluxDB refuses "
            "what comes second. Let ONDOL_TIMESERIES_URL name another database, and ONDOL_ADOPT_URL this one"
            for name, kind in wanted.items()
            if (others := self._fields().get(MEASUREMENT, {}).get(name, set()) - {kind})
        ]

    def count(self, series: ForeignSeries, start_us: int, end_us: int, step_us: int) -> dict[int, int]:
        where = f"{where_tags(series)}{where_time(start_us, end_us)}"
        found = self._count(series.measurement, [series.field], where, step_us)
        return found.get(series.text, {})

    def read(self, series: ForeignSeries, start_us: int, end_us: int) -> pl.DataFrame:
        where = f"{where_tags(series)}{where_time(start_us, end_us)}"
        found = self._read(series.measurement, [series.field], where)
        return found.get(series.text, FOREIGN.to_frame())

    def read_all(self, measurement: str, fields: Sequence[str], start_us: int, end_us: int) -> dict[str, pl.DataFrame]:
        where = where_time(start_us, end_us)
        parts = [self._read(measurement, part, where) for part in in_parts(fields)]
        return {text: frame for part in parts for text, frame in part.items()}

    def count_all(
        self, measurement: str, fields: Sequence[str], start_us: int, end_us: int, step_us: int
    ) -> dict[str, dict[int, int]]:
        where = where_time(start_us, end_us)
        parts = [self._count(measurement, part, where, step_us) for part in in_parts(fields)]
        return {text: counts for part in parts for text, counts in part.items()}

    def close(self) -> None:
        self._client.close()

    def _fields(self) -> dict[str, dict[str, set[str]]]:
        """The types of each field, by measurement: shards may differ."""
        found: dict[str, dict[str, set[str]]] = {}
        for series in self._client.query("SHOW FIELD KEYS"):
            for name, kind, *_ in series.get("values", []):
                found.setdefault(series["name"], {}).setdefault(name, set()).add(kind)
        return found

    def _series_of(self, measurement: str, fields: Iterable[str], holds_own: bool) -> Iterator[FoundSeries]:
        told = {
            name: self._one_each("last", measurement, name)
            for name in self._texts[measurement]
            if name in TELLING_TEXTS
        }
        for field in fields:
            counts, firsts, lasts = (self._one_each(word, measurement, field) for word in ("count", "first", "last"))
            for tags, (_, readings) in counts.items():
                if tags not in firsts or tags not in lasts or isinstance(lasts[tags][1], str):
                    continue  # it came to be between two questions, or is a text by now
                series = ForeignSeries(measurement, dict(sorted(tags)), field)
                texts = {name: of_series[tags][1] for name, of_series in told.items() if tags in of_series}
                is_form = measurement == MEASUREMENT and field == _FIELD and "point" in series.tags
                last_us, last = lasts[tags]
                yield FoundSeries(
                    series,
                    int(readings),
                    firsts[tags][0],
                    last_us,
                    float(last),
                    texts,
                    may_be_own=holds_own and is_form,
                )

    def _one_each(
        self, aggregate: str, measurement: str, field: str
    ) -> dict[frozenset[tuple[str, str]], tuple[int, Any]]:
        """Time and result of an aggregate for each series of a measurement that has one."""
        statement = f"SELECT {aggregate}({quoted(field)}) FROM {quoted(measurement)} GROUP BY *"  # noqa: S608
        return {
            frozenset(tags_of(series).items()): (series["values"][0][0], series["values"][0][1])
            for series in self._client.query(statement)
        }

    def _read(self, measurement: str, fields: Sequence[str], where: str) -> dict[str, pl.DataFrame]:
        units = self._units_of(measurement)
        columns = ", ".join(map(quoted, [*fields, *units]))
        statement = f"SELECT {columns} FROM {quoted(measurement)} WHERE {where} GROUP BY *"  # noqa: S608
        found: dict[str, pl.DataFrame] = {}
        for series in self._client.query(statement):
            times, *values = zip(*series["values"], strict=True)
            given, texts = values[: len(fields)], values[len(fields) :]
            # The first of the text fields that says a unit counts, as in lines that are sent.
            unit = [next(filter(None, row), None) for row in zip(*texts, strict=True)] if texts else None
            for field, column in zip(fields, given, strict=True):
                frame = readings_of(times, column, unit)
                if frame.height:
                    found[ForeignSeries(measurement, tags_of(series), field).text] = frame
        return found

    def _units_of(self, measurement: str) -> list[str]:
        """Fields that name the unit beside a number; an InfluxDB that has begun to write one is seen at the next start."""
        if measurement not in self._texts:
            self._texts = {name: fields_of(kinds, {"string"}) for name, kinds in self._fields().items()}
        return [name for name in UNIT_TEXTS if name in self._texts.get(measurement, [])]

    def _count(self, measurement: str, fields: Sequence[str], where: str, step_us: int) -> dict[str, dict[int, int]]:
        counts = ", ".join(f"count({quoted(field)})" for field in fields)
        by = f"GROUP BY time({step_us}u), * fill(none)"
        found: dict[str, dict[int, int]] = {}
        for series in self._client.query(f"SELECT {counts} FROM {quoted(measurement)} WHERE {where} {by}"):  # noqa: S608
            for place, field in enumerate(fields, 1):
                text = ForeignSeries(measurement, tags_of(series), field).text
                found[text] = {row[0]: row[place] for row in series["values"] if row[place]}
        return found


def open_foreign(url: str, own_url: str) -> InfluxDBForeignReadings:
    """The InfluxDB at the URL; `own_url` is that of Ondol's own time-series store. Raises WrongConfiguration."""
    address = Address.parse(url)
    is_influxdb = own_url.partition("://")[0] in ("influxdb", "influxdbs")
    return InfluxDBForeignReadings(address, is_ours=is_influxdb and _place(Address.parse(own_url)) == _place(address))


def _place(address: Address) -> tuple[str, str]:
    loopback = {"localhost": "127.0.0.1", "[::1]": "127.0.0.1"}
    host, _, port = address.base_url.partition("://")[2].rpartition(":")
    return f"{loopback.get(host, host)}:{port}", address.database
