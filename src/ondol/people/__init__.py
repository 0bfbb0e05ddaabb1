"""People and programs: accounts, sessions, tokens, and what they may reach."""

from dataclasses import dataclass

from ondol.common.access import Access
from ondol.common.tasks import Task
from ondol.people import tasks
from ondol.people.by_link import ByLink
from ondol.people.change_account import AccountChange
from ondol.people.change_password import change_password
from ondol.people.end_session import end_session, list_sessions, sign_out
from ondol.people.model import (
    CreatedUser,
    Invitation,
    Link,
    MadeLink,
    Newcomer,
    NewInvitation,
    NewToken,
    NewUser,
    PasswordChange,
    Purpose,
    Role,
    Session,
    Token,
    User,
    UserChange,
)
from ondol.people.resume_session import resume_session
from ondol.people.rules import LONGEST_PASSWORD, RESERVED_NAMES, SHORTEST_PASSWORD, PasswordFault, UnfitPassword
from ondol.people.sign_in import Credentials, sign_in

__all__ = [
    "LONGEST_PASSWORD",
    "RESERVED_NAMES",
    "SHORTEST_PASSWORD",
    "AccountChange",
    "CreatedUser",
    "Credentials",
    "Invitation",
    "Link",
    "MadeLink",
    "NewInvitation",
    "NewToken",
    "NewUser",
    "Newcomer",
    "PasswordChange",
    "PasswordFault",
    "People",
    "Purpose",
    "Role",
    "Session",
    "Token",
    "UnfitPassword",
    "User",
    "UserChange",
]


@dataclass(frozen=True)
class People(ByLink):
    """Who there is, who asks, and what is theirs."""

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

    def change_password(self, access: Access, change: PasswordChange) -> None:
        """See change_password.py."""
        change_password(
            access, change, accounts=self.accounts, needs=self.needs, recognition=self.recognition, audit=self.audit
        )

    def tasks(self) -> list[Task]:
        """Standing work."""
        return tasks.tasks(self.by_link)
