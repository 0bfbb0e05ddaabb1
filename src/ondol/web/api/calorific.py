"""What gas holds: of a building, and of all that say nothing of their own."""

from ondol.common.access import Scope
from ondol.web.api.operations import Call, operation
from ondol.web.api.shapes.base import Key
from ondol.web.api.shapes.calorific import CalorificValues, calorific_values_answer
from ondol.web.installation import ondol

OF_BUILDING = "/api/v1/buildings/{key}/calorific-values"


@operation("GET", OF_BUILDING, tag="buildings", scope=Scope.READ, answer=CalorificValues)
def read_calorific_values(call: Call, key: Key) -> CalorificValues:
    """Read the calorific values.

    Those of the building, or of the installation where it has none. They make kWh of volumes of gas; without one for the whole range
    that is asked for, volumes stay m3.
    """
    return calorific_values_answer(ondol().sites.calorific_values(call.access, key))


@operation("PUT", OF_BUILDING, tag="buildings", scope=Scope.WRITE, body=CalorificValues, answer=CalorificValues)
def set_calorific_values(call: Call, key: Key) -> CalorificValues:
    """Set the calorific values of a building."""
    body: CalorificValues = call.body
    values = [item.value for item in body.items]
    return calorific_values_answer(ondol().sites.set_calorific_values(call.access, key, values))


@operation(
    "PUT", "/api/v1/calorific-values", tag="buildings", scope=Scope.ADMIN, body=CalorificValues, answer=CalorificValues
)
def set_calorific_values_of_all(call: Call) -> CalorificValues:
    """Set the calorific values of the installation.

    They are those of every building without values of its own.
    """
    body: CalorificValues = call.body
    values = [item.value for item in body.items]
    return calorific_values_answer(ondol().sites.set_calorific_values(call.access, None, values))
