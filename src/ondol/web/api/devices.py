"""Devices: names that sent readings and wait to become points."""

from flask import Response

from ondol.common.access import Scope
from ondol.readings import Naming, NewDevice, Understanding
from ondol.web.api.operations import Answer, Call, operation
from ondol.web.api.paging import page_of
from ondol.web.api.point_answers import answer_of
from ondol.web.api.shapes.base import Key, Nothing, instant_of
from ondol.web.api.shapes.devices import NamingBody, NewDeviceAnswer, NewDeviceList, NewDeviceQuery, Suggestion
from ondol.web.api.shapes.points import PointAnswer
from ondol.web.installation import ondol

PATH = "/api/v1/devices/new"


@operation(
    "GET", PATH, tag="devices", scope=Scope.READ, query=NewDeviceQuery, answer=Answer(NewDeviceList, errors=[404])
)
def list_new_devices(call: Call) -> NewDeviceList:
    """List the names that sent readings and wait.

    What they send is not understood well enough to become a point; their readings are kept, and follow once they are named.
    """
    query: NewDeviceQuery = call.query
    waiting = {
        device.key: (device, meant) for device, meant in ondol().readings.waiting_devices(call.access, query.building)
    }
    items, following = page_of([device for device, _ in waiting.values()], query)
    return NewDeviceList(items=[_answer(*waiting[device.key]) for device in items], next=following)


@operation(
    "POST",
    PATH + "/{key}",
    tag="devices",
    scope=Scope.WRITE,
    body=NamingBody,
    answer=Answer(PointAnswer, status=201, errors=[409]),
)
def name_new_device(call: Call, key: Key) -> PointAnswer:
    """Say what a name is.

    It becomes a point of that quantity, unit and kind, or one more name of a `point`, and its kept readings follow.
    """
    body: NamingBody = call.body
    point = ondol().readings.name_device(call.access, key, Naming(**body.model_dump()))
    return answer_of(call.access, point)


@operation("DELETE", PATH + "/{key}", tag="devices", scope=Scope.WRITE, query=Nothing, answer=Answer(status=204))
def forget_new_device(call: Call, key: Key) -> Response:
    """Let go of a name and its kept readings.

    When it sends again it is new again.
    """
    ondol().readings.forget_device(call.access, key)
    return Response(status=204)


def _answer(device: NewDevice, meant: Understanding) -> NewDeviceAnswer:
    sent = device.sent
    return NewDeviceAnswer(
        key=device.key, building=device.building_key, name=device.source, measurement=sent.measurement, tags=dict(sent.tags),
        field=sent.field, unit=device.unit or sent.unit or None, last_value=device.last_value, last_at=instant_of(device.last_us),
        readings=device.readings, suggestion=Suggestion(quantity=meant.quantity, unit=meant.unit, kind=meant.kind),
    )  # fmt: skip
