"""A person changes what the own account says: name, language, and the address once a link sent to it was opened."""

from dataclasses import dataclass, replace

from ondol.common.access import Access, Scope
from ondol.common.errors import AlreadyExists, InvalidInput, NotAllowed
from ondol.people.links import (
    LANGUAGES,
    LinkNeeds,
    checked_name,
    find_link,
    hand_out,
    new_link,
    tell,
    visitor,
)
from ondol.people.model import Link, MailKind, Purpose, User, no_link
from ondol.people.passwords import verify_password
from ondol.people.rules import checked_address
from ondol.people.sign_in import Credentials, count_attempt


@dataclass(frozen=True, slots=True)
class AccountChange:
    """How the person is called, and their language; None takes it away."""

    name: str | None
    language: str | None


def own_account(access: Access, needs: LinkNeeds) -> User:
    """The account of who asks. Raises NotAllowed for a program."""
    access.require(Scope.READ)
    user = needs.accounts.user(access.username) if access.username else None
    if user is None:
        raise NotAllowed("an account is a person's; sign in to see yours")
    return user


def change_account(access: Access, change: AccountChange, needs: LinkNeeds) -> User:
    """Change name and language. Raises NotAllowed, InvalidInput."""
    user = own_account(access, needs)
    if change.language is not None and change.language not in LANGUAGES:
        raise InvalidInput(f"the language is one of {', '.join(LANGUAGES)}")
    needs.accounts.describe(user.username, checked_name(change.name), change.language)
    needs.audit.record(access, "account changed")
    return needs.accounts.user(user.username) or user


def ask_for_address(access: Access, email: str, password: str, needs: LinkNeeds) -> Link:
    """Send a link to the new address: it counts once that was opened. The present password shows that it is the person.

    Raises NotAllowed for a program, on a wrong password and where there is no mail; TooManyAttempts, InvalidInput.
    """
    user = own_account(access, needs)
    email = checked_address(email)
    if needs.mailer is None:
        raise NotAllowed("no mail is sent from here, so that the address could not be confirmed; ask an administrator")
    attempts = count_attempt(
        Credentials(user.username, password, access.address or ""), access, needs.sessions, needs.audit
    )
    known = needs.accounts.password_hash(user.username)
    if known is None or not verify_password(known, password):
        needs.audit.record(access, "address change refused")
        raise NotAllowed("the present password is wrong; enter the one that you signed in with")
    needs.sessions.cache.delete(*attempts)
    link = new_link(Purpose.ADDRESS, email, access.who, needs)
    hand_out(replace(link, username=user.username, language=user.language), needs)
    needs.audit.record(access, "address change asked")
    return link


def confirm_address(secret: str, address: str, needs: LinkNeeds) -> None:
    """The link's address counts from now on, and the former one is told. Raises NotFound, TooManyAttempts."""
    link = find_link(secret, address, (Purpose.ADDRESS,), needs)
    user = needs.accounts.user(link.username or "")
    if user is None or not user.is_active:
        raise no_link()
    try:
        needs.accounts.set_address(user.username, link.email, by_link=link.key)
    except AlreadyExists as error:
        # Whose address it is, is nobody's business.
        raise no_link() from error
    tell(MailKind.ADDRESS_CHANGED, user, needs)
    needs.audit.record(visitor(address, user.username), "address changed")


def look_at_address(secret: str, address: str, needs: LinkNeeds) -> Link:
    """Which address the link confirms; it stays unused. Raises NotFound, TooManyAttempts."""
    return find_link(secret, address, (Purpose.ADDRESS,), needs)
