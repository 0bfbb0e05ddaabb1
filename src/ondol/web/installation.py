"""The installation that this application serves."""

from typing import cast

from flask import current_app

from ondol.application import Ondol


def ondol() -> Ondol:
    """The use cases of this installation."""
    return cast(Ondol, current_app.extensions["ondol"])
