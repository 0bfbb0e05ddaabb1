"""A person's role or reach changes, or the account is closed or opened again."""

import contextlib

from ondol.common.access import Access, Role
from ondol.common.audit import Audit
from ondol.common.errors import InvalidInput, StoreUnavailable
from ondol.people.end_session import end_all_sessions
from ondol.people.model import User, UserChange, no_user
from ondol.people.ports import Accounts
from ondol.people.recognize import Recognition
from ondol.people.rules import check_reach
from ondol.people.session_cache import session_key
from ondol.people.sign_in import SessionNeeds
from ondol.sites.model.changes import Unchanged


def change_user(
    access: Access,
    username: str,
    change: UserChange,
    *,
    accounts: Accounts,
    needs: SessionNeeds,
    recognition: Recognition,
    audit: Audit,
) -> User:
    """Change an account; the name stays taken when it is closed, and all its sessions end.

    Raises NotAllowed, also when no administrator would be left; NotFound; InvalidInput.
    """
    access.require_administrator()
    if change == UserChange():
        raise InvalidInput(
            "name at least one thing to change: the role, the buildings, the tenants, or whether it is active"
        )
    user = accounts.user(username)
    if user is None:
        raise no_user(username)
    _check(user, change)
    changed = accounts.change_user(username, change)
    if user.is_active and not changed.is_active:
        end_all_sessions(username, needs=needs, recognition=recognition)
        audit.record(access, "user closed", username)
    elif changed.is_active and not user.is_active:
        audit.record(access, "user reopened", username)
    if change != UserChange(is_active=change.is_active):
        audit.record(access, "user changed", username)
    if changed.role is not user.role:
        # The cache would name the former role as long as the session lasts.
        living = needs.sessions.living(needs.clock(), username)
        with contextlib.suppress(StoreUnavailable):
            needs.cache.delete(*(session_key(session.id_hash) for session in living))
    recognition.forget()
    return changed


def _check(user: User, change: UserChange) -> None:
    role = change.role or user.role
    buildings = None if isinstance(change.buildings, Unchanged) else change.buildings
    check_reach(role, buildings, () if isinstance(change.tenants, Unchanged) else change.tenants)
    # A tenant's account names no buildings: another role would open all of them.
    is_let_in = user.role is Role.TENANT and role not in (Role.TENANT, Role.ADMIN)
    if is_let_in and isinstance(change.buildings, Unchanged):
        raise InvalidInput(
            f"say which buildings {user.username!r} shall reach; as a tenant it were the rented spaces alone"
        )
