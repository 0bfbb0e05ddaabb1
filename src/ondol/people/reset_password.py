"""A person who lost the password gets another one."""

from ondol.common.access import Access
from ondol.common.audit import Audit
from ondol.people.end_session import end_all_sessions
from ondol.people.model import no_user
from ondol.people.passwords import check_new_password, hash_password, make_password
from ondol.people.ports import Accounts
from ondol.people.recognize import Recognition
from ondol.people.sign_in import SessionNeeds


def reset_password(
    access: Access,
    username: str,
    password: str | None,
    *,
    accounts: Accounts,
    needs: SessionNeeds,
    recognition: Recognition,
    audit: Audit,
) -> str:
    """Give a person a password, made here when none is given, and end all their sessions; returns the password.

    One that was made has to be changed at the next sign-in. Raises NotAllowed, NotFound, UnfitPassword.
    """
    access.require_administrator()
    user = accounts.user(username)
    if user is None:
        raise no_user(username)
    if password is not None:
        check_new_password(password, username, user.email)
    given = password or make_password()
    accounts.set_password(username, hash_password(given), must_change=password is None)
    end_all_sessions(username, needs=needs, recognition=recognition)
    audit.record(access, "password reset", username)
    return given
