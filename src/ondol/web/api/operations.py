"""Our thin API layer: an operation is a function with typed query, body and answer; OpenAPI comes from the types."""

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypedDict, Unpack

import orjson
from flask import Blueprint, Response
from pydantic import BaseModel

from ondol.common.access import Access, Scope
from ondol.web.api.authentication import authenticate
from ondol.web.api.requests import check_path, read_body, read_query
from ondol.web.api.shapes.base import Nothing


@dataclass(frozen=True, slots=True)
class Call:
    """A request that passed the door: who asks, and the query and body in their shapes."""

    access: Access
    query: Any
    body: Any


class Shapes(TypedDict, total=False):
    """What an operation takes and gives, where it is not the usual.

    `body` is checked before the handler runs; `described_body` is what the handler reads by itself, line by line. `media` maps media
    types of a body that is no JSON to examples. `answer` of a `text/event-stream` is the shape of each event. `refusal` is the shape
    of a 400 that counts lines, beside that of a problem. `errors` are the statuses of refusals beside those that `error_statuses`
    derives.
    """

    query: type[BaseModel]
    body: type[BaseModel] | None
    described_body: type[BaseModel] | None
    needs_body: bool
    media: Mapping[str, str]
    answer: type[BaseModel] | None
    answer_media: str
    status: int
    refusal: type[BaseModel] | None
    errors: Sequence[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One operation as OpenAPI describes it. `keys` are the types of the path's values; the rest is said of `Shapes`."""

    method: str
    path: str
    summary: str
    description: str
    tag: str
    scope: Scope
    keys: Mapping[str, Any]
    query: type[BaseModel] = Nothing
    body: type[BaseModel] | None = None
    described_body: type[BaseModel] | None = None
    needs_body: bool = True
    media: Mapping[str, str] = field(default_factory=dict[str, str])
    answer: type[BaseModel] | None = None
    answer_media: str = "application/json"
    status: int = 200
    refusal: type[BaseModel] | None = None
    errors: Sequence[int] = ()

    @property
    def error_statuses(self) -> list[int]:
        """Statuses of refusals, each with a problem document."""
        found = {400, 401, 403, 503, *self.errors}
        if self.keys:
            found.add(404)
        if self.body or self.described_body or self.media:
            found.add(413)
        if self.body:
            found.add(415)
        return sorted(found)


blueprint = Blueprint("api", __name__)
OPERATIONS: list[Operation] = []

Handler = Callable[..., BaseModel | Response]


def operation(
    method: str, path: str, *, tag: str, scope: Scope, **shapes: Unpack[Shapes]
) -> Callable[[Handler], Handler]:
    """Serve a function at a path (`/api/v1/points/{key}`). It gets a `Call` and the path's values, and returns its answer.

    The function's docstring is the operation's summary (first line) and description.
    """

    def register(handler: Handler) -> Handler:
        summary, _, description = (handler.__doc__ or "").strip().partition("\n")
        described = Operation(
            method=method,
            path=path,
            summary=summary.rstrip("."),
            description=re.sub(r"\s+", " ", description).strip(),
            tag=tag,
            scope=scope,
            keys=_keys_of(handler),
            **shapes,
        )
        OPERATIONS.append(described)
        rule = re.sub(r"\{(\w+)\}", r"<\1>", path)
        blueprint.add_url_rule(rule, f"{method} {path}", _view_of(described, handler), methods=[method])
        return handler

    return register


def _view_of(described: Operation, handler: Handler) -> Callable[..., Response]:
    def view(**values: str) -> Response:
        check_path(values)
        access = authenticate(described.scope)
        call = Call(access, read_query(described.query), read_body(described.body) if described.body else None)
        result = handler(call, **values)
        return result if isinstance(result, Response) else answer_with(result, described.status)

    return view


def answer_with(model: BaseModel, status: int = 200) -> Response:
    """A JSON answer."""
    return Response(model.model_dump_json(), status, mimetype="application/json")


def answer_json(document: object, status: int = 200) -> Response:
    """A JSON answer of plain values, for answers too large to pass through a model."""
    return Response(orjson.dumps(document), status, mimetype="application/json")


def _keys_of(handler: Handler) -> dict[str, Any]:
    """The types of the path's values, by name: what the handler takes beside the call."""
    _, *parameters = inspect.signature(handler).parameters.values()
    return {parameter.name: parameter.annotation for parameter in parameters}
