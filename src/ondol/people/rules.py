"""What passwords, names and the reach of people have to be, by rules that need no store."""

import itertools
import string
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator
from enum import StrEnum

from ondol.common.access import Role
from ondol.common.errors import InvalidInput
from ondol.common.mail import is_address
from ondol.common.messages import said

RESERVED_NAMES = frozenset({"system", "command", "first start", "worker", "server", "ondol", "visitor"})
"""What Ondol itself is called in the audit, and what would be taken for it."""
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_ALIKE = str.maketrans(
    "аеорсухіјѕԁһӏкмтвнԝɡαορ",
    "aeopcyxijsdhlkmtbhwgaop",
)
"""Cyrillic and Greek letters that look like those of the reserved words."""
SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200


def check_name(name: str) -> None:
    """Raises InvalidInput for a name that stands for Ondol itself."""
    if any(unicodedata.category(sign) in _UNSEEN for sign in name):
        raise InvalidInput(said("a name has no characters that cannot be seen; leave them out"))
    if skeleton_of(name) in RESERVED_NAMES:
        raise InvalidInput(said("the name %(name)s stands for Ondol itself; choose another", name=repr(name)))


def checked_address(email: str) -> str:
    """The address without spaces around it. Raises InvalidInput when it is none."""
    email = email.strip()
    if not is_address(email):
        raise InvalidInput(said("this is no e-mail address: write one such as kim@example.com"))
    return email


def skeleton_of(name: str) -> str:
    """What a reader sees of a name: names with the same one are taken for each other."""
    seen = "".join(sign for sign in _folded(name) if unicodedata.category(sign) not in _UNSEEN)
    return " ".join(_folded(seen).translate(_ALIKE).split())


def check_reach(role: Role, buildings: Collection[str] | None, tenants: Collection[str]) -> None:
    """Raises InvalidInput where the role leaves no choice of buildings or tenants."""
    if role is Role.ADMIN and buildings is not None:
        raise InvalidInput(
            said("an administrator reaches every building; leave the buildings out, or choose another role")
        )
    if tenants and role is not Role.TENANT:
        raise InvalidInput(said("only a person of the role tenant is limited to tenants; name buildings instead"))
    if role is Role.TENANT and buildings is not None:
        raise InvalidInput(said("a tenant sees the spaces of tenants, not buildings; name tenants instead"))


class PasswordFault(StrEnum):
    """Why a password is refused; doors put it into words."""

    TOO_SHORT = "too short"
    TOO_LONG = "too long"
    COMMON = "common"
    NAMES_YOU = "names you"
    UNCHANGED = "unchanged"


class UnfitPassword(InvalidInput):
    """A new password that is refused; `fault` says why."""

    def __init__(self, fault: PasswordFault) -> None:
        super().__init__(_SENTENCES[fault])
        self.fault = fault


_SENTENCES = {
    PasswordFault.TOO_SHORT: f"a password has at least {SHORTEST_PASSWORD} characters; three or four words make a good one",
    PasswordFault.TOO_LONG: f"a password has at most {LONGEST_PASSWORD} characters; choose a shorter one",
    PasswordFault.COMMON: "the password is tried first, or one nearly like it; put three or four words in a row that nobody expects",
    PasswordFault.NAMES_YOU: (
        "the password is little more than the user name, the e-mail address or Ondol; "
        "choose words that nobody connects with the account"
    ),
    PasswordFault.UNCHANGED: "the new password is the present one; choose another",
}


_OURS = ("ondol", "온돌", "energy", "building", "admin", "관리자", "비밀번호", "qlalfqjsgh", "dkssudgktpdy")
"""Who guesses tries these here; the last two are Korean words on a keyboard that is set to English."""
_LITTLE = 6
"""So many signs more at the ends of a word make no password of it."""
_SHORTEST_NAME = 3
_TRIMMINGS = string.digits + string.punctuation + " "
_SPELLED = str.maketrans("0134578@$!", "oieastbasi")
"""Signs that stand for letters."""


def fault_of(password: str, names: Iterable[str], common: Collection[str]) -> PasswordFault | None:
    """What is wrong with a new password of a person of these names, None when it is good. `common` is in lower case."""
    if len(password) < SHORTEST_PASSWORD:
        return PasswordFault.TOO_SHORT
    if len(password) > LONGEST_PASSWORD:
        return PasswordFault.TOO_LONG
    text = _folded(password)
    known = {_folded(part) for name in names for part in (name, *name.split("@")) if len(part) >= _SHORTEST_NAME}
    if _is_made_of(text, lambda word: word in known or word in _OURS, common):
        return PasswordFault.NAMES_YOU
    if _is_monotonous(text) or _is_made_of(text, lambda word: word in common, common):
        return PasswordFault.COMMON
    return None


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _is_made_of(text: str, is_known: Callable[[str], bool], common: Collection[str]) -> bool:
    """Whether the text is such a word: as it is, several times over, spelled with signs, or with a little or something common more."""
    if is_known(text) or is_known(text[: _period(text)]):
        return True
    for core in _cores(text):
        before, _, after = text.partition(core)
        more = before + after
        if len(more) <= _LITTLE or more in common:
            words = (core, core.translate(_SPELLED), core.translate(_SPELLED).replace(" ", ""))
            if any(is_known(word) or is_known(word[: _period(word)]) for word in words):
                return True
    return False


def _cores(text: str) -> Iterator[str]:
    """What is left without digits and signs at the ends."""
    for core in (text, text.strip(_TRIMMINGS), text.rstrip(_TRIMMINGS), text.lstrip(_TRIMMINGS)):
        if core:
            yield core


def _period(text: str) -> int:
    """The length of what the text repeats, its own when it repeats nothing."""
    return next((n for n in range(1, len(text)) if text[n:] == text[:-n]), len(text))


def _is_monotonous(text: str) -> bool:
    """Few signs over and over, or one after the other as they stand in the alphabet."""
    steps = {ord(after) - ord(before) for before, after in itertools.pairwise(text)}
    if text.isdigit():
        steps = {(step + 1) % 10 - 1 for step in steps}  # 0 follows 9
    return len(set(text)) < 4 or _period(text) <= 4 or steps in ({-1}, {1})
