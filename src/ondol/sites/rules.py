"""What a point may be called and said to be, whichever door it comes through."""

import re
from collections.abc import Iterable

from ondol.common.errors import InvalidInput
from ondol.common.keys import POINT_KEY
from ondol.sites.model import NewPoint

MOST_CHARACTERS = {"name": 200, "quantity": 50, "unit": 20, "floor": 20, "end_use": 40, "brick_class": 80}


def check_new_points(new: Iterable[NewPoint]) -> None:
    """Raises InvalidInput for a key that no path can hold and for texts that no store keeps as they are."""
    for point in new:
        if not re.fullmatch(POINT_KEY, point.key):
            raise InvalidInput(
                f"{point.key[:200]!r} is no key of a point: use 1 to 200 letters, digits, dots, dashes and underscores, "
                "no dot at the beginning"
            )
        for name, most in MOST_CHARACTERS.items():
            text = getattr(point, name) or ""
            if len(text) > most or "\0" in text:
                raise InvalidInput(
                    f"{name} of {point.key!r}: at most {most} characters, NUL not among them; shorten it"
                )
