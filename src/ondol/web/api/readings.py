"""The ingest path: readings as JSON and as InfluxDB line protocol."""

from flask import Response

from ondol.common.access import Scope
from ondol.common.errors import InvalidInput
from ondol.readings import Receipt
from ondol.web.api.ingest_body import ingest_body
from ondol.web.api.operations import Answer, Body, Call, answer_with, operation
from ondol.web.api.shapes.readings import ReadingsBody, ReceiptAnswer, RefusedLine, WriteQuery
from ondol.web.installation import ondol

LINE = "sensor_readings,building_id=building_001,sensor_type=temperature,floor=3,room=office_301 value=23.5 1768473000000000000"
MEDIA = {"text/plain": LINE, "application/octet-stream": LINE}


@operation(
    "POST", "/api/v1/readings", tag="ingest", scope=Scope.WRITE, body=Body(shape=ReadingsBody),
    answer=Answer(ReceiptAnswer, refusal=ReceiptAnswer),
)  # fmt: skip
def post_readings(call: Call) -> Response:
    """Write readings as JSON.

    Rows `{"readings": [...]}` or, faster, columns `{"columns": [{"point", "times", "values"}]}`. What is accepted is durable.
    Answers 400 when nothing was accepted.
    """
    with ingest_body() as body:
        receipt = ondol().readings.record_json(call.access, body)
    if not receipt.accepted and not receipt.rejected:
        raise InvalidInput("the body holds no readings; send at least one")
    return answer_with(_answer(receipt), 200 if receipt.accepted else 400)


@operation(
    "POST", "/api/v2/write", tag="ingest", scope=Scope.WRITE, query=WriteQuery,
    body=Body(media=MEDIA, is_needed=False), answer=Answer(status=204, refusal=ReceiptAnswer),
)  # fmt: skip
def write_v2(call: Call) -> Response:
    """Write line protocol, as InfluxDB 2 takes it.

    Plain or gzip. 204 means that all is durable; 400 that the named lines were refused and the others are durable.
    A tag `point` names the point; without it measurement, tags and field do.
    """
    return _write(call)


@operation(
    "POST", "/write", tag="ingest", scope=Scope.WRITE, query=WriteQuery, body=Body(media=MEDIA, is_needed=False),
    answer=Answer(status=204, refusal=ReceiptAnswer),
)  # fmt: skip
def write_v1(call: Call) -> Response:
    """Write line protocol, as InfluxDB 1 takes it.

    The token may be the password of basic authentication or the parameter `p`.
    """
    return _write(call)


def _write(call: Call) -> Response:
    query: WriteQuery = call.query
    with ingest_body() as body:
        receipt = ondol().readings.record_lines(call.access, body, query.precision, query.bucket or query.db)
    return answer_with(_answer(receipt), 400) if receipt.rejected else Response(status=204)


def _answer(receipt: Receipt) -> ReceiptAnswer:
    errors = [RefusedLine(line=refusal.line, reason=refusal.reason) for refusal in receipt.errors]
    return ReceiptAnswer(accepted=receipt.accepted, rejected=receipt.rejected, errors=errors)
