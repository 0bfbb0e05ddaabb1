"""What is said to people, before a door puts it into words: a key with values."""

from collections.abc import Mapping
from dataclasses import dataclass

Value = str | float


@dataclass(frozen=True, slots=True)
class Message:
    """`key` names a sentence, `values` are what stands in it: numbers in the unit that their name carries, instants as RFC 3339."""

    key: str
    values: Mapping[str, Value]
