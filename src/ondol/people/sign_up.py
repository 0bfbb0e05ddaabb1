"""A stranger asks for an account, where that is open: the address is confirmed by a link, an administrator approves."""

from ondol.common.errors import NotAllowed
from ondol.people.links import LinkNeeds, ask_by_mail, count_asking, visitor
from ondol.people.model import MailKind, Purpose
from ondol.people.rules import checked_address


def ask_to_sign_up(email: str, language: str | None, address: str, needs: LinkNeeds) -> None:
    """Send a link to the address, where it has no account. What comes of it here tells nothing of that.

    Raises NotAllowed where nobody may sign up; InvalidInput for what is no address, TooManyAttempts.
    """
    if not needs.rules.may_sign_up or needs.mailer is None:
        raise NotAllowed("accounts are by invitation here; ask an administrator for one")
    count_asking("asked", address, needs)
    ask_by_mail(MailKind.SIGN_UP, Purpose.SIGN_UP, checked_address(email), language, needs)
    needs.audit.record(visitor(address), "sign-up asked")
