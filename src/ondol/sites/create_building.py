"""Creating buildings."""

from typing import Any

from ondol.common.calendar import check_timezone
from ondol.common.errors import NotFound
from ondol.sites.model import Building
from ondol.sites.ports import Directory


def create_building(
    directory: Directory, key: str, *, name: str, timezone: str, address: str = "", **fields: Any
) -> Building:
    """Add a building. Raises InvalidInput on an unknown time zone, AlreadyExists when the key is taken."""
    check_timezone(timezone)
    return directory.add_building(key, name=name, address=address, timezone=timezone, **fields)


def building_for_import(directory: Directory, key: str, timezone: str, *, dry_run: bool) -> tuple[Building, bool]:
    """The building of an import, created when it does not exist; and whether it is new. A dry run creates none."""
    try:
        return directory.building(key), False
    except NotFound:
        check_timezone(timezone)
        if dry_run:
            return Building(0, key, key, "", timezone), True
        return create_building(directory, key, name=key, timezone=timezone), True
