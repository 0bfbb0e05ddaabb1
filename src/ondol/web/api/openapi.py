"""The OpenAPI 3.1 document of the operations."""

import re
from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from ondol import __version__
from ondol.web.api.operations import OPERATIONS, Operation
from ondol.web.api.shapes.base import Problem

_REFERENCE = "#/components/schemas/{model}"


@cache
def openapi_document() -> dict[str, Any]:
    """The whole document, built once."""
    models = {m for o in OPERATIONS for m in (o.body, o.answer, o.refusal, o.described_body) if m} | {Problem}
    ordered = sorted(models, key=lambda model: model.__name__)
    names, schemas = models_json_schema([(model, "serialization") for model in ordered], ref_template=_REFERENCE)
    references = {model: names[(model, "serialization")] for model in ordered}
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
        "security": [{"token": []}, {"session": []}],
        "paths": paths,
        "components": {
            "schemas": schemas.get("$defs", {}),
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "made with `ondol token create`"},
                "session": {"type": "apiKey", "in": "cookie", "name": "ondol_session"},
            },
        },
    }


def _describe(operation: Operation, references: dict[type[BaseModel], Any]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": _identifier(operation),
        "summary": operation.summary,
        "tags": [operation.tag],
        "parameters": [*_path_parameters(operation.path), *_query_parameters(operation.query)],
        "responses": _responses(operation, references),
    }
    if operation.description:
        described["description"] = operation.description
    content: dict[str, Any] = {
        media: {"schema": {"type": "string"}, "example": e} for media, e in operation.media.items()
    }
    if body := operation.body or operation.described_body:
        content["application/json"] = {"schema": references[body]}
    if content:
        described["requestBody"] = {"required": True, "content": content}
    return described


def _responses(operation: Operation, references: dict[type[BaseModel], Any]) -> dict[str, Any]:
    problem = {"application/problem+json": {"schema": references[Problem]}}
    good: dict[str, Any] = {"description": "done"}
    if operation.answer:
        good["content"] = {operation.answer_media: {"schema": references[operation.answer]}}
    elif operation.answer_media != "application/json":
        good["content"] = {operation.answer_media: {"schema": {"type": "string"}}}
    errors = {
        "400": "wrong input",
        "401": "no valid session or token",
        "403": "not allowed",
        "404": "not found",
        "409": "exists",
    }
    errors |= {"413": "too large", "429": "too many", "503": "a store is away; try again after Retry-After"}
    found = {
        str(operation.status): good,
        **{code: {"description": d, "content": problem} for code, d in errors.items()},
    }
    if operation.refusal:
        found["400"]["content"] = {**problem, "application/json": {"schema": references[operation.refusal]}}
    return found


def _path_parameters(path: str) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"\{(\w+)\}", path)
    ]


def _query_parameters(model: type[BaseModel] | None) -> list[dict[str, Any]]:
    if model is None:
        return []
    schema = model.model_json_schema()
    required = set(schema.get("required", []))
    definitions = schema.get("$defs", {})
    parameters: list[dict[str, Any]] = []
    for name, described in schema["properties"].items():
        described = _inlined(described, definitions)
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


def _identifier(operation: Operation) -> str:
    words = re.sub(r"[{}]", "", operation.path.removeprefix("/api/v1/").strip("/"))
    return re.sub(r"\W+", "_", f"{operation.method.lower()}_{words}")
