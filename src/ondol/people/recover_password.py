"""A person who lost the password chooses another by a link."""

from dataclasses import replace

from ondol.common.access import Access
from ondol.common.errors import NotAllowed
from ondol.common.messages import said
from ondol.people.end_session import end_all_sessions
from ondol.people.links import (
    LinkNeeds,
    ask_by_mail,
    count_asking,
    find_link,
    hand_out,
    new_link,
    visitor,
)
from ondol.people.model import Link, MadeLink, MailKind, Purpose, no_link, no_user
from ondol.people.passwords import check_new_password, hash_password
from ondol.people.rules import checked_address


def ask_for_reset(email: str, language: str | None, address: str, needs: LinkNeeds) -> None:
    """Send a link to the person with that address. What comes of it, and how soon, tells nothing of whether there is one.

    Raises InvalidInput for what is no address, TooManyAttempts, NotAllowed where there is no mail.
    """
    count_asking("asked", address, needs)
    if needs.mailer is None:
        raise NotAllowed("no mail is sent from here; ask an administrator for a link")
    ask_by_mail(MailKind.RESET, Purpose.RESET, checked_address(email), language, needs)
    needs.audit.record(visitor(address), "password reset asked")


def make_reset_link(access: Access, username: str, needs: LinkNeeds) -> MadeLink:
    """A link for a person, by mail or to be handed over; an older one ends. Raises NotAllowed, NotFound."""
    access.require_administrator()
    user = needs.accounts.user(username)
    if user is None:
        raise no_user(username)
    if not user.is_active:
        raise NotAllowed(said("the account of %(user)s is closed; open it first", user=repr(username)))
    link = replace(new_link(Purpose.RESET, user.email, access.who, needs), username=username, language=user.language)
    made = hand_out(link, needs)
    needs.audit.record(access, "reset link made", username)
    return made


def look_at_reset(secret: str, address: str, needs: LinkNeeds) -> Link:
    """Whose password the link changes; it stays unused. Raises NotFound, TooManyAttempts."""
    return find_link(secret, address, (Purpose.RESET,), needs)


def reset_by_link(secret: str, password: str, address: str, needs: LinkNeeds) -> str:
    """Give the person that password and end all their sessions; returns the user name.

    The link is used up only when the password is good. Raises NotFound, TooManyAttempts, UnfitPassword.
    """
    link = find_link(secret, address, (Purpose.RESET,), needs)
    user = needs.accounts.user(link.username or "")
    if user is None or not user.is_active:
        raise no_link()
    check_new_password(password, user.username, user.email)
    needs.accounts.set_password(user.username, hash_password(password), must_change=False, by_link=link.key)
    needs.links.end_all(user.username)
    end_all_sessions(user.username, needs=needs.sessions, recognition=needs.recognition)
    needs.audit.record(visitor(address, user.username), "password reset by link")
    return user.username
