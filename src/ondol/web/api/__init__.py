"""The HTTP API."""

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from ondol.common.errors import OndolError
from ondol.web.api import (
    accounts,
    audit,
    buildings,
    calorific,
    devices,
    forecasts,
    health,
    imports,
    influxdb,
    ingest_body,
    invitations,
    live,
    meters,
    performance,
    point_changes,
    points,
    problems,
    readings,
    repairs,
    sessions,
    tenants,
    usage,
)
from ondol.web.api.openapi import openapi_document
from ondol.web.api.operations import answer_json, blueprint

__all__ = [
    "accounts",
    "audit",
    "buildings",
    "calorific",
    "devices",
    "forecasts",
    "imports",
    "invitations",
    "meters",
    "performance",
    "point_changes",
    "points",
    "readings",
    "register",
    "repairs",
    "sessions",
    "tenants",
    "usage",
]


PARTS = (blueprint, health.blueprint, influxdb.blueprint)
for _part in PARTS:
    _part.register_error_handler(OndolError, problems.from_ondol_error)
    _part.register_error_handler(problems.WrongForm, problems.from_wrong_form)
    _part.register_error_handler(HTTPException, problems.from_http_error)
    _part.register_error_handler(Exception, problems.from_fault)
    _part.register_error_handler(ingest_body.BodyTooLarge, ingest_body.too_large)


def register(app: Flask) -> None:
    """Serve every operation, the OpenAPI document, health and what InfluxDB clients expect."""
    for part in PARTS:
        app.register_blueprint(part)
    app.before_request(_refuse_unknown)
    app.add_url_rule("/api/openapi.json", "openapi", _openapi)
    live.allow_viewers(app.extensions["ondol"].settings.live_viewers)


def _refuse_unknown() -> Response | None:
    """Unknown paths and wrong methods belong to no part, but are answered as all of the API is."""
    error, paths = request.routing_exception, ("/api/", *problems.INFLUXDB_PATHS)
    if error is None or (error.code or 500) < 400 or not request.path.startswith(paths):
        return None
    return problems.from_http_error(error)


def _openapi() -> Response:
    return answer_json(openapi_document())
