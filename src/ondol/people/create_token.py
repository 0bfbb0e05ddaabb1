"""A program gets a token."""

import re
import secrets

from ondol.common.access import COMMANDS_TOKEN, Access, no_building
from ondol.common.audit import Audit
from ondol.common.errors import InvalidInput
from ondol.common.keys import EXPLAINED, TOKEN_NAME
from ondol.people.model import NewToken, Token
from ondol.people.ports import Accounts
from ondol.people.recognize import digest_of
from ondol.people.rules import check_name
from ondol.sites.ports import SiteRecords

TOKEN_PREFIX = "ondol_"  # noqa: S105  no secret: how a token begins


def create_token(
    access: Access, new: NewToken, *, accounts: Accounts, sites: SiteRecords, audit: Audit
) -> tuple[Token, str]:
    """Add an API token; its secret is returned here and nowhere else.

    Raises NotAllowed, InvalidInput, NotFound for a building that does not exist, AlreadyExists.
    """
    access.require_administrator()
    if not re.fullmatch(TOKEN_NAME, new.name):
        raise InvalidInput(EXPLAINED[TOKEN_NAME])
    check_name(new.name)
    is_of_commands = new.name.startswith(COMMANDS_TOKEN)
    if is_of_commands and (access.username or access.token):
        # What asks with such a token says itself who it is.
        raise InvalidInput(f"a name that begins with {COMMANDS_TOKEN!r} is for the commands; choose another")
    if not new.scopes:
        raise InvalidInput("a token needs a scope: read, write or admin")
    if new.buildings is not None and not new.buildings:
        raise InvalidInput("name at least one building, or leave the buildings out for all of them")
    existing = {building.key for building in sites.buildings()} if new.buildings else set[str]()
    for key in sorted(new.buildings or ()):
        if key not in existing:
            raise no_building(key)
    secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
    token = accounts.add_token(new, digest_of(secret))
    audit.record(access, "token created", new.name)
    return token, secret
