"""What is said to people, before a door puts it into words: a key with values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

Value = str | float


@dataclass(frozen=True, slots=True)
class Message:
    """`key` names a sentence, `values` are what stands in it: numbers in the unit that their name carries, instants as RFC 3339."""

    key: str
    values: Mapping[str, Value]


class Sentence(str):
    """An English sentence that knows its `template` and `values`, so that a door can put it into the reader's words.

    To everything else it is its English text. `str()` of it, or of an error made with it, gives itself; a pickle keeps it.
    """

    template: str
    values: Mapping[str, object]

    def __new__(cls, template: str, values: Mapping[str, object]) -> Self:
        sentence = super().__new__(cls, template % values)
        sentence.template = template
        sentence.values = values
        return sentence

    def __str__(self) -> str:
        return self

    def __reduce__(self) -> tuple[type[Self], tuple[str, Mapping[str, object]]]:
        return type(self), (self.template, self.values)


def said(template: str, /, **values: object) -> str:
    """A Sentence with its values in the places `%(name)s`; a percent sign is written `%%`. Values may be sentences."""
    return Sentence(template, values)


def in_a_row(parts: Iterable[str], between: str = ", ") -> str:
    """A Sentence of parts one after the other, each of which keeps its template."""
    values = {f"part_{number}": part for number, part in enumerate(parts)}
    return Sentence(between.replace("%", "%%").join(f"%({name})s" for name in values), values)
