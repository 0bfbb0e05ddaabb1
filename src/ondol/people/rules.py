"""What a password has to be, by rules that need no store."""

from enum import StrEnum

from ondol.common.errors import InvalidInput

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200


class PasswordFault(StrEnum):
    """Why a password is refused; doors put it into words."""

    TOO_SHORT = "too short"
    TOO_LONG = "too long"
    UNCHANGED = "unchanged"


class UnfitPassword(InvalidInput):
    """A new password that is refused; `fault` says why."""

    def __init__(self, fault: PasswordFault) -> None:
        super().__init__(_SENTENCES[fault])
        self.fault = fault


_SENTENCES = {
    PasswordFault.TOO_SHORT: f"a password has at least {SHORTEST_PASSWORD} characters; three or four words make a good one",
    PasswordFault.TOO_LONG: f"a password has at most {LONGEST_PASSWORD} characters; choose a shorter one",
    PasswordFault.UNCHANGED: "the new password is the present one; choose another",
}


def fault_of(password: str) -> PasswordFault | None:
    """What is wrong with a new password, None when it is good."""
    if len(password) < SHORTEST_PASSWORD:
        return PasswordFault.TOO_SHORT
    if len(password) > LONGEST_PASSWORD:
        return PasswordFault.TOO_LONG
    return None
