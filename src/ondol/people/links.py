"""What every use case of a link shares: making one, finding it by its secret, and slowing down who tries."""

import re
import secrets
from dataclasses import dataclass

from ondol.common.access import Access
from ondol.common.addresses import network_of
from ondol.common.audit import Audit
from ondol.common.errors import InvalidInput, TooManyAttempts
from ondol.common.keys import WITHOUT_NUL
from ondol.common.mail import Mailer
from ondol.common.messages import said
from ondol.people.model import Link, MadeLink, MailKind, Purpose, User, WaitingMail, no_link
from ondol.people.ports import Accounts, Links, WaitingMails
from ondol.people.recognize import Recognition, digest_of
from ondol.people.sign_in import NAMES_AN_ADDRESS, PAUSE_S, SessionNeeds
from ondol.sites.ports import SiteRecords

LANGUAGES = ("ko", "en")
LONGEST_SECRET = 100
MAILS_AN_ADDRESS = 3
"""So many mails a quarter of an hour may strangers cause to one address."""


@dataclass(frozen=True, slots=True)
class LinkRules:
    """Settings of links: what they begin with, the language of who named none, and whether strangers may ask for an account."""

    begin: str
    language: str = "ko"
    may_sign_up: bool = False


@dataclass(frozen=True, slots=True)
class LinkNeeds:
    """What making and using links needs. Without a mailer whoever makes a link hands it over."""

    links: Links
    mails: WaitingMails
    mailer: Mailer | None
    rules: LinkRules
    accounts: Accounts
    sessions: SessionNeeds
    recognition: Recognition
    sites: SiteRecords
    audit: Audit

    def language_of(self, chosen: str | None) -> str:
        """The language in which a mail is written."""
        return chosen if chosen in LANGUAGES else self.rules.language


def new_link(purpose: Purpose, email: str, made_by: str, needs: LinkNeeds) -> Link:
    """A link that begins now; the rest of it is filled in by `replace`."""
    now = needs.sessions.clock()
    return Link(
        key=secrets.token_hex(8), purpose=purpose, email=email, made_by=made_by, created_at=now,
        expires_at=now + purpose.lasts,
    )  # fmt: skip


def hand_out(link: Link, needs: LinkNeeds) -> MadeLink:
    """Keep the link; with a mailer it goes by mail, as soon as the server takes it, else its secret is returned, here alone."""
    if needs.mailer is None:
        secret = make_secret()
        needs.links.add(link, digest_of(secret))
        return MadeLink(link, secret)
    needs.links.add(link, None)
    needs.mails.put(mail_of(link, needs))
    return MadeLink(link, None)


def mail_of(link: Link, needs: LinkNeeds) -> WaitingMail:
    """The mail that brings a link."""
    return WaitingMail(
        kind=MailKind(link.purpose.value), email=link.email, language=needs.language_of(link.language),
        due_at=needs.sessions.clock(), expires_at=link.expires_at, link=link.key,
    )  # fmt: skip


def make_secret() -> str:
    """256 bits that nobody guesses."""
    return secrets.token_urlsafe(32)


def find_link(secret: str, address: str, purposes: tuple[Purpose, ...], needs: LinkNeeds) -> Link:
    """The link, which stays unused. Raises NotFound, the same for every one that is of no use; TooManyAttempts after many of them."""
    known = needs.links.find(digest_of(secret), needs.sessions.clock()) if len(secret) <= LONGEST_SECRET else None
    if known is not None and known.purpose in purposes:
        return known
    count_asking("links", address, needs)
    raise no_link()


def count_asking(what: str, address: str, needs: LinkNeeds) -> None:
    """Slow down who asks again and again. Raises TooManyAttempts as signing in does, audited at the first time."""
    most = needs.sessions.rules.attempts * NAMES_AN_ADDRESS
    count = needs.sessions.cache.count(f"{what}:{network_of(address)}", PAUSE_S)
    if count > most:
        if count == most + 1:
            needs.audit.record(visitor(address), "sign-in paused")
        raise TooManyAttempts(f"too many attempts; wait {PAUSE_S // 60} minutes and try again", PAUSE_S)


def ask_by_mail(kind: MailKind, purpose: Purpose, email: str, language: str | None, needs: LinkNeeds) -> None:
    """Let standing work see whom the address belongs to: what is done here is the same for every address."""
    if needs.sessions.cache.count(f"mails:{digest_of(email.lower())}", PAUSE_S) > MAILS_AN_ADDRESS:
        return
    now = needs.sessions.clock()
    needs.mails.put(WaitingMail(
        kind=kind, email=email, language=needs.language_of(language), due_at=now, expires_at=now + purpose.lasts,
    ))  # fmt: skip


def tell(kind: MailKind, user: User, needs: LinkNeeds) -> None:
    """Send a mail without a link to the address that the person has (or had); nothing without a mailer."""
    if needs.mailer is None:
        return
    now = needs.sessions.clock()
    needs.mails.put(WaitingMail(
        kind=kind, email=user.email, language=needs.language_of(user.language), due_at=now,
        expires_at=now + Purpose.INVITATION.lasts,
    ))  # fmt: skip


def visitor(address: str, username: str | None = None) -> Access:
    """Somebody who is not signed in, as the audit names them."""
    return Access(username or "visitor", frozenset(), username=username, address=address or None)


def checked_name(name: str | None) -> str | None:
    """How a person is called, None when nothing was entered. Raises InvalidInput."""
    name = " ".join((name or "").split())
    if len(name) > 100 or not name.isprintable() or not re.fullmatch(WITHOUT_NUL, name):
        raise InvalidInput(said("a name has at most 100 characters, all of which can be seen"))
    return name or None


def shown_address(email: str) -> str:
    """As much of an address as the audit needs: `k***@example.com`."""
    return f"{email[:1]}***@{email.rpartition('@')[2]}"
