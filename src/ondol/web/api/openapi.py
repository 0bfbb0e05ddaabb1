"""The OpenAPI 3.1 document of the operations."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from ondol import __version__
from ondol.web.api.authentication import PATH_OF_INFLUXDB_1
from ondol.web.api.operations import OPERATIONS, Answer, Body, Operation
from ondol.web.api.shapes.base import Problem

_REFERENCE = "#/components/schemas/{model}"
_SECURITY = [{"token": []}, {"basic": []}, {"session": []}]
_SECURITY_SCHEMES = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "description": "made with `ondol token create`; `Token` instead of `Bearer` is understood, too",
    },
    "basic": {"type": "http", "scheme": "basic", "description": "the token as password, with any user name"},
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "ondol_session",
        "description": "of a signed-in person (`__Host-ondol_session` with ONDOL_SECURE_COOKIES); "
        "what changes something also needs the header X-CSRFToken of a page",
    },
    "password": {
        "type": "apiKey",
        "in": "query",
        "name": "p",
        "description": "the token, as InfluxDB 1 clients send it",
    },
}
_ERRORS = {
    400: "wrong input",
    401: "no valid session or token",
    403: "not allowed",
    404: "not found",
    409: "exists",
    413: "too large",
    415: "not JSON",
    429: "too many; try again after Retry-After",
    503: "a store is away; try again after Retry-After",
}
_RETRY_AFTER = {
    "Retry-After": {"required": True, "schema": {"type": "integer", "minimum": 1}, "description": "seconds"}
}
_HEADERS = {
    401: {"WWW-Authenticate": {"required": True, "schema": {"type": "string", "pattern": "^Bearer "}}},
    429: _RETRY_AFTER,
    503: _RETRY_AFTER,
}

References = Mapping[Any, Any]
"""References by (shape, mode): of shapes as they are sent to us (`validation`) or by us (`serialization`)."""


@cache
def openapi_document() -> dict[str, Any]:
    """The whole document, built once."""
    uses: set[tuple[type[BaseModel], JsonSchemaMode]] = {(Problem, "serialization")}
    uses |= {(o.body_shape, "validation") for o in OPERATIONS if o.body_shape}
    uses |= {(o.answer.shape, _mode(o.answer)) for o in OPERATIONS if o.answer.shape}
    uses |= {(o.answer.refusal, "serialization") for o in OPERATIONS if o.answer.refusal}
    ordered = sorted(uses, key=lambda use: use[0].__name__)
    references, schemas = models_json_schema(ordered, ref_template=_REFERENCE)
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _describe(operation, references)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Ondol",
            "version": __version__,
            "description": "Building energy management, from the meter to the bill. Times are RFC 3339; errors are problem documents.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "security": _SECURITY,
        "paths": paths,
        "components": {"schemas": schemas.get("$defs", {}), "securitySchemes": _SECURITY_SCHEMES},
    }


def _describe(operation: Operation, references: References) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": _identifier(operation),
        "summary": operation.summary,
        "tags": [operation.tag],
        "parameters": [*_path_parameters(operation), *_query_parameters(operation.query)],
        "responses": _responses(operation, references),
    }
    if operation.description:
        described["description"] = operation.description
    if operation.path == PATH_OF_INFLUXDB_1:
        described["security"] = [*_SECURITY, {"password": []}]
    if operation.body:
        described["requestBody"] = _request_body(operation, references)
    return described


def _request_body(operation: Operation, references: References) -> dict[str, Any]:
    body = operation.body if isinstance(operation.body, Body) else Body(operation.body)
    content: dict[str, Any] = {
        media: {"schema": {"type": "string"}, "example": example} for media, example in body.media.items()
    }
    if body.shape:
        content["application/json"] = {"schema": references[body.shape, "validation"]}
    return {"required": body.is_needed, "content": content}


def _responses(operation: Operation, references: References) -> dict[str, Any]:
    problem = {"application/problem+json": {"schema": references[Problem, "serialization"]}}
    answer, good = operation.answer, dict[str, Any](description="done")
    if answer.shape:
        good["content"] = {answer.media: {"schema": references[answer.shape, _mode(answer)]}}
    if links := _links(operation):
        good["links"] = links
    found: dict[str, Any] = {str(answer.status): good}
    for status in operation.error_statuses:
        headers = {"headers": _HEADERS[status]} if status in _HEADERS else {}
        found[str(status)] = {"description": _ERRORS[status], **headers, "content": problem}
    if answer.refusal:
        refusal = {"schema": references[answer.refusal, "serialization"]}
        found["400"]["content"] = {**problem, "application/json": refusal}
    return found


def _links(operation: Operation) -> dict[str, Any]:
    """What can be done with a thing that was created."""
    if operation.method != "POST":
        return {}
    parameters = {"key": "$response.body#/key"}
    related = [_identifier(other) for other in OPERATIONS if other.path.startswith(operation.path + "/{key}")]
    return {identifier: {"operationId": identifier, "parameters": parameters} for identifier in related}


def _mode(answer: Answer) -> JsonSchemaMode:
    """How the answer is described: the data of an event is JSON within a text, which pydantic tells of input only."""
    return "serialization" if answer.media == "application/json" else "validation"


def _path_parameters(operation: Operation) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": TypeAdapter(kind).json_schema()}
        for name, kind in operation.keys.items()
    ]


def _query_parameters(model: type[BaseModel]) -> list[dict[str, Any]]:
    schema = model.model_json_schema()
    required = set(schema.get("required", []))
    definitions = schema.get("$defs", {})
    parameters: list[dict[str, Any]] = []
    for name, described in schema.get("properties", {}).items():
        described = _without_null(_inlined(described, definitions))
        description = described.pop("description", None)
        parameter = {"name": name, "in": "query", "required": name in required, "schema": described}
        parameters.append(parameter | ({"description": description} if description else {}))
    return parameters


def _inlined(schema: Any, definitions: dict[str, Any]) -> Any:
    if isinstance(schema, list):
        return [_inlined(item, definitions) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return {
            **_inlined(definitions[schema["$ref"].rpartition("/")[2]], definitions),
            **{k: v for k, v in schema.items() if k != "$ref"},
        }
    return {name: _inlined(value, definitions) for name, value in schema.items()}


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A parameter is there or left out: null cannot be sent."""
    if {"type": "null"} not in schema.get("anyOf", []):
        return schema
    (kind,) = [kind for kind in schema["anyOf"] if kind != {"type": "null"}]
    rest = {name: value for name, value in schema.items() if name != "anyOf" and (name, value) != ("default", None)}
    return {**kind, **rest}


def _identifier(operation: Operation) -> str:
    words = re.sub(r"[{}]", "", operation.path.removeprefix("/api/v1/").strip("/"))
    return re.sub(r"\W+", "_", f"{operation.method.lower()}_{words}")
