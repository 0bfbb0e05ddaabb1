"""An invited person, or one who signed up, opens the account."""

import re

from ondol.common.errors import AlreadyExists, InvalidInput
from ondol.common.keys import EXPLAINED, USER_NAME
from ondol.people.links import LANGUAGES, LinkNeeds, checked_name, find_link, visitor
from ondol.people.model import Link, Newcomer, NewUser, Purpose, Role, Session
from ondol.people.passwords import check_new_password, hash_password
from ondol.people.rules import check_name, skeleton_of
from ondol.people.sign_in import Credentials, begin_session

_JOINING = (Purpose.INVITATION, Purpose.SIGN_UP)


def look_at_invitation(secret: str, address: str, needs: LinkNeeds) -> Link:
    """What the link offers; it stays unused. Raises NotFound, TooManyAttempts."""
    return find_link(secret, address, _JOINING, needs)


def join(secret: str, newcomer: Newcomer, given: Credentials, needs: LinkNeeds) -> tuple[str, Session] | None:
    """Open the account that the link offers, and sign the person in; None when an administrator has to approve it first.

    `given` says from where. The link is used up only when the account is made. Raises NotFound, TooManyAttempts, InvalidInput,
    UnfitPassword, AlreadyExists.
    """
    link = find_link(secret, given.address, _JOINING, needs)
    _check(newcomer, link, needs)
    waits = link.purpose is Purpose.SIGN_UP
    new = NewUser(
        username=newcomer.username, email=link.email, role=link.role or Role.USER, password=newcomer.password,
        buildings=() if waits else link.buildings, tenants=link.tenants, name=checked_name(newcomer.name),
        language=newcomer.language if newcomer.language in LANGUAGES else link.language, waits=waits,
    )  # fmt: skip
    user = needs.accounts.add_user(new, hash_password(newcomer.password), by_link=link.key)
    person = visitor(given.address, user.username)
    needs.audit.record(person, "signed up" if waits else "invitation accepted", link.key)
    if waits:
        return None
    begun = begin_session(user, given, needs.sessions)
    needs.accounts.note_sign_in(user.id, needs.sessions.clock())
    needs.audit.record(person, "signed in")
    return begun


def _check(newcomer: Newcomer, link: Link, needs: LinkNeeds) -> None:
    if not re.fullmatch(USER_NAME, newcomer.username):
        raise InvalidInput(EXPLAINED[USER_NAME])
    check_name(newcomer.username)
    checked_name(newcomer.name)
    check_new_password(newcomer.password, newcomer.username, link.email)
    if skeleton_of(newcomer.username) in map(skeleton_of, needs.accounts.taken_names()):
        raise AlreadyExists(f"the name {newcomer.username!r} or one that looks like it is taken; choose another")
