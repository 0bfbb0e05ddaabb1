"""A person chooses another password."""

from ondol.common.access import Access
from ondol.common.audit import Audit
from ondol.common.errors import NotAllowed
from ondol.common.messages import said
from ondol.people.end_session import end_all_sessions
from ondol.people.model import PasswordChange
from ondol.people.passwords import check_new_password, hash_password, verify_password
from ondol.people.ports import Accounts
from ondol.people.recognize import Recognition, digest_of
from ondol.people.rules import PasswordFault, UnfitPassword
from ondol.people.sign_in import Credentials, SessionNeeds, count_attempt


def change_password(
    access: Access,
    change: PasswordChange,
    *,
    accounts: Accounts,
    needs: SessionNeeds,
    recognition: Recognition,
    audit: Audit,
) -> None:
    """Change the own password; every other session of the person ends.

    Raises NotAllowed for a program and on a wrong present password, TooManyAttempts as signing in does, UnfitPassword,
    StoreUnavailable while the cache is away: attempts could not be counted.
    """
    username = access.username
    if username is None:
        raise NotAllowed(said("a password is a person's; sign in to change yours"))
    attempts = count_attempt(Credentials(username, change.present, access.address or ""), access, needs, audit)
    known = accounts.password_hash(username)
    if known is None or not verify_password(known, change.present):
        audit.record(access, "password change refused")
        raise NotAllowed(said("the present password is wrong; enter the one that you signed in with"))
    needs.cache.delete(*attempts)
    if change.new == change.present:
        raise UnfitPassword(PasswordFault.UNCHANGED)
    user = accounts.user(username)
    check_new_password(change.new, username, *([user.email] if user else []))
    accounts.set_password(username, hash_password(change.new), must_change=False)
    end_all_sessions(username, needs=needs, recognition=recognition, but=digest_of(change.session_id))
    audit.record(access, "password changed")
