"""Import options as commands and the API give them: plain words by name."""

from collections.abc import Mapping
from typing import Any

from ondol.imports.mapping import parse_mapping
from ondol.imports.model import KIND_WORDS, ImportOptions
from ondol.sites.model import PointRole

_RENAMED = {"time": "time_column", "value": "value_column"}
_KEPT = (
    "point", "quantity", "unit", "date_format", "stamp", "zero_is_missing", "decimal_comma", "multiplier", "delimiter", "encoding", "sheet",
)  # fmt: skip


def import_options(given: Mapping[str, Any], building_timezone: str) -> ImportOptions:
    """Options for `read_file`; `given` has the names of the flags of `ondol import`, and may lack any of them."""
    plain = {name: given[name] for name in _KEPT if given.get(name) is not None}
    plain |= {field: given[name] for name, field in _RENAMED.items() if given.get(name) is not None}
    kind, role, mapping = given.get("kind"), given.get("role"), given.get("mapping")
    return ImportOptions(
        kind=KIND_WORDS[kind] if kind else None,
        role=PointRole(role) if role else None,
        timezone=given.get("timezone") or building_timezone,
        is_timezone_given=bool(given.get("timezone")),
        mapping=parse_mapping(mapping, "the mapping file") if mapping else (),
        **plain,
    )
