"""A point as every operation shows it."""

from dataclasses import asdict

from ondol.common.access import Access
from ondol.sites import Point
from ondol.web.api.shapes.points import PointAnswer
from ondol.web.installation import ondol


def point_answer(point: Point, aliases: list[str]) -> PointAnswer:
    """The point without what is of use inside alone."""
    fields = asdict(point)
    building = fields.pop("building_key")
    del fields["id"], fields["building_id"], fields["from_device"], fields["sent_unit"], fields["stored_as"]
    return PointAnswer(building=building, aliases=aliases, **fields)


def answer_of(access: Access, point: Point) -> PointAnswer:
    """The point with the names that are theirs to know."""
    return point_answer(point, ondol().points.names(access, [point]).get(point.key, []))
