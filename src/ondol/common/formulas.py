"""Formulas over points: `[b1.pv] - [b1.export]`, `[b1.heat] / [b1.electricity]`.

A point's key stands in square brackets; beside numbers, which may carry a unit (`450 m2`, `0.42 tCO2/MWh`), there are + - * / ( ) and
the functions `min`, `max`, `mean`, `abs`, `power` (an amount becomes a pace: kWh to kW) and `energy` (a pace becomes an amount). Units
are carried through every step: what does not add up is refused, never reinterpreted. A formula is data: nothing of it is ever run as code.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import add, mul, sub, truediv

import polars as pl

from ondol.common.errors import InvalidInput
from ondol.common.units import UNITS

LONGEST_FORMULA = 500
_DEEPEST = 20
_TOKEN = re.compile(
    r"\s*(?:\[([^\[\]]{1,200})\]|(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|([^\W\d]\w*(?:/[^\W\d]\w*)*|%)|([-+*/(),]))"
)

Dimensions = tuple[tuple[str, int], ...]
"""Powers of base dimensions, sorted: `(("energy", 1), ("time", -1))` is power."""

_COMPOUND: dict[str, Dimensions] = {
    "power": (("energy", 1), ("time", -1)),
    "flow": (("time", -1), ("volume", 1)),
    "reactive_power": (("reactive_energy", 1), ("time", -1)),
    "apparent_power": (("apparent_energy", 1), ("time", -1)),
    "irradiance": (("area", -1), ("energy", 1), ("time", -1)),
    "ratio": (),
    "power_factor": (),
}
_SCALES = {"ratio": 0.01, "irradiance": 1e-3}
"""What turns a dimension's base unit into the product of its parts: percent into 1, W/m2 into kW/m2."""

_CONSTANTS: dict[str, tuple[float, Dimensions]] = {
    "h": (1.0, (("time", 1),)), "min": (1 / 60, (("time", 1),)), "s": (1 / 3600, (("time", 1),)), "m2": (1.0, (("area", 1),)),
    "kg": (1.0, (("mass", 1),)),
}  # fmt: skip
"""Units that no point has: hours, square metres and kilograms are their base."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What a value is: its dimensions, whether it is an amount of its interval (energy) or a state (power, a ratio).

    `is_temperature` marks degrees on a scale, which may be compared and averaged but not added.
    """

    dimensions: Dimensions
    is_amount: bool = False
    is_temperature: bool = False


def measure_of(unit: str, *, is_amount: bool) -> Measure:
    """What a point of this unit gives. A unit that is not known is a dimension of its own."""
    known = UNITS.get(unit)
    dimension = known.dimension if known else unit
    if dimension == "temperature":
        return Measure((("temperature", 1),), is_temperature=True)
    return Measure(_COMPOUND.get(dimension, ((dimension, 1),) if dimension else ()), is_amount)


def in_base_units(unit: str, value: pl.Expr) -> pl.Expr:
    """Values of a point in the units that formulas reckon in."""
    known = UNITS.get(unit)
    if known is None:
        return value
    return (value * known.factor + known.offset) * _SCALES.get(known.dimension, 1.0)


def from_base_units(unit: str, value: pl.Expr, measure: Measure) -> pl.Expr:
    """What a formula gave, in the unit of its point; a difference of temperatures keeps no offset."""
    known = UNITS.get(unit)
    if known is None:
        return value
    offset = known.offset if measure.is_temperature else 0.0
    return (value / _SCALES.get(known.dimension, 1.0) - offset) / known.factor


@dataclass(frozen=True, slots=True)
class Number:
    """A constant in base units."""

    value: float
    measure: Measure


@dataclass(frozen=True, slots=True)
class Input:
    """The value of a point."""

    key: str


@dataclass(frozen=True, slots=True)
class Operation:
    """Two parts and what is done with them."""

    sign: str
    left: "Part"
    right: "Part"


