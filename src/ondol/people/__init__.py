"""People and programs: accounts, sessions, tokens, and what they may reach."""

from dataclasses import dataclass

from ondol.common.access import Access
from ondol.common.audit import Audit
from ondol.common.tasks import Task
from ondol.people import tasks
from ondol.people.create_token import create_token
from ondol.people.create_user import SHORTEST_PASSWORD, create_first_administrator, create_user
from ondol.people.end_session import end_session, list_sessions, sign_out
from ondol.people.model import CreatedUser, NewToken, NewUser, Role, Session, Token, User
from ondol.people.ports import Accounts
from ondol.people.recognize import Recognition
from ondol.people.resume_session import resume_session
from ondol.people.revoke_token import revoke_token
from ondol.people.sign_in import Credentials, SessionNeeds, sign_in
from ondol.sites.ports import SiteRecords

__all__ = [
    "SHORTEST_PASSWORD",
    "CreatedUser",
    "Credentials",
    "NewToken",
    "NewUser",
    "People",
    "Role",
    "Session",
    "Token",
    "User",
]


@dataclass(frozen=True)
class People:
    """Who there is, who asks, and what is theirs."""

    accounts: Accounts
    needs: SessionNeeds
    recognition: Recognition
    sites: SiteRecords
    audit: Audit

    def sign_in(self, given: Credentials) -> tuple[str, Session]:
        """See sign_in.py."""
        return sign_in(given, accounts=self.accounts, needs=self.needs, audit=self.audit)

    def resume_session(self, session_id: str, *, is_used: bool = True) -> Session | None:
        """See resume_session.py."""
        return resume_session(session_id, self.needs, is_used=is_used)

    def access_of_session(self, session: Session) -> Access:
        """What the person may do. Raises NotSignedIn when the session ended or the account was closed."""
        return self.recognition.of_session(session)

    def access_of_token(self, secret: str) -> Access:
        """What the program may do. Raises NotSignedIn when there is no such token."""
        return self.recognition.of_token(secret)

    def sign_out(self, access: Access, session_id: str) -> None:
        """See end_session.py."""
        sign_out(access, session_id, needs=self.needs, audit=self.audit)

    def sessions(self, access: Access, username: str | None = None) -> list[Session]:
        """See end_session.py."""
        return list_sessions(access, username, needs=self.needs)

    def end_session(self, access: Access, key: str) -> None:
        """See end_session.py."""
        end_session(access, key, needs=self.needs, audit=self.audit)

    def users(self, access: Access) -> list[User]:
        """All users, by name. Raises NotAllowed."""
        access.require_administrator()
        return self.accounts.users()

    def create_user(self, access: Access, new: NewUser) -> CreatedUser:
        """See create_user.py."""
        return create_user(access, new, accounts=self.accounts, audit=self.audit)

    def create_first_administrator(self) -> CreatedUser | None:
        """See create_user.py."""
        return create_first_administrator(accounts=self.accounts, audit=self.audit)

    def tokens(self, access: Access) -> list[Token]:
        """Tokens that are not revoked, by name. Raises NotAllowed."""
        access.require_administrator()
        return self.accounts.tokens()

    def create_token(self, access: Access, new: NewToken) -> tuple[Token, str]:
        """See create_token.py."""
        return create_token(access, new, accounts=self.accounts, sites=self.sites, audit=self.audit)

    def revoke_token(self, access: Access, name: str) -> None:
        """See revoke_token.py."""
        revoke_token(
            access, name, accounts=self.accounts, recognition=self.recognition, audit=self.audit,
            clock=self.needs.clock,
        )  # fmt: skip

    def tasks(self) -> list[Task]:
        """Standing work."""
        return tasks.tasks(self.needs)
