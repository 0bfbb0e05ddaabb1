"""Addresses of links that a person hands over."""

from flask import request

from ondol.people import MadeLink
from ondol.web.installation import ondol


def address_of(made: MadeLink) -> str | None:
    """The link, shown this once; None where it goes by mail. It begins as its maker sees Ondol, unless the settings say otherwise."""
    if made.secret is None:
        return None
    begin = ondol().settings.public_url or request.url_root
    return f"{begin.rstrip('/')}/{made.link.purpose.path}/{made.secret}"
