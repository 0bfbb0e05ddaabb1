"""New points in the rooms that their devices name."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ondol.common.access import Access
from ondol.common.errors import AlreadyExists
from ondol.common.keys import KEY, OTHER_SIGNS
from ondol.readings.model import Sent
from ondol.readings.needs import Matching
from ondol.sites.create_spaces import create_spaces
from ondol.sites.model import NewPoint, NewSpace

_NOTHING_SENT = Sent()


def in_rooms(
    access: Access, building: str, points: Mapping[str, NewPoint], details: Mapping[str, Sent], needs: Matching
) -> dict[str, NewPoint]:
    """The points in the rooms that their tags name; a room that is not known comes to be."""
    rooms = {
        source: room
        for source in points
        if (tag := details.get(source, _NOTHING_SENT).tags.get("room")) and (room := room_key(tag)) is not None
    }
    if not rooms:
        return dict(points)
    known = {space.key for space in needs.records.spaces(building)}
    new: list[NewSpace] = []
    for source, room in rooms.items():
        if room not in known:
            known.add(room)
            tags = details[source].tags
            floor = next((key for key in (tags.get("floor"), f"f{tags.get('floor')}") if key in known), None)
            new.append(NewSpace(key=room, name=tags["room"][:100], parent=floor))
    if new:
        _create_rooms(access, building, new, needs)
    return {source: replace(point, space=rooms.get(source)) for source, point in points.items()}


def _create_rooms(access: Access, building: str, new: Sequence[NewSpace], needs: Matching) -> None:
    """Create all at once, or one by one where another request was quicker with some."""
    try:
        create_spaces(access, building, new, records=needs.records, audit=needs.audit)
    except AlreadyExists:
        for space in new if len(new) > 1 else ():
            _create_rooms(access, building, [space], needs)


def room_key(room: str) -> str | None:
    """The key of the space that a tag `room` names, the tag itself where that is one; None where none can be made of it."""
    slug = re.sub(rf"[^\w.\-]+|{OTHER_SIGNS}", "_", room).strip("_.")
    return next((key[:64] for key in (slug, f"room-{slug}") if slug and re.fullmatch(KEY, key[:64])), None)
