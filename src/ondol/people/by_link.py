"""The part of the face that is about links: invitations, lost passwords, addresses, signing up, and accounts that end."""

from dataclasses import dataclass

from ondol.common.access import Access
from ondol.people import change_account, recover_password
from ondol.people.change_account import AccountChange
from ondol.people.delete_user import delete_user
from ondol.people.directory import Directory
from ondol.people.invite import invite, list_invitations, take_back_invitation
from ondol.people.join import join, look_at_invitation
from ondol.people.model import Invitation, Link, MadeLink, Newcomer, NewInvitation, Session, User
from ondol.people.sign_in import Credentials
from ondol.people.sign_up import ask_to_sign_up


@dataclass(frozen=True)
class ByInvitation(Directory):
    """How people get in."""

    def has_mail(self) -> bool:
        """Whether links go by mail; else who makes one hands it over."""
        return self.by_link.mailer is not None

    def invite(self, access: Access, new: NewInvitation) -> MadeLink:
        """See invite.py."""
        return invite(access, new, self.by_link)

    def invitations(self, access: Access) -> list[Invitation]:
        """See invite.py."""
        return list_invitations(access, self.by_link)

    def take_back_invitation(self, access: Access, key: str) -> None:
        """See invite.py."""
        take_back_invitation(access, key, self.by_link)

    def look_at_invitation(self, secret: str, address: str) -> Link:
        """See join.py."""
        return look_at_invitation(secret, address, self.by_link)

    def join(self, secret: str, newcomer: Newcomer, given: Credentials) -> tuple[str, Session] | None:
        """See join.py."""
        return join(secret, newcomer, given, self.by_link)

    def ask_to_sign_up(self, email: str, language: str | None, address: str) -> None:
        """See sign_up.py."""
        ask_to_sign_up(email, language, address, self.by_link)

    def delete_user(self, access: Access, username: str, confirm: str | None) -> None:
        """See delete_user.py."""
        delete_user(access, username, confirm, self.by_link)


@dataclass(frozen=True)
class ByLink(ByInvitation):
    """How people change what is theirs by a link, or get in again."""

    def ask_for_reset(self, email: str, language: str | None, address: str) -> None:
        """See recover_password.py."""
        recover_password.ask_for_reset(email, language, address, self.by_link)

    def make_reset_link(self, access: Access, username: str) -> MadeLink:
        """See recover_password.py."""
        return recover_password.make_reset_link(access, username, self.by_link)

    def look_at_reset(self, secret: str, address: str) -> Link:
        """See recover_password.py."""
        return recover_password.look_at_reset(secret, address, self.by_link)

    def reset_by_link(self, secret: str, password: str, address: str) -> str:
        """See recover_password.py."""
        return recover_password.reset_by_link(secret, password, address, self.by_link)

    def own_account(self, access: Access) -> User:
        """See change_account.py."""
        return change_account.own_account(access, self.by_link)

    def change_account(self, access: Access, change: AccountChange) -> User:
        """See change_account.py."""
        return change_account.change_account(access, change, self.by_link)

    def ask_for_address(self, access: Access, email: str, password: str) -> Link:
        """See change_account.py."""
        return change_account.ask_for_address(access, email, password, self.by_link)

    def look_at_address(self, secret: str, address: str) -> Link:
        """See change_account.py."""
        return change_account.look_at_address(secret, address, self.by_link)

    def confirm_address(self, secret: str, address: str) -> None:
        """See change_account.py."""
        change_account.confirm_address(secret, address, self.by_link)
