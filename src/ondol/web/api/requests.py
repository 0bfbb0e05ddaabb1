"""What callers send, in its shape or refused."""

from collections.abc import Mapping
from typing import TypeVar

from flask import request
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import NotFound, UnsupportedMediaType

from ondol.common.errors import InvalidInput
from ondol.web.api.problems import WrongForm

Model = TypeVar("Model", bound=BaseModel)


def check_path(values: Mapping[str, str]) -> None:
    """Raises NotFound for what can be the key of nothing: no store keeps NUL."""
    if any("\0" in value for value in values.values()):
        raise NotFound


def read_query(model: type[Model]) -> Model:
    """The parameters. Raises WrongForm; InvalidInput when one is given twice where others are not passed over."""
    sent = request.args.to_dict(flat=False)
    many = {name for name, info in model.model_fields.items() if getattr(info.annotation, "__origin__", None) is list}
    twice = [name for name, values in sent.items() if len(values) > 1 and name not in many]
    if twice and model.model_config.get("extra") == "forbid":
        raise InvalidInput(f"{', '.join(twice)}: given more than once; send it once")
    return _of(model, {name: values if name in many else values[0] for name, values in sent.items()})


def read_body(model: type[Model]) -> Model:
    """The JSON body. Raises WrongForm; UnsupportedMediaType when the body is said to be something else."""
    if request.mimetype and request.mimetype != "application/json" and not request.mimetype.endswith("+json"):
        raise UnsupportedMediaType(f"the body is {request.mimetype}; send JSON, with Content-Type: application/json")
    try:
        return model.model_validate_json(request.get_data(cache=False), strict=True)
    except ValidationError as error:
        raise WrongForm(error) from error


def _of(model: type[Model], sent: Mapping[str, object]) -> Model:
    try:
        return model.model_validate(sent)
    except ValidationError as error:
        raise WrongForm(error) from error
