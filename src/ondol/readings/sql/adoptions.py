"""`Adoptions` on the relational database."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import bindparam, delete, func, select, update

from ondol.database.engine import Database
from ondol.readings.model.foreign import AdoptedSeries, ForeignSeries, NewAdoption, TakenSlice
from ondol.readings.tables import AdoptedSeriesRow
from ondol.sites.tables import BuildingRow, PointRow, RetiredPointRow

_MOST_REASONS = 20


class SqlAdoptions:
    """See the port."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self, origin: str | None = None) -> list[AdoptedSeries]:
        query = _SERIES if origin is None else _SERIES.where(AdoptedSeriesRow.origin == origin)
        with self._database.read() as connection:
            return [_adopted(row) for row in connection.execute(query).mappings()]

    def names_in_store(self, names: Iterable[str]) -> set[str]:
        stored = func.coalesce(PointRow.stored_as, PointRow.key)
        with self._database.read() as connection:
            known = {*connection.scalars(select(stored)), *connection.scalars(select(RetiredPointRow.stored_as))}
        return known & set(names)

    def add(self, origin: str, new: Sequence[NewAdoption]) -> None:
        with self._database.write() as connection:
            known = set(connection.scalars(select(AdoptedSeriesRow.key).where(AdoptedSeriesRow.origin == origin)))
            keys = {it.point_key for it in new}
            ids = {key: number for key, number in connection.execute(select(PointRow.key, PointRow.id)) if key in keys}
            rows = [_row(origin, it, ids[it.point_key]) for it in new if _key(it.series) not in known]
            if rows:
                connection.execute(AdoptedSeriesRow.__table__.insert(), rows)  # pyright: ignore

    def remove(self, series_id: int) -> None:
        with self._database.write() as connection:
            connection.execute(delete(AdoptedSeriesRow).where(AdoptedSeriesRow.id == series_id))

    def advance_past(self, series: AdoptedSeries, until_us: int, taken: TakenSlice) -> bool:
        row = AdoptedSeriesRow
        is_as_it_was = (row.id == series.id) & (row.past_us == series.past_us)
        with self._database.write() as connection:
            kept = connection.execute(select(row.reasons, row.slots).where(is_as_it_was)).first()
            if kept is None:
                return False
            changed = connection.execute(
                update(row).where(is_as_it_was).values(
                    past_us=until_us, read=row.read + taken.read, accepted=row.accepted + taken.accepted,
                    refused=row.refused + taken.refused, reasons=_added(kept.reasons, taken.reasons),
                    slots=_json({**orjson.loads(kept.slots), **_texts(taken.slots)}),
                )
            )  # fmt: skip
            return changed.rowcount == 1

    def advance_follow(self, until_us: Mapping[int, int], slots: Mapping[int, Mapping[int, int]]) -> None:
        row = AdoptedSeriesRow
        if not until_us:
            return
        with self._database.write() as connection:
            connection.execute(
                update(row).where(row.id == bindparam("of"), row.follow_us < bindparam("until")).values(
                    follow_us=bindparam("until")
                ).execution_options(synchronize_session=None),
                [{"of": number, "until": until} for number, until in until_us.items()],
            )  # fmt: skip
            for number, counts in slots.items():
                connection.execute(update(row).where(row.id == number).values(slots=_json(_texts(counts))))

    def take_again(self, series_id: int, first_us: int, past_end_us: int) -> None:
        anew = {
            "past_us": first_us,
            "past_end_us": past_end_us,
            "read": 0,
            "accepted": 0,
            "refused": 0,
            "reasons": "{}",
        }
        with self._database.write() as connection:
            connection.execute(update(AdoptedSeriesRow).where(AdoptedSeriesRow.id == series_id).values(**anew))


_COLUMNS = (
    "id", "origin", "measurement", "tags", "field", "multiplier", "past_end_us", "past_us", "follow_us", "read", "accepted",
    "refused", "reasons", "slots",
)  # fmt: skip
_SERIES = (
    select(
        *(getattr(AdoptedSeriesRow, name) for name in _COLUMNS),
        PointRow.key.label("point_key"),
        BuildingRow.key.label("building_key"),
    )
    .join(PointRow, PointRow.id == AdoptedSeriesRow.point_id)
    .join(BuildingRow, BuildingRow.id == PointRow.building_id)
    .order_by(AdoptedSeriesRow.id)
)


def _adopted(row: Mapping[Any, Any]) -> AdoptedSeries:
    fields: dict[str, Any] = dict(row)
    series = ForeignSeries(fields.pop("measurement"), orjson.loads(fields.pop("tags")), fields.pop("field"))
    slots = {int(start): count for start, count in orjson.loads(fields.pop("slots")).items()}
    return AdoptedSeries(series=series, reasons=orjson.loads(fields.pop("reasons")), slots=slots, **fields)


def _row(origin: str, new: NewAdoption, point_id: int) -> dict[str, Any]:
    series = new.series
    return {
        "origin": origin, "key": _key(series), "measurement": series.measurement, "tags": _json(dict(series.tags)),
        "field": series.field, "point_id": point_id, "multiplier": new.multiplier, "past_end_us": new.past_end_us,
        "past_us": new.first_us, "follow_us": new.past_end_us, "read": 0, "accepted": 0, "refused": 0, "reasons": "{}",
        "slots": "{}",
    }  # fmt: skip


def _key(series: ForeignSeries) -> str:
    return hashlib.sha256(series.text.encode()).hexdigest()


def _added(kept: str, more: Mapping[str, int]) -> str:
    reasons: dict[str, int] = orjson.loads(kept)
    for reason, number in more.items():
        if reason in reasons or len(reasons) < _MOST_REASONS:
            reasons[reason] = reasons.get(reason, 0) + number
    return _json(reasons)


def _texts(slots: Mapping[int, int]) -> dict[str, int]:
    return {str(start): count for start, count in slots.items()}


def _json(document: object) -> str:
    return orjson.dumps(document).decode()
