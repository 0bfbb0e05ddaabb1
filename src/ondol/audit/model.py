"""Records of what was done, and what a look at their chain finds."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pydantic import SecretStr

from ondol.common.errors import InvalidInput

NOTHING = "0" * 64
"""The hash before the first record."""


@dataclass(frozen=True, slots=True)
class TaskFailure:
    """Standing work that failed: how often since the installation was made, when last and why; `is_well` once it succeeded again."""

    task: str
    failures: int
    last_at: datetime
    reason: str
    is_well: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Who did what to what, when and from where; `who` is a name of a person, `token NAME`, `command:NAME` or `system`."""

    at: datetime
    who: str
    address: str | None
    action: str
    subject: str | None


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """A deed as it is kept: the `number`-th of the chain. `seal` is None where it was written without a key."""

    number: int
    deed: Deed
    hash: str
    seal: str | None


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain, as a person notes it: `1204:ab12...`."""

    number: int
    hash: str

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"

    @classmethod
    def parse(cls, text: str) -> "Head":
        """Raises InvalidInput."""
        found = re.fullmatch(r"(\d{1,18}):([0-9a-f]{64})", text.strip())
        if found is None:
            raise InvalidInput("a head is NUMBER:HASH, as `ondol audit verify` prints it")
        return cls(int(found[1]), found[2])


@dataclass(frozen=True, slots=True)
class ChainState:
    """What is kept beside the records: the last one, and the last that retention dropped. `seal` is None without a key."""

    last: Head
    dropped: Head
    seal: str | None = None


@dataclass(frozen=True, slots=True)
class AuditKey:
    """What seals records from number `first` on. It stands in the settings, never in the database."""

    first: int
    secret: SecretStr

    @classmethod
    def parse(cls, text: SecretStr) -> "AuditKey | None":
        """From `NUMBER:SECRET`, which the settings have checked; None when there is none."""
        first, _, secret = text.get_secret_value().partition(":")
        return cls(int(first), SecretStr(secret)) if secret else None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditQuestion:
    """Which records: parts of who, action and subject, and a time from `start` to before `end`. None is any."""

    who: str | None = None
    action: str | None = None
    subject: str | None = None
    start: datetime | None = None
    end: datetime | None = None


class Fault(StrEnum):
    """What is wrong with a chain, at the number of the first record that is concerned."""

    CHANGED = "changed"  # its hash does not belong to it and to the record before
    REMOVED = "removed"
    INSERTED = "inserted"
    CUT_OFF = "cut off"  # it and all behind it
    UNSEALED = "unsealed"  # written without the key, or with another
    STATE_UNSEALED = "state unsealed"  # what is kept beside the records was written without the key
    HEAD_MISSING = "head missing"
    HEAD_DROPPED = "head dropped"  # older than what is kept, so that nothing can be said


@dataclass(frozen=True, slots=True)
class ChainReport:
    """`records` are in order, up to the fault where there is one. `is_sealed`: a key was at hand, and all has the seal that it has to."""

    records: int
    dropped: int
    head: Head
    is_sealed: bool
    fault: Fault | None = None
    at: int | None = None
    deed: Deed | None = None

    @property
    def ok(self) -> bool:
        """Whether nothing was found."""
        return self.fault is None
