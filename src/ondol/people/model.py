"""People and programs that may do things."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ondol.common.access import Scope


class Role(StrEnum):
    """What a person may do: `user` looks, `installer` connects meters, `manager` changes buildings, `admin` everything."""

    USER = "user"
    TENANT = "tenant"
    INSTALLER = "installer"
    MANAGER = "manager"
    ADMIN = "admin"

    @property
    def scopes(self) -> frozenset[Scope]:
        """The API scopes that a signed-in person of this role has."""
        more = {Role.INSTALLER: {Scope.WRITE}, Role.MANAGER: {Scope.WRITE}, Role.ADMIN: {Scope.WRITE, Scope.ADMIN}}
        return frozenset({Scope.READ, *more.get(self, set())})


@dataclass(frozen=True, slots=True)
class User:
    """A person with an account."""

    id: int
    username: str
    email: str
    role: Role
    language: str | None = None
    is_active: bool = True


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


@dataclass(frozen=True, slots=True)
class Token:
    """An API token without its secret. `buildings` limits it to those keys; None means all."""

    id: int
    name: str
    scopes: frozenset[Scope]
    buildings: frozenset[str] | None = None
    may_register: bool = False

    def allows(self, building_key: str) -> bool:
        """Whether the token reaches the building."""
        return self.buildings is None or building_key in self.buildings
