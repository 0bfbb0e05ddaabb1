"""The half of the face that administrators use: accounts and tokens."""

from dataclasses import dataclass

from ondol.common.access import Access
from ondol.common.audit import Audit
from ondol.people.change_user import change_user
from ondol.people.create_token import create_token
from ondol.people.create_user import create_first_administrator, create_user
from ondol.people.links import LinkNeeds
from ondol.people.model import CreatedUser, NewToken, NewUser, Token, User, UserChange
from ondol.people.ports import Accounts
from ondol.people.recognize import Recognition
from ondol.people.reset_password import reset_password
from ondol.people.revoke_token import revoke_token
from ondol.people.sign_in import SessionNeeds
from ondol.sites.ports import SiteRecords


@dataclass(frozen=True)
class Directory:
    """Who has an account, and which programs have a token."""

    accounts: Accounts
    needs: SessionNeeds
    recognition: Recognition
    sites: SiteRecords
    audit: Audit
    by_link: LinkNeeds

    def users(self, access: Access) -> list[User]:
        """All users, by name. Raises NotAllowed."""
        access.require_administrator()
        return self.accounts.users()

    def create_user(self, access: Access, new: NewUser) -> CreatedUser:
        """See create_user.py."""
        return create_user(access, new, accounts=self.accounts, audit=self.audit)

    def change_user(self, access: Access, username: str, change: UserChange) -> User:
        """See change_user.py."""
        return change_user(access, username, change, self.by_link)

    def create_first_administrator(self) -> CreatedUser | None:
        """See create_user.py."""
        return create_first_administrator(accounts=self.accounts, audit=self.audit)

    def reset_password(self, access: Access, username: str, password: str | None = None) -> str:
        """See reset_password.py."""
        return reset_password(
            access, username, password, accounts=self.accounts, needs=self.needs, recognition=self.recognition,
            audit=self.audit,
        )  # fmt: skip

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
