"""A map of what stands in a foreign store, as far as it is understood: a person fills in the rest."""

from collections.abc import Iterator

from ondol.common.instants import format_instant
from ondol.readings.find_adoptable import Adoptable, Standing
from ondol.readings.rules.adoption_map import KIND_WORDS, write_map


def map_of(standing: Standing) -> str:
    """The map's text (CSV)."""
    return write_map(_rows(standing))


def _rows(standing: Standing) -> Iterator[dict[str, object]]:
    for it in standing.series:
        yield {**_taken_for(it), **_told(it), "series": it.found.series.text}


def _taken_for(it: Adoptable) -> dict[str, object]:
    if it.point is not None:
        multiplier = it.adopted.multiplier if it.adopted and it.adopted.multiplier != 1 else None
        return {"point": it.point.key, "multiplier": multiplier}
    if it.new is not None:
        new = it.new
        return {
            "point": new.key, "building": it.building_key, "quantity": new.quantity, "unit": new.unit,
            "kind": KIND_WORDS[new.kind], "role": str(new.role),
        }  # fmt: skip
    meant = it.meant
    kind = KIND_WORDS[meant.kind] if meant.kind else None
    return {"building": it.building_key, "quantity": meant.quantity, "unit": meant.unit, "kind": kind}


def _told(it: Adoptable) -> dict[str, object]:
    found = it.found
    return {
        "readings": found.readings, "first": format_instant(found.first_us), "last": format_instant(found.last_us),
        "last_value": found.last_value, "unit_there": it.sent.unit, "why": it.why,
    }  # fmt: skip
