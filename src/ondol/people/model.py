"""People and programs that may do things."""

from dataclasses import dataclass
from datetime import datetime

from ondol.common.access import Access, Role, Scope
from ondol.common.errors import NotFound
from ondol.common.messages import said
from ondol.sites.model.changes import UNCHANGED, Unchanged


@dataclass(frozen=True, slots=True)
class User:
    """A person with an account."""

    id: int
    username: str
    email: str
    role: Role
    language: str | None = None
    is_active: bool = True


def no_user(username: str) -> NotFound:
    """The answer for a person who has no account."""
    return NotFound(
        said("there is no user %(username)s; GET /api/v1/users lists those that exist", username=repr(username))
    )


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


@dataclass(frozen=True, slots=True, kw_only=True)
class UserChange:
    """What changes of an account; the rest stays. `buildings` None means all of them; who is not active cannot sign in."""

    role: Role | None = None
    buildings: tuple[str, ...] | Unchanged | None = UNCHANGED
    tenants: tuple[str, ...] | Unchanged = UNCHANGED
    is_active: bool | None = None


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
