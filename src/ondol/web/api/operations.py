"""Our thin API layer: an operation is a function with typed query, body and answer; OpenAPI comes from the types."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import orjson
from flask import Blueprint, Response, request
from pydantic import BaseModel

from ondol.common.access import Access, Scope
from ondol.common.errors import InvalidInput
from ondol.web.api.authentication import authenticate

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Call:
    """A request that passed the door: who asks, and the query and body in their shapes."""

    access: Access
    query: Any
    body: Any


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation as OpenAPI describes it.

    `body` is checked before the handler runs; `described_body` is what the handler reads by itself, line by line. `media` maps media
    types of a body that is no JSON to examples. `refusal` is the shape of a 400 that counts lines, beside that of a problem.
    """

    method: str
    path: str
    summary: str
    tag: str
    scope: Scope
    query: type[BaseModel] | None
    body: type[BaseModel] | None
    answer: type[BaseModel] | None
    status: int
    description: str
    media: Mapping[str, str] = field(default_factory=dict[str, str])
    answer_media: str = "application/json"
    refusal: type[BaseModel] | None = None
    described_body: type[BaseModel] | None = None


blueprint = Blueprint("api", __name__)
OPERATIONS: list[Operation] = []

Handler = Callable[..., BaseModel | Response]


def operation(
    method: str,
    path: str,
    *,
    tag: str,
    scope: Scope,
    query: type[BaseModel] | None = None,
    body: type[BaseModel] | None = None,
    answer: type[BaseModel] | None = None,
    status: int = 200,
    media: Mapping[str, str] | None = None,
    answer_media: str = "application/json",
    refusal: type[BaseModel] | None = None,
    described_body: type[BaseModel] | None = None,
) -> Callable[[Handler], Handler]:
    """Serve a function at a path (`/api/v1/points/{key}`). It gets a `Call` and the path's values, and returns its answer.

    The function's docstring is the operation's summary (first line) and description.
    """

    def register(handler: Handler) -> Handler:
        summary, _, description = (handler.__doc__ or "").strip().partition("\n")
        described = Operation(
            method, path, summary.rstrip("."), tag, scope, query, body, answer, status,
            re.sub(r"\s+", " ", description).strip(), media or {}, answer_media, refusal,
            described_body,
        )  # fmt: skip
        OPERATIONS.append(described)

        def view(**values: str) -> Response:
            call = Call(authenticate(scope), _query(query), _body(body))
            result = handler(call, **values)
            return result if isinstance(result, Response) else answer_with(result, status)

        rule = re.sub(r"\{(\w+)\}", r"<\1>", path)
        blueprint.add_url_rule(rule, f"{method} {path}", view, methods=[method])
        return handler

    return register


def answer_with(model: BaseModel, status: int = 200) -> Response:
    """A JSON answer."""
    return Response(model.model_dump_json(), status, mimetype="application/json")


def answer_json(document: object, status: int = 200) -> Response:
    """A JSON answer of plain values, for answers too large to pass through a model."""
    return Response(orjson.dumps(document), status, mimetype="application/json")


def _query(model: type[Model] | None) -> Model | None:
    if model is None:
        return None
    many = {name for name, info in model.model_fields.items() if getattr(info.annotation, "__origin__", None) is list}
    return model.model_validate({k: request.args.getlist(k) if k in many else v for k, v in request.args.items()})


def _body(model: type[Model] | None) -> Model | None:
    if model is None:
        return None
    try:
        document = orjson.loads(request.get_data(cache=False) or b"null")
    except orjson.JSONDecodeError as error:
        raise InvalidInput(f"the body is not JSON: {error}") from error
    return model.model_validate(document)
