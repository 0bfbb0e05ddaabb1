"""Reading a formula: sums of products of factors, from left to right."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import isfinite

from ondol.common.errors import InvalidInput
from ondol.common.formulas.measures import FUNCTIONS, Measure
from ondol.common.formulas.parts import Call, Input, Number, Operation, Part
from ondol.common.formulas.units import unit_of
from ondol.common.messages import said

_DEEPEST = 20
_TOKEN = re.compile(
    r"\s*(?:\[([^\[\]]{1,200})\]|(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|([^\W\d]\w*(?:/[^\W\d]\w*)*|%)|([-+*/(),]))"
)

_OF_ONE = frozenset({"abs", "power", "energy"})


def read_parts(text: str) -> Part:
    """The whole of a formula. Raises InvalidInput that says where it cannot be understood."""
    reader = _Reader(text, [*_tokens(text)])
    root = reader.sum(0)
    reader.expect_end()
    return root


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


def _tokens(text: str) -> Iterator[_Token]:
    at, end = 0, len(text.rstrip())
    while at < end:
        found = _TOKEN.match(text, at)
        if found is None:
            raise InvalidInput(
                said(
                    "the formula cannot be read from %(text)s on; points stand in square brackets, and beside numbers there are "
                    "+ - * / ( ) min max mean abs power energy",
                    text=repr(text[at : at + 20].strip()),
                )
            )
        kind = ("key", "number", "word", "sign")[(found.lastindex or 1) - 1]
        yield _Token(kind, found[found.lastindex or 1], at)
        at = found.end()


class _Reader:
    """Reads sums of products of factors, from left to right."""

    def __init__(self, text: str, tokens: list[_Token]) -> None:
        self._text = text
        self._tokens = tokens
        self._next = 0

    def sum(self, depth: int) -> Part:
        return self._chain(("+", "-"), self._product, depth)

    def _product(self, depth: int) -> Part:
        return self._chain(("*", "/"), self._factor, depth)

    def _chain(self, signs: tuple[str, ...], read: Callable[[int], Part], depth: int) -> Part:
        part = read(depth)
        while (sign := self._peek()) is not None and sign.text in signs and sign.kind == "sign":
            self._next += 1
            part = Operation(sign.text, part, read(depth))
        return part

    def _factor(self, depth: int) -> Part:
        if depth > _DEEPEST:
            raise InvalidInput(
                said(
                    "the formula is nested deeper than %(most)s times; put a part of it into a point of its own",
                    most=_DEEPEST,
                )
            )
        token = self._peek()
        if token is None:
            raise InvalidInput(said("the formula ends too early; a point, a number or a bracket is missing at its end"))
        self._next += 1
        if token.kind == "key":
            return Input(token.text.strip())
        if token.kind == "number":
            return self._number(float(token.text))
        if token.kind == "word":
            return self._call(token, depth)
        if token.text == "-":
            return Operation("*", Number(-1.0, Measure(())), self._factor(depth + 1))
        if token.text == "(":
            part = self.sum(depth + 1)
            self._expect(")")
            return part
        raise self._unexpected(token)

    def _number(self, value: float) -> Number:
        if not isfinite(value):
            raise InvalidInput(
                said("a number in the formula is larger than can be reckoned with; write it in another unit")
            )
        token = self._peek()
        if token is None or token.kind != "word":
            return Number(value, Measure(()))
        self._next += 1
        factor, offset, measure = unit_of(token.text)
        return Number(value * factor + offset, measure)

    def _call(self, token: _Token, depth: int) -> Call:
        if token.text not in FUNCTIONS:
            raise InvalidInput(
                said(
                    "%(word)s is no function; there are %(functions)s, and points stand in square brackets: [%(point)s]",
                    word=repr(token.text),
                    functions=", ".join(FUNCTIONS),
                    point=token.text,
                )
            )
        self._expect("(")
        arguments = [self.sum(depth + 1)]
        while (sign := self._peek()) is not None and sign.text == ",":
            self._next += 1
            arguments.append(self.sum(depth + 1))
        self._expect(")")
        if token.text in _OF_ONE and len(arguments) != 1:
            raise InvalidInput(said("%(function)s(...) takes one value", function=token.text))
        return Call(token.text, tuple(arguments))

    def expect_end(self) -> None:
        token = self._peek()
        if token is not None:
            raise self._unexpected(token)

    def _expect(self, sign: str) -> None:
        token = self._peek()
        if token is None:
            raise InvalidInput(said("the formula ends too early; %(sign)s is missing at its end", sign=repr(sign)))
        if token.text != sign or token.kind != "sign":
            raise self._unexpected(token)
        self._next += 1

    def _peek(self) -> _Token | None:
        return self._tokens[self._next] if self._next < len(self._tokens) else None

    def _unexpected(self, token: _Token) -> InvalidInput:
        return InvalidInput(
            said(
                "the formula cannot be read at %(text)s; between two values stands one of + - * /",
                text=repr(self._text[token.at : token.at + 20].strip()),
            )
        )
