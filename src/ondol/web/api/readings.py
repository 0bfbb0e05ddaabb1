"""The ingest path: readings as JSON and as InfluxDB line protocol."""

from flask import Response

from ondol.common.access import Scope
from ondol.common.errors import InvalidInput
from ondol.readings import Receipt
from ondol.web.api.ingest_body import ingest_body
from ondol.web.api.operations import Answer, Body, Call, answer_with, operation
from ondol.web.api.problems import as_influxdb, influxdb_header
from ondol.web.api.shapes.readings import ReadingsBody, ReceiptAnswer, RefusedLine, WriteQuery, WriteRefusal
from ondol.web.installation import ondol

LINE = "sensor_readings,building_id=building_001,sensor_type=temperature,floor=3,room=office_301 value=23.5 1768473000000000000"
_NAMED = 3
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
    body=Body(media=MEDIA, is_needed=False), answer=Answer(status=204, refusal=WriteRefusal),
)  # fmt: skip
def write_v2(call: Call) -> Response:
    """Write line protocol, as InfluxDB 2 takes it.

    Plain or gzip. 204 means that all is durable; 400 that the named lines were refused and the others are durable.
    A tag `point` names the point; without it measurement, tags and field do.
    """
    return _write(call)


@operation(
    "POST", "/write", tag="ingest", scope=Scope.WRITE, query=WriteQuery, body=Body(media=MEDIA, is_needed=False),
    answer=Answer(status=204, refusal=WriteRefusal),
)  # fmt: skip
def write_v1(call: Call) -> Response:
    """Write line protocol, as InfluxDB 1 takes it.

    The token may be the password of basic authentication or the parameter `p`.
    """
    return _write(call)


def _write(call: Call) -> Response:
    query: WriteQuery = call.query
    with ingest_body() as body:
        receipt = ondol().readings.record_lines(call.access, body, query.precision, _bucket(query))
    if not receipt.rejected:
        return Response(status=204)
    message = _sentence(receipt)
    refusal = WriteRefusal.model_validate({**_answer(receipt).model_dump(), **as_influxdb(400, message)})
    response = answer_with(refusal, 400)
    response.headers["X-Influxdb-Error"] = influxdb_header(message)
    return response


def _bucket(query: WriteQuery) -> str | None:
    """The bucket without the retention policy that 1.x clients of InfluxDB 2 name behind it: `hq/autogen`."""
    named = query.bucket or query.db
    return named.partition("/")[0] if named else None


def _sentence(receipt: Receipt) -> str:
    """What a client's log should say."""
    first = "; ".join(f"line {refusal.line}: {refusal.reason}" for refusal in receipt.errors[:_NAMED])
    others = f"; and {receipt.rejected - _NAMED:,} more" if receipt.rejected > _NAMED else ""
    return f"{receipt.rejected:,} readings were refused, {receipt.accepted:,} are kept: {first}{others}"


def _answer(receipt: Receipt) -> ReceiptAnswer:
    errors = [RefusedLine(line=refusal.line, reason=refusal.reason) for refusal in receipt.errors]
    return ReceiptAnswer(accepted=receipt.accepted, rejected=receipt.rejected, errors=errors)
