"""Who asks, and what is theirs: an argument of every use case.

What is out of reach is answered as what is not there: the same error, with the same words.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from ondol.common.errors import NotAllowed, NotFound, PasswordChangeDue
from ondol.common.messages import said


class Scope(StrEnum):
    """What may be done with what is in reach."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"


class Role(StrEnum):
    """What a person may do: `user` looks, `tenant` looks at what is theirs, `installer` connects meters, `manager` changes
    buildings, `admin` everything.
    """

    USER = "user"
    TENANT = "tenant"
    INSTALLER = "installer"
    MANAGER = "manager"
    ADMIN = "admin"

    @property
    def scopes(self) -> frozenset[Scope]:
        """What a signed-in person of this role may do with what is in reach."""
        more = {Role.INSTALLER: {Scope.WRITE}, Role.MANAGER: {Scope.WRITE}, Role.ADMIN: {Scope.WRITE, Scope.ADMIN}}
        return frozenset({Scope.READ, *more.get(self, set())})


@dataclass(frozen=True, slots=True)
class Access:
    """Who asks, for what they may do and what they may reach.

    `who` stands in the audit. `buildings` are keys of buildings, None for all. `spaces` are a tenant's, each as (building, space)
    with everything inside it; None where the buildings are theirs as a whole. `username` is that of a signed-in person, `token` the
    name of a program's; both None for the system itself. Who has to choose a password first may do nothing else.
    """

    who: str
    scopes: frozenset[Scope]
    buildings: frozenset[str] | None = None
    spaces: frozenset[tuple[str, str]] | None = None
    username: str | None = None
    token: str | None = None
    may_register: bool = False
    address: str | None = None
    must_change_password: bool = False

    @property
    def is_administrator(self) -> bool:
        """Whether the whole installation is theirs: the scope alone, limited to some buildings, is not enough."""
        return Scope.ADMIN in self.scopes and self.buildings is None and self.spaces is None

    def require(self, scope: Scope) -> None:
        """Raises NotAllowed without the scope. `admin` includes the others."""
        if self.must_change_password:
            raise PasswordChangeDue(
                said(
                    "choose a password of your own first, at /password or with PUT /api/v1/password; the present one was made for you"
                )
            )
        if scope not in self.scopes and Scope.ADMIN not in self.scopes:
            raise NotAllowed(
                said(
                    "this needs the scope %(scope)s; make a token with: ondol token create NAME --scope %(name)s",
                    scope=repr(scope.value),
                    name=scope.value,
                )
            )

    def require_administrator(self) -> None:
        """Raises NotAllowed when the installation as a whole is not theirs."""
        self.require(Scope.ADMIN)
        if not self.is_administrator:
            raise NotAllowed(
                said(
                    "who is limited to buildings cannot manage users, tokens and sessions; use a token without --building"
                )
            )

    def require_everything(self, scope: Scope) -> None:
        """Raises NotAllowed without the scope for every building."""
        self.require(scope)
        if self.buildings is not None or self.spaces is not None:
            raise NotAllowed(said("this tells of the whole installation; use a token without --building"))

    def reaches(self, building_key: str) -> bool:
        """Whether the building, or a space in it, is theirs."""
        return self.buildings is None or building_key in self.buildings

    def require_building(self, building_key: str) -> None:
        """Raises NotFound when nothing of the building is theirs."""
        if not self.reaches(building_key):
            raise no_building(building_key)

    def require_whole_building(self, building_key: str) -> None:
        """Raises NotFound when the building as a whole is not theirs: a tenant has spaces only."""
        self.require_building(building_key)
        if self.spaces is not None:
            raise no_building(building_key)

    def reaches_space(self, building_key: str, space_key: str | None) -> bool:
        """Whether what is in that space (None: in the building at large) is theirs."""
        return self.reaches(building_key) and (self.spaces is None or (building_key, space_key) in self.spaces)

    @property
    def limits(self) -> str:
        """What tells answers of other spaces apart in a cache, also those of no space at all; empty for whole buildings alone."""
        if self.spaces is None:
            return ""
        return f":{hashlib.sha256(repr(sorted(self.spaces)).encode()).hexdigest()}"


SYSTEM = Access("system", frozenset(Scope))
"""The installation itself, at its standing work."""

COMMAND = Access("command", frozenset(Scope))
"""Who may run commands on the machine: the stores' files are theirs anyway."""

COMMANDS_TOKEN = "commands on this machine"  # noqa: S105  how its name begins
"""The token with which commands ask a running server."""


def scopes_of(names: Iterable[str]) -> frozenset[Scope]:
    """Scopes by their names. Raises ValueError."""
    return frozenset(Scope(name) for name in names)


def no_building(key: str) -> NotFound:
    """The one answer for a building that does not exist or is out of reach."""
    return NotFound(
        said(
            "there is no building %(key)s; create it with: ondol building create %(name)s --name NAME",
            key=repr(key),
            name=key,
        )
    )


def no_point(key: str) -> NotFound:
    """The one answer for a point that does not exist or is out of reach."""
    return NotFound(said("there is no point %(key)s; GET /api/v1/points lists those that exist", key=repr(key)))
