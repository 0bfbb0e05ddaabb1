"""A person gets an account."""

import re
from dataclasses import replace

from ondol.common.access import Access
from ondol.common.audit import Audit
from ondol.common.errors import AlreadyExists, InvalidInput
from ondol.common.keys import EXPLAINED, USER_NAME
from ondol.people.model import CreatedUser, NewUser, Role
from ondol.people.passwords import check_new_password, hash_password, make_password
from ondol.people.ports import Accounts
from ondol.people.rules import check_name, check_reach, checked_address, skeleton_of

_FIRST_START = Access("first start", frozenset())


def create_user(access: Access, new: NewUser, *, accounts: Accounts, audit: Audit) -> CreatedUser:
    """Add a user; who gets a password that was made has to change it at the first sign-in.

    Raises NotAllowed, InvalidInput, AlreadyExists, NotFound for a building or tenant that does not exist.
    """
    access.require_administrator()
    return _create(access, new, accounts, audit)


def create_first_administrator(*, accounts: Accounts, audit: Audit) -> CreatedUser | None:
    """An administrator with a generated password when there is no user yet."""
    if accounts.users():
        return None
    return _create(_FIRST_START, NewUser(username="admin", email="admin@localhost", role=Role.ADMIN), accounts, audit)


def _create(access: Access, new: NewUser, accounts: Accounts, audit: Audit) -> CreatedUser:
    if not re.fullmatch(USER_NAME, new.username):
        raise InvalidInput(EXPLAINED[USER_NAME])
    check_name(new.username)
    new = replace(new, email=checked_address(new.email))
    if new.password is not None:
        check_new_password(new.password, new.username, new.email)
    check_reach(new.role, new.buildings, new.tenants)
    password = new.password or make_password()
    if skeleton_of(new.username) in map(skeleton_of, accounts.taken_names()):
        raise AlreadyExists(f"the name {new.username!r} or one that looks like it is taken; choose another")
    user = accounts.add_user(new, hash_password(password))
    audit.record(access, "user created", new.username)
    return CreatedUser(user, password)
