"""The installation that this application serves, and who asks it."""

from typing import cast

from flask import current_app, g

from ondol.common.access import Access
from ondol.common.errors import NotSignedIn
from ondol.installation import Installation


def ondol() -> Installation:
    """The use cases of this installation."""
    return cast(Installation, current_app.extensions["ondol"])


def access() -> Access:
    """What the signed-in person of this request may do. Raises NotSignedIn when there is none."""
    found = g.get("access")
    if found is None:
        raise NotSignedIn("sign in to see this page")
    return cast(Access, found)
