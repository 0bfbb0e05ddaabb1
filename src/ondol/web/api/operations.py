"""Our thin API layer: an operation is a function with typed query, body and answer; OpenAPI comes from the types."""

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

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


@dataclass(frozen=True, slots=True)
class Body:
    """A body that the handler reads by itself: JSON of a shape, or other media types, each with an example."""

    shape: type[BaseModel] | None = None
    media: Mapping[str, str] = field(default_factory=dict[str, str])
    is_needed: bool = True


@dataclass(frozen=True, slots=True)
class Answer:
    """What comes back: nothing without a shape; of a `text/event-stream` it is that of each event.

    `refusal` is the shape of a 400 that counts lines, beside that of a problem. `errors` are the statuses of refusals beside those
    that `Operation.error_statuses` derives.
    """

    shape: type[BaseModel] | None = None
    status: int = 200
    errors: Sequence[int] = ()
    media: str = "application/json"
    refusal: type[BaseModel] | None = None


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation as OpenAPI describes it. `keys` are the types of the path's values."""

    method: str
    path: str
    summary: str
    description: str
    tag: str
    scope: Scope | None
    keys: Mapping[str, Any]
    query: type[BaseModel]
    body: type[BaseModel] | Body | None
    answer: Answer

    @property
    def body_shape(self) -> type[BaseModel] | None:
        """What a JSON body holds."""
        return self.body.shape if isinstance(self.body, Body) else self.body

    @property
    def error_statuses(self) -> list[int]:
        """Statuses of refusals, each with a problem document."""
        found = {400, 401, 403, 503, *self.answer.errors}
        if self.keys:
            found.add(404)
        if self.body:
            found |= {413} if isinstance(self.body, Body) else {413, 415}
        return sorted(found)


blueprint = Blueprint("api", __name__)
OPERATIONS: list[Operation] = []

Handler = Callable[..., BaseModel | Response]


def operation(
    method: str,
    path: str,
    *,
    tag: str,
    scope: Scope | None,
    query: type[BaseModel] = Nothing,
    body: type[BaseModel] | Body | None = None,
    answer: type[BaseModel] | Answer,
) -> Callable[[Handler], Handler]:
    """Serve a function at a path (`/api/v1/points/{key}`). It gets a `Call` and the path's values, and returns its answer.

    The function's docstring is the operation's summary (first line) and description. A body that is a shape is checked before.
    """
    given = answer if isinstance(answer, Answer) else Answer(answer)
    checked = None if isinstance(body, Body) else body

    def register(handler: Handler) -> Handler:
        summary, _, description = (handler.__doc__ or "").strip().partition("\n")
        description = re.sub(r"\s+", " ", description).strip()
        keys = _keys_of(handler)
        OPERATIONS.append(
            Operation(method, path, summary.rstrip("."), description, tag, scope, keys, query, body, given)
        )

        def view(**values: str) -> Response:
            check_path(values)
            call = Call(authenticate(scope), read_query(query), read_body(checked) if checked else None)
            result = handler(call, **values)
            return result if isinstance(result, Response) else answer_with(result, given.status)

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


def _keys_of(handler: Handler) -> dict[str, Any]:
    """The types of the path's values, by name: what the handler takes beside the call."""
    _, *parameters = inspect.signature(handler).parameters.values()
    return {parameter.name: parameter.annotation for parameter in parameters}
