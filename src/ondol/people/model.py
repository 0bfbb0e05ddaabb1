"""People and programs that may do things."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from ondol.common.access import Access, Role, Scope
from ondol.common.errors import NotFound
from ondol.common.messages import said
from ondol.sites.model.changes import UNCHANGED, Unchanged


@dataclass(frozen=True, slots=True)
class User:
    """A person with an account. `name` is how they are called, `username` what they sign in with. `waits`: for approval.

    `buildings` None means all of them, for a tenant the spaces of the `tenants`.
    """

    id: int
    username: str
    email: str
    role: Role
    language: str | None = None
    is_active: bool = True
    name: str | None = None
    waits: bool = False
    last_sign_in: datetime | None = None
    buildings: tuple[str, ...] | None = None
    tenants: tuple[str, ...] = ()


def no_user(username: str) -> NotFound:
    """The answer for a person who has no account."""
    return NotFound(
        said("there is no user %(username)s; GET /api/v1/users lists those that exist", username=repr(username))
    )


def no_link() -> NotFound:
    """The one answer for a link that was used, taken back, replaced, has expired or never was."""
    return NotFound(said("this link is not valid: it works once and for a limited time; ask for a new one"))


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUser:
    """A person to add. `buildings` None means all of them; `tenants` are those whose spaces a person of that role may see.

    Without a password a good one is made.
    """

    username: str
    email: str
    role: Role = Role.USER
    password: str | None = None
    buildings: tuple[str, ...] | None = None
    tenants: tuple[str, ...] = ()
    name: str | None = None
    language: str | None = None
    waits: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UserChange:
    """What changes of an account; the rest stays. `buildings` None means all of them; who is not active cannot sign in.

    To open the account of who waits for it is to approve them.
    """

    role: Role | None = None
    buildings: tuple[str, ...] | Unchanged | None = UNCHANGED
    tenants: tuple[str, ...] | Unchanged = UNCHANGED
    is_active: bool | None = None


class Purpose(StrEnum):
    """What a link is for."""

    INVITATION = "invitation"
    SIGN_UP = "sign-up"
    RESET = "reset"
    ADDRESS = "address"

    @property
    def path(self) -> str:
        """The page that it opens, with the secret behind it."""
        return "join" if self in (Purpose.INVITATION, Purpose.SIGN_UP) else self.value

    @property
    def lasts(self) -> timedelta:
        """How long such a link is good."""
        return {Purpose.INVITATION: timedelta(days=7), Purpose.RESET: timedelta(hours=1)}.get(self, timedelta(days=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link that was not used yet; `key` names it and opens nothing. `email` is the address that it is sent to.

    Of an invitation: what the account will be (`buildings` None means all). Of a reset or another address: whose it is.
    """

    key: str
    purpose: Purpose
    email: str
    made_by: str
    created_at: datetime
    expires_at: datetime
    language: str | None = None
    username: str | None = None
    role: Role | None = None
    buildings: tuple[str, ...] | None = ()
    tenants: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation that was not taken up yet. `waits`: its mail is not sent yet, because of `problem` if it was tried."""

    link: Link
    waits: bool = False
    problem: str | None = None

    @property
    def key(self) -> str:
        """What names it in lists."""
        return self.link.key


@dataclass(frozen=True, slots=True, kw_only=True)
class NewInvitation:
    """Whom to invite, and what they will be. `buildings` None means all of them."""

    email: str
    role: Role = Role.USER
    buildings: tuple[str, ...] | None = None
    tenants: tuple[str, ...] = ()
    language: str | None = None


@dataclass(frozen=True, slots=True)
class MadeLink:
    """A link that was just made. `secret` is known only now, to be handed over; None where it goes by mail."""

    link: Link
    secret: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """What an invited person chooses."""

    username: str
    password: str
    name: str | None = None
    language: str | None = None


class MailKind(StrEnum):
    """What a mail says."""

    INVITATION = "invitation"
    SIGN_UP = "sign-up"
    RESET = "reset"
    ADDRESS = "address"
    ADDRESS_CHANGED = "address changed"
    APPROVED = "approved"


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingMail:
    """A mail that is still to be sent, at `due_at` at the earliest and never after `expires_at`. `link` is the key of its link."""

    kind: MailKind
    email: str
    language: str
    due_at: datetime
    expires_at: datetime
    link: str | None = None
    tries: int = 0
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class CreatedUser:
    """A user who was just added; `password` is known only now."""

    user: User
    password: str


@dataclass(frozen=True, slots=True)
class PasswordChange:
    """What a person enters to change the own password; the session of that id stays signed in."""

    session_id: str
    present: str
    new: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A person's role and reach now. `buildings` None means all; `spaces` None means whole buildings.

    `must_change_password`: the present one was made by Ondol and seen by somebody else.
    """

    role: Role
    buildings: frozenset[str] | None
    spaces: frozenset[tuple[str, str]] | None
    must_change_password: bool = False


@dataclass(frozen=True, slots=True)
class Session:
    """Someone who is signed in until `expires_at`. The id itself stays with the browser; others know its SHA-256."""

    id_hash: str
    user_id: int
    username: str
    role: Role
    language: str | None
    csrf_token: str
    login_time: datetime
    expires_at: datetime
    address: str = ""
    browser: str = ""

    @property
    def key(self) -> str:
        """What names the session in lists; it opens nothing."""
        return self.id_hash[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewToken:
    """An API token to make. `buildings` None means all of them."""

    name: str
    scopes: frozenset[Scope]
    buildings: frozenset[str] | None = None
    may_register: bool = False


@dataclass(frozen=True, slots=True)
class Token:
    """An API token without its secret. `buildings` limits it to those keys; None means all."""

    id: int
    name: str
    scopes: frozenset[Scope]
    buildings: frozenset[str] | None = None
    may_register: bool = False

    @property
    def access(self) -> Access:
        """What a program with this token may do."""
        return Access(
            f"token {self.name}", self.scopes, self.buildings, token=self.name, may_register=self.may_register
        )
