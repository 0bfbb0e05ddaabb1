"""Errors of the API as problem documents (RFC 9457)."""

from http import HTTPStatus
from typing import Any

import orjson
import structlog
from flask import Response, request
from pydantic import ValidationError
from pydantic_core import ErrorDetails
from werkzeug.exceptions import HTTPException

from ondol.common import errors
from ondol.common.keys import EXPLAINED

STATUS = {
    errors.InvalidInput: 400,
    errors.NotSignedIn: 401,
    errors.NotAllowed: 403,
    errors.NotFound: 404,
    errors.AlreadyExists: 409,
    errors.Unconfirmed: 409,
    errors.TooManyAttempts: 429,
    errors.StoreUnavailable: 503,
}
PROBLEM_TYPE = "application/problem+json"
RETRY_AFTER_S = 5
_MOST_NAMED = 10
"""Wrong fields that the sentence names; `errors` has them all."""
_log = structlog.get_logger()


class WrongForm(Exception):
    """A query or a body is not of its shape; what else pydantic raises is a fault of ours."""

    def __init__(self, error: ValidationError) -> None:
        super().__init__(str(error))
        self.error = error


def problem_document(status: int, detail: str, **more: Any) -> bytes:
    """The JSON of a problem."""
    return orjson.dumps(
        {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, **more}
    )


INFLUXDB_PATHS = ("/write", "/query", "/ping", "/health", "/ready", "/api/v2/write")
"""Where clients of InfluxDB ask: they log `message` (2.x) or `error` (1.x) of a refusal, or the header."""
_INFLUXDB_CODES = {
    400: "invalid", 401: "unauthorized", 403: "forbidden", 404: "not found", 405: "method not allowed", 413: "request too large",
    429: "too many requests", 503: "unavailable",
}  # fmt: skip


def as_influxdb(status: int, message: str) -> dict[str, str]:
    """What clients of InfluxDB look for in a refusal."""
    return {"code": _INFLUXDB_CODES.get(status, "internal error"), "message": message, "error": message}


def influxdb_header(message: str) -> str:
    """The message as a header takes it."""
    return message.replace("\n", " ").encode("ascii", "replace").decode()[:1000]


def problem(status: int, detail: str, **more: Any) -> Response:
    """A problem document."""
    is_influxdb = request.path.startswith(INFLUXDB_PATHS)
    if is_influxdb:
        more = {**as_influxdb(status, detail), **more}
    response = Response(problem_document(status, detail, **more), status, mimetype=PROBLEM_TYPE)
    if is_influxdb:
        response.headers["X-Influxdb-Error"] = influxdb_header(detail)
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="ondol"'
    if status in (429, 503):
        response.headers["Retry-After"] = str(RETRY_AFTER_S)
    return response


def from_ondol_error(error: errors.OndolError) -> Response:
    """The problem of an error that a person can mend."""
    status = next((status for kind, status in STATUS.items() if isinstance(error, kind)), 500)
    response = problem(status, str(error))
    if isinstance(error, errors.TooManyAttempts):
        response.headers["Retry-After"] = str(error.retry_after_s)
    return response


def from_wrong_form(wrong_form: WrongForm) -> Response:
    """A problem that names each wrong field."""
    found = wrong_form.error.errors(include_url=False, include_input=False)
    wrong = [{"field": ".".join(map(str, item["loc"])) or "body", "reason": _reason(item)} for item in found]
    fields = ", ".join(f"{item['field']}: {item['reason']}" for item in wrong[:_MOST_NAMED])
    return problem(400, f"the request does not have the expected form: {fields}", errors=wrong)


def _reason(wrong: ErrorDetails) -> str:
    pattern = wrong.get("ctx", {}).get("pattern", "")
    return EXPLAINED.get(pattern) or wrong["msg"].removeprefix("Value error, ")


def from_http_error(error: HTTPException) -> Response:
    """A problem for what Flask refuses by itself: unknown paths, wrong methods, bodies that are too large."""
    code = error.code or 500
    details = {
        404: f"there is nothing at {request.path}; /api/docs lists what there is",
        405: f"{request.method} does not work here; /api/docs lists what does",
        413: "the body is larger than ONDOL_MAX_BODY_MB allows; send it in parts",
    }
    response = problem(code, details.get(code) or error.description or "")
    if code == 405 and error.get_response().headers.get("Allow"):
        response.headers["Allow"] = error.get_response().headers["Allow"]
    return response


def from_fault(error: Exception) -> Response:
    """500 for a fault of ours; the log has the cause."""
    _log.exception("request failed", method=request.method, path=request.path, exc_info=error)
    return problem(500, "something went wrong on our side; the server's log has the cause")
