"""A person's role or reach changes, or the account is closed or opened again."""

import contextlib

from ondol.common.access import Access, Role
from ondol.common.errors import InvalidInput, StoreUnavailable
from ondol.people.end_session import end_all_sessions
from ondol.people.links import LinkNeeds, tell
from ondol.people.model import MailKind, User, UserChange, no_user
from ondol.people.rules import check_reach
from ondol.people.session_cache import session_key
from ondol.sites.model.changes import Unchanged


def change_user(access: Access, username: str, change: UserChange, needs: LinkNeeds) -> User:
    """Change an account; the name stays taken when it is closed, and all its sessions end. Who waited for approval is told.

    Raises NotAllowed, also when no administrator would be left; NotFound; InvalidInput.
    """
    access.require_administrator()
    if change == UserChange():
        raise InvalidInput(
            "name at least one thing to change: the role, the buildings, the tenants, or whether it is active"
        )
    user = needs.accounts.user(username)
    if user is None:
        raise no_user(username)
    _check(user, change)
    changed = needs.accounts.change_user(username, change)
    _open_or_close(access, user, changed, needs)
    if change != UserChange(is_active=change.is_active):
        needs.audit.record(access, "user changed", username)
    if changed.role is not user.role:
        # The cache would name the former role as long as the session lasts.
        living = needs.sessions.sessions.living(needs.sessions.clock(), username)
        with contextlib.suppress(StoreUnavailable):
            needs.sessions.cache.delete(*(session_key(session.id_hash) for session in living))
    needs.recognition.forget()
    return changed


def _open_or_close(access: Access, user: User, changed: User, needs: LinkNeeds) -> None:
    if user.is_active and not changed.is_active:
        needs.links.end_all(user.username)
        end_all_sessions(user.username, needs=needs.sessions, recognition=needs.recognition)
        needs.audit.record(access, "user closed", user.username)
    elif changed.is_active and user.waits:
        tell(MailKind.APPROVED, user, needs)
        needs.audit.record(access, "user approved", user.username)
    elif changed.is_active and not user.is_active:
        needs.audit.record(access, "user reopened", user.username)


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
