"""Every answer of the API that a test sees is held to the declared shape of its operation, however it was written."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, Response, request, request_finished
from pydantic import BaseModel, ValidationError


@contextmanager
def watching() -> Iterator[list[str]]:
    """What is wrong with answers of any application while this lasts; a server of its own process is out of sight."""
    wrong: list[str] = []

    def look(_: Flask, response: Response) -> None:
        if reason := _fault(response):
            wrong.append(f"{request.method} {request.full_path} {response.status}: {reason}")

    with request_finished.connected_to(look):
        yield wrong


def _fault(response: Response) -> str | None:
    from ondol.web.api.operations import OPERATIONS
    from ondol.web.api.shapes.base import Problem

    operation = next((o for o in OPERATIONS if request.endpoint == f"api.{o.method} {o.path}"), None)
    if operation is None or request.method != operation.method:
        return None
    answer = operation.answer
    if response.status_code == answer.status:
        media, shape = answer.media, answer.shape
    elif response.status_code not in operation.error_statuses:
        return "the operation does not declare this status"
    elif response.status_code == 400 and answer.refusal and response.mimetype == "application/json":
        media, shape = "application/json", answer.refusal
    else:
        media, shape = "application/problem+json", Problem
    if shape is None:
        return None if not response.data else f"it declares no body, but there is {response.data[:100]!r}"
    if response.mimetype != media:
        return f"it is {response.mimetype}, not {media}"
    return None if response.is_streamed else _difference(shape, response.data)


def _difference(shape: type[BaseModel], body: bytes) -> str | None:
    """Why the body is not what the shape itself would write."""
    try:
        written = shape.model_validate_json(body, strict=True).model_dump_json()
    except ValidationError as error:
        return str(error)
    return None if json.loads(written) == json.loads(body) else f"{body[:300]!r} is written {written[:300]}"
