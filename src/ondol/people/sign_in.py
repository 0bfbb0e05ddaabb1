"""Flow 1 of the guide: user -> session in the cache <- user in the database.

A session stands in the cache as `session:{id}`, as the guide has it, and in the database behind it: when the cache is away or
has dropped the key, who is signed in goes on working.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from ondol.common.access import Access
from ondol.common.addresses import network_of
from ondol.common.audit import Audit
from ondol.common.cache import Cache
from ondol.common.clock import Clock
from ondol.common.errors import NotSignedIn, TooManyAttempts
from ondol.common.instants import HOUR_S
from ondol.common.messages import said
from ondol.people.model import Session, User
from ondol.people.passwords import hash_of_nothing, verify_password
from ondol.people.ports import Accounts, Sessions
from ondol.people.recognize import digest_of
from ondol.people.session_cache import put_session

PAUSE_S = 900
NAMES_AN_ADDRESS = 5
"""An address may fail so many times as often as an account: people share one behind a router."""
LONGEST_NAME = 50
"""Nobody has a longer name; what a form sends as one is kept nowhere."""


@dataclass(frozen=True, slots=True)
class SessionRules:
    """Settings of sessions."""

    ttl_s: int = HOUR_S
    attempts: int = 8
    longest_s: int = 12 * HOUR_S


@dataclass(frozen=True, slots=True)
class SessionNeeds:
    """What handling sessions needs."""

    sessions: Sessions
    cache: Cache
    clock: Clock
    rules: SessionRules


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a person enters, and from where."""

    username: str
    password: str
    address: str
    browser: str = ""


def sign_in(given: Credentials, *, accounts: Accounts, needs: SessionNeeds, audit: Audit) -> tuple[str, Session]:
    """The id of a new session, and the session.

    Raises NotSignedIn on a wrong name or password, TooManyAttempts after too many, StoreUnavailable while the cache is away:
    attempts could not be counted.
    """
    person = Access(given.username[:100], frozenset(), username=given.username, address=given.address)
    of_account, of_address = count_attempt(given, person, needs, audit)
    is_name = len(given.username) <= LONGEST_NAME and "\0" not in given.username
    known = accounts.password_hash(given.username) if is_name else None
    # An unknown name costs the same time as a wrong password, so that names cannot be probed.
    if not verify_password(known or hash_of_nothing(), given.password) or known is None:
        audit.record(person, "sign-in refused")
        raise NotSignedIn(said("the name or the password is wrong"))
    user = accounts.user(given.username)
    assert user is not None
    session_id, session = begin_session(user, given, needs)
    # Of the address this one try alone is taken back: an own account must not buy more tries of other names.
    needs.cache.delete(of_account)
    needs.cache.uncount(of_address)
    accounts.note_sign_in(user.id, needs.clock())
    audit.record(person, "signed in")
    return session_id, session


def begin_session(user: User, given: Credentials, needs: SessionNeeds) -> tuple[str, Session]:
    """Sign the person in: the id of a new session, and the session. Raises StoreUnavailable while the cache is away."""
    session_id, now = secrets.token_urlsafe(32), needs.clock()
    session = Session(
        digest_of(session_id), user.id, user.username, user.role, user.language, secrets.token_urlsafe(24), now,
        now + timedelta(seconds=needs.rules.ttl_s), given.address, given.browser,
    )  # fmt: skip
    needs.sessions.add(session)
    put_session(session, now, needs.cache)
    return session_id, session


def count_attempt(given: Credentials, person: Access, needs: SessionNeeds, audit: Audit) -> tuple[str, str]:
    """The counters of this try, of the account from this address and of the address. Raises TooManyAttempts, audited at the first time.

    Who tries many names meets the second; the first pauses one account for one address, never for its owner elsewhere.
    """
    network = network_of(given.address)
    of_account, of_address = f"attempts:{digest_of(given.username)}:{network}", f"attempts:{network}"
    rules = needs.rules
    for key, most in ((of_account, rules.attempts), (of_address, rules.attempts * NAMES_AN_ADDRESS)):
        count = needs.cache.count(key, PAUSE_S)
        if count > most:
            if count == most + 1:
                audit.record(person, "sign-in paused")
            raise TooManyAttempts(
                said("too many attempts; wait %(pause_s)s minutes and try again", pause_s=PAUSE_S // 60), PAUSE_S
            )
    return of_account, of_address
