"""A meter file comes in: read, understood, stored in history."""

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

from ondol.common.access import Access, Scope
from ondol.common.calendar import check_timezone
from ondol.common.errors import NotFound
from ondol.imports.import_history import ImportNeeds, ImportSummary, import_history
from ondol.imports.options import import_options
from ondol.imports.running import noted
from ondol.sites.create_building import create_building
from ondol.sites.model import Building, NewBuilding
from ondol.sites.rules import check_key


def import_file(
    access: Access, building_key: str, name: str, source: Path | bytes, given: Mapping[str, Any], needs: ImportNeeds
) -> ImportSummary:
    """Read and store a file; `given` has the names of the flags of `ondol import`, `dry_run` among them.

    A building that does not exist is created. Raises NotAllowed, NotFound when the building is out of reach, InvalidInput.
    """
    access.require(Scope.WRITE)
    access.require_whole_building(building_key)
    dry_run = bool(given.get("dry_run"))
    building, is_new = _building(access, building_key, given.get("timezone") or needs.timezone, needs, dry_run=dry_run)
    with noted(building_key, name, needs.cache, needs.clock) if not dry_run else nullcontext():
        parsed = needs.read(source, name, import_options(given, building.timezone), building_key)
        summary = replace(import_history(access, parsed, building, needs, dry_run=dry_run), building_created=is_new)
    if not dry_run:
        points = ", ".join(series.point for series in summary.series)
        needs.audit.record(
            access, "file imported", f"{building_key}: {name[:80]}, {summary.stored} values into {points}"
        )
    return summary


def _building(access: Access, key: str, timezone: str, needs: ImportNeeds, *, dry_run: bool) -> tuple[Building, bool]:
    """The building, created when it does not exist; and whether it is new. A dry run creates none."""
    try:
        return needs.sites.building(key), False
    except NotFound:
        check_key(key)
        check_timezone(timezone)
        if dry_run:
            return Building(0, key, key, "", timezone), True
        new = NewBuilding(key=key, name=key, timezone=timezone)
        return create_building(
            access, new, records=needs.sites, index=needs.index, cache=needs.cache, audit=needs.audit
        ), True