@dataclass(frozen=True, slots=True)
class Call:
    """A function of some parts."""

    name: str
    arguments: "tuple[Part, ...]"


Part = Number | Input | Operation | Call


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula that was read; `text` is how it was written."""

    text: str
    root: Part

    @property
    def inputs(self) -> list[str]:
        """Keys of the points, each once, as they come."""
        return list(dict.fromkeys(_inputs(self.root)))

    def measure(self, inputs: Mapping[str, Measure]) -> Measure:
        """What the formula gives. Raises InvalidInput that names the first part whose units do not fit together."""
        return _measure(self.root, inputs)

    @property
    def quotient(self) -> "tuple[Formula, Formula] | None":
        """The formula as one part over another, where it divides once by points: `1 - [a] / [b]` is `[b] - [a]` over `[b]`.

        Its mean over a span is the sum of the one over the sum of the other, no mean of quotients.
        """
        split = _split(self.root)
        return (Formula(self.text, split[0]), Formula(self.text, split[1])) if split and split[1] else None

    def value(self, columns: Mapping[str, pl.Expr], hours: pl.Expr) -> pl.Expr:
        """The formula over columns in base units, null where one of them is, or where no number comes of it."""
        value = _value(self.root, columns, hours)
        return pl.when(value.is_finite()).then(value)


@lru_cache(1000)
def parse_formula(text: str) -> Formula:
    """Read a formula. Raises InvalidInput that says where it cannot be understood."""
    if len(text) > LONGEST_FORMULA:
        raise InvalidInput(
            f"a formula has at most {LONGEST_FORMULA} characters; put a part of it into a point of its own"
        )
    reader = _Reader(text, [*_tokens(text)])
    root = reader.sum(0)
    reader.expect_end()
    if not any(_inputs(root)):
        raise InvalidInput("the formula names no point; write the keys of points in square brackets: [building.meter]")
    return Formula(text, root)


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
                f"the formula cannot be read from {text[at : at + 20].strip()!r} on; points stand in square brackets, and beside numbers "
                "there are + - * / ( ) min max mean abs power energy"
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
                f"the formula is nested deeper than {_DEEPEST} times; put a part of it into a point of its own"
            )
        token = self._peek()
        if token is None:
            raise InvalidInput("the formula ends too early; a point, a number or a bracket is missing at its end")
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
        token = self._peek()
        if token is None or token.kind != "word":
            return Number(value, Measure(()))
        self._next += 1
        factor, offset, measure = _unit(token.text)
        return Number(value * factor + offset, measure)

    def _call(self, token: _Token, depth: int) -> Call:
        if token.text not in _FUNCTIONS:
            raise InvalidInput(
                f"{token.text!r} is no function; there are {', '.join(_FUNCTIONS)}, and points stand in square brackets: [{token.text}]"
            )
        self._expect("(")
        arguments = [self.sum(depth + 1)]
        while (sign := self._peek()) is not None and sign.text == ",":
            self._next += 1
            arguments.append(self.sum(depth + 1))
        self._expect(")")
        if token.text in _OF_ONE and len(arguments) != 1:
            raise InvalidInput(f"{token.text}(...) takes one value")
        return Call(token.text, tuple(arguments))

    def expect_end(self) -> None:
        token = self._peek()
        if token is not None:
            raise self._unexpected(token)

    def _expect(self, sign: str) -> None:
        token = self._peek()
        if token is None:
            raise InvalidInput(f"the formula ends too early; {sign!r} is missing at its end")
        if token.text != sign or token.kind != "sign":
            raise self._unexpected(token)
        self._next += 1

    def _peek(self) -> _Token | None:
        return self._tokens[self._next] if self._next < len(self._tokens) else None

    def _unexpected(self, token: _Token) -> InvalidInput:
        return InvalidInput(
            f"the formula cannot be read at {self._text[token.at : token.at + 20].strip()!r}; between two values stands one of + - * /"
        )


def _unit(text: str) -> tuple[float, float, Measure]:
    """`base = value * factor + offset` of a unit behind a number, also of one over another: `won/kWh`."""
    if text in _CONSTANTS:
        factor, dimensions = _CONSTANTS[text]
        return factor, 0.0, Measure(dimensions)
    if text in UNITS:
        unit = UNITS[text]
        scale = _SCALES.get(unit.dimension, 1.0)
        return unit.factor * scale, unit.offset * scale, measure_of(text, is_amount=False)
    upper, _, lower = text.rpartition("/")
    if not upper:
        raise InvalidInput(f"{text!r} after a number is no unit that formulas know; choose one of {_units()}")
    (above, _, measure), (below, _, divisor) = _unit(upper), _unit(lower)
    return above / below, 0.0, _quotient(measure, divisor)


def _units() -> str:
    return ", ".join([*UNITS, *_CONSTANTS])


def _inputs(part: Part) -> Iterator[str]:
    match part:
        case Input(key):
            yield key
        case Operation(_, left, right):
            yield from _inputs(left)
            yield from _inputs(right)
        case Call(_, arguments):
            for argument in arguments:
                yield from _inputs(argument)
        case Number():
            return


def _split(part: Part) -> tuple[Part, Part | None] | None:
    """What stands above and below the line, None below where nothing is divided; None where there is more than one line."""
    match part:
        case Operation("/", left, right):
            above, below = _split(left), _split(right)
            if above is None or below is None or below[1] is not None:
                return None
            if above[1] is None:
                is_divided = any(_inputs(right))
                return (left, right) if is_divided else (part, None)
            return None if any(_inputs(right)) else (Operation("/", above[0], right), above[1])
        case Operation(sign, left, right):
            above, beside = _split(left), _split(right)
            if above is None or beside is None or (above[1] and beside[1]):
                return None
            if above[1] is None and beside[1] is None:
                return part, None
            return _over_one_line(sign, above, beside)
        case Call(_, arguments):
            return (part, None) if all((it := _split(argument)) and it[1] is None for argument in arguments) else None
        case _:
            return part, None


def _over_one_line(
    sign: str, left: tuple[Part, Part | None], right: tuple[Part, Part | None]
) -> tuple[Part, Part | None]:
    """Two parts, one of them over something, as one part over that."""
    below = left[1] or right[1]
    assert below is not None
    if sign == "*":
        return Operation("*", left[0], right[0]), below
    above = left[0] if left[1] else Operation("*", left[0], below)
    other = right[0] if right[1] else Operation("*", right[0], below)
    return Operation(sign, above, other), below


def _measure(part: Part, inputs: Mapping[str, Measure]) -> Measure:
    match part:
        case Number(_, measure):
            return measure
        case Input(key):
            return inputs[key]
        case Operation(sign, left, right):
            return _COMBINED[sign](_measure(left, inputs), _measure(right, inputs))
        case Call(name, arguments):
            return _FUNCTIONS[name]([_measure(argument, inputs) for argument in arguments])


def _sum(left: Measure, right: Measure) -> Measure:
    _check_alike(left, right, "added")
    if left.is_temperature and right.is_temperature:
        raise InvalidInput("two temperatures cannot be added; their mean is mean(a, b)")
    return Measure(left.dimensions, left.is_amount, left.is_temperature or right.is_temperature)


def _difference(left: Measure, right: Measure) -> Measure:
    _check_alike(left, right, "subtracted")
    if right.is_temperature and not left.is_temperature:
        raise InvalidInput("a temperature cannot be taken from a difference of temperatures; swap the two")
    return Measure(left.dimensions, left.is_amount, left.is_temperature and not right.is_temperature)


def _product(left: Measure, right: Measure) -> Measure:
    _check_no_temperature(left, right)
    if left.is_amount and right.is_amount:
        raise InvalidInput("two amounts cannot be multiplied; turn one into a pace with power(...)")
    return Measure(_joined(left.dimensions, right.dimensions, 1), left.is_amount or right.is_amount)


def _quotient(left: Measure, right: Measure) -> Measure:
    _check_no_temperature(left, right)
    if right.is_amount and not left.is_amount:
        raise InvalidInput("only an amount can be divided by an amount; turn the lower one into a pace with power(...)")
    return Measure(_joined(left.dimensions, right.dimensions, -1), left.is_amount and not right.is_amount)


def _check_no_temperature(*measures: Measure) -> None:
    if any(measure.is_temperature for measure in measures):
        raise InvalidInput(
            "a temperature cannot be multiplied or divided, since its zero is arbitrary; a difference of two can"
        )


def _check_alike(left: Measure, right: Measure, done: str) -> None:
    if left.dimensions != right.dimensions:
        raise InvalidInput(
            f"{_words(left)} and {_words(right)} cannot be {done}; use power(...) or energy(...), or factors with a unit"
        )
    if left.is_amount != right.is_amount:
        raise InvalidInput(
            f"an amount of an interval and a steady value cannot be {done}: an amount depends on how long the interval is; use power(...)"
        )


def _words(measure: Measure) -> str:
    parts = [name + (f"^{power}" if power != 1 else "") for name, power in measure.dimensions]
    return " ".join(parts) or "a plain number"


def _joined(left: Dimensions, right: Dimensions, direction: int) -> Dimensions:
    powers = dict(left)
    for name, power in right:
        powers[name] = powers.get(name, 0) + direction * power
    return tuple(sorted((name, power) for name, power in powers.items() if power))


def _alike(measures: list[Measure]) -> Measure:
    for other in measures[1:]:
        _check_alike(measures[0], other, "compared")
        if other.is_temperature != measures[0].is_temperature:
            raise InvalidInput("a temperature and a difference of temperatures cannot be compared")
    return measures[0]


def _pace(measures: list[Measure]) -> Measure:
    if not measures[0].is_amount:
        raise InvalidInput("power(...) takes an amount: a register or a total; what is a power already needs none")
    return Measure(_joined(measures[0].dimensions, (("time", 1),), -1))


def _amount(measures: list[Measure]) -> Measure:
    if measures[0].is_amount or measures[0].is_temperature:
        raise InvalidInput("energy(...) takes a pace such as a power; what is an amount already needs none")
    return Measure(_joined(measures[0].dimensions, (("time", 1),), 1), is_amount=True)


_COMBINED = {"+": _sum, "-": _difference, "*": _product, "/": _quotient}
_FUNCTIONS: dict[str, Callable[[list[Measure]], Measure]] = {
    "min": _alike, "max": _alike, "mean": _alike, "abs": _alike, "power": _pace, "energy": _amount,
}  # fmt: skip
_OF_ONE = frozenset({"abs", "power", "energy"})
_DONE: dict[str, Callable[[pl.Expr, pl.Expr], pl.Expr]] = {"+": add, "-": sub, "*": mul, "/": truediv}


def _value(part: Part, columns: Mapping[str, pl.Expr], hours: pl.Expr) -> pl.Expr:
    match part:
        case Number(value, _):
            return pl.lit(value, pl.Float64)
        case Input(key):
            return columns[key]
        case Operation(sign, left, right):
            return _DONE[sign](_value(left, columns, hours), _value(right, columns, hours))
        case Call(name, arguments):
            return _called(name, [_value(argument, columns, hours) for argument in arguments], hours)


def _called(name: str, values: list[pl.Expr], hours: pl.Expr) -> pl.Expr:
    """A missing value is never passed over: null where any is."""
    match name:
        case "abs":
            return values[0].abs()
        case "power":
            return values[0] / hours
        case "energy":
            return values[0] * hours
        case "mean":
            return reduce(add, values) / len(values)
        case _:
            found = pl.min_horizontal(values) if name == "min" else pl.max_horizontal(values)
            return pl.when(~pl.any_horizontal(value.is_null() for value in values)).then(found)
