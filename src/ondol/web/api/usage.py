"""How much a building used."""

from flask import Response

from ondol.common.access import Scope
from ondol.common.instants import format_instant
from ondol.common.quality import quality_name
from ondol.history import Usage, UsageQuestion
from ondol.web.api.operations import Call, answer_json, operation
from ondol.web.api.shapes.base import Key
from ondol.web.api.shapes.usage import UsageAnswer, UsageQuery
from ondol.web.installation import ondol


@operation("GET", "/api/v1/buildings/{key}/usage", tag="usage", scope=Scope.READ, query=UsageQuery, answer=UsageAnswer)
def read_usage(call: Call, key: Key) -> Response:
    """Read the usage of a building.

    The sum of its main meters of the quantity, by interval; days and months are those of the building's calendar. A tenant reads
    that of the own spaces. `measured_share` (0..1) is the part of the interval that was measured.
    """
    query: UsageQuery = call.query
    asked = UsageQuestion(building_key=key, **dict(query))
    return answer_json(_answer(ondol().history.look_up_usage(call.access, asked)))


def _answer(usage: Usage) -> dict[str, object]:
    """A `UsageAnswer` without a model for each of its thousands of intervals."""
    return {
        "building": usage.building.key,
        "quantity": usage.quantity,
        "unit": usage.unit,
        "interval": usage.interval.value,
        "total": usage.total,
        "points": usage.points,
        "kwh_per_m3": usage.kwh_per_m3,
        "intervals": [
            {
                "start": format_instant(item.start),
                "end": format_instant(item.end),
                "value": item.value,
                "measured_share": round(item.measured_share, 4),
                "quality": "missing" if item.value is None else quality_name(item.quality),
            }
            for item in usage.intervals
        ],
    }
