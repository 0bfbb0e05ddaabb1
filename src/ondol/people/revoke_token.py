"""A token ends."""

from ondol.common.access import Access
from ondol.common.audit import Audit
from ondol.common.clock import Clock
from ondol.common.errors import NotAllowed
from ondol.people.ports import Accounts
from ondol.people.recognize import Recognition


def revoke_token(
    access: Access, name: str, *, accounts: Accounts, recognition: Recognition, audit: Audit, clock: Clock
) -> None:
    """End a token, in this process at once. Raises NotFound, and NotAllowed when it is the one that asks."""
    access.require_administrator()
    if access.token == name:
        raise NotAllowed("a token cannot revoke itself; use another one, or the pages")
    accounts.revoke_token(name, clock())
    recognition.forget()
    audit.record(access, "token revoked", name)
