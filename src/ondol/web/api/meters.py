"""The tree of a building's meters."""

from ondol.common.access import Scope
from ondol.history import MeterQuestion
from ondol.web.api.operations import Call, operation
from ondol.web.api.shapes.base import Key
from ondol.web.api.shapes.meters import MeterQuery, MeterTreeAnswer, meter_tree_answer
from ondol.web.installation import ondol


@operation(
    "GET", "/api/v1/buildings/{key}/meters", tag="usage", scope=Scope.READ, query=MeterQuery, answer=MeterTreeAnswer
)
def read_meters(call: Call, key: Key) -> MeterTreeAnswer:
    """Read the tree of meters.

    What each meter counted over some local days, and what no submeter accounts for.
    """
    query: MeterQuery = call.query
    asked = MeterQuestion(building_key=key, quantity=query.quantity, first=query.first, last=query.last)
    return meter_tree_answer(ondol().history.look_up_meters(call.access, asked))
