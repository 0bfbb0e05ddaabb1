"""A point as every operation shows it."""

from dataclasses import asdict

from ondol.sites import Point
from ondol.web.api.shapes.points import PointAnswer


def point_answer(point: Point, aliases: list[str]) -> PointAnswer:
    """The point without what is of use inside alone."""
    fields = asdict(point)
    building = fields.pop("building_key")
    del fields["id"], fields["building_id"], fields["from_device"], fields["sent_unit"], fields["stored_as"]
    return PointAnswer(building=building, aliases=aliases, **fields)
