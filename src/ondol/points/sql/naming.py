"""Names of points: given, handed on, and taken away."""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert, select

from ondol.sites.model import Point
from ondol.sites.tables import PointAliasRow, ReleasedNameRow

_LONGEST_NAME = 500


def release(connection: Connection, sources: Sequence[str]) -> None:
    """Let what comes under these names wait for somebody to say what it is."""
    row = ReleasedNameRow
    there = set(connection.scalars(select(row.source).where(row.source.in_(sources))))
    for source in set(sources) - there:
        connection.execute(insert(row).values(source=source))


def give(connection: Connection, point_id: int, sources: Sequence[str]) -> None:
    """Let the point go by these names, which are nobody else's; those that are too long are left out."""
    for source in sources:
        if len(source) <= _LONGEST_NAME:
            connection.execute(insert(PointAliasRow).values(source=source, point_id=point_id))


def take_names(connection: Connection, point: Point, into: Point, *, keep: bool) -> None:
    """The names of the point, and its key, go to the other one, or without `keep` to nobody."""
    row = PointAliasRow
    names = [*connection.scalars(select(row.source).where(row.point_id == point.id)), point.key]
    connection.execute(delete(row).where(row.point_id == point.id))
    if not keep:
        release(connection, names)
        return
    taken = set(connection.scalars(select(row.source).where(row.source.in_(names))))
    give(connection, into.id, sorted(set(names) - taken))
