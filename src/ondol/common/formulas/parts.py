"""The parts of a formula as they were read: numbers, points, operations and functions, and what becomes of them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import add, mul, sub, truediv

import polars as pl

from ondol.common.formulas.measures import COMBINED, FUNCTIONS, Measure


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


def inputs_of(part: Part) -> Iterator[str]:
    match part:
        case Input(key):
            yield key
        case Operation(_, left, right):
            yield from inputs_of(left)
            yield from inputs_of(right)
        case Call(_, arguments):
            for argument in arguments:
                yield from inputs_of(argument)
        case Number():
            return


def split(part: Part) -> tuple[Part, Part | None] | None:
    """What stands above and below the line, None below where nothing is divided; None where there is more than one line."""
    match part:
        case Operation("/", left, right):
            above, below = split(left), split(right)
            if above is None or below is None or below[1] is not None:
                return None
            if above[1] is None:
                is_divided = any(inputs_of(right))
                return (left, right) if is_divided else (part, None)
            return None if any(inputs_of(right)) else (Operation("/", above[0], right), above[1])
        case Operation(sign, left, right):
            above, beside = split(left), split(right)
            if above is None or beside is None or (above[1] and beside[1]):
                return None
            if above[1] is None and beside[1] is None:
                return part, None
            return _over_one_line(sign, above, beside)
        case Call(_, arguments):
            return (part, None) if all((it := split(argument)) and it[1] is None for argument in arguments) else None
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


def measure_part(part: Part, inputs: Mapping[str, Measure]) -> Measure:
    match part:
        case Number(_, measure):
            return measure
        case Input(key):
            return inputs[key]
        case Operation(sign, left, right):
            return COMBINED[sign](measure_part(left, inputs), measure_part(right, inputs))
        case Call(name, arguments):
            return FUNCTIONS[name]([measure_part(argument, inputs) for argument in arguments])


_DONE: dict[str, Callable[[pl.Expr, pl.Expr], pl.Expr]] = {"+": add, "-": sub, "*": mul, "/": truediv}


def value_of(part: Part, columns: Mapping[str, pl.Expr], hours: pl.Expr) -> pl.Expr:
    match part:
        case Number(value, _):
            return pl.lit(value, pl.Float64)
        case Input(key):
            return columns[key]
        case Operation(sign, left, right):
            return _DONE[sign](value_of(left, columns, hours), value_of(right, columns, hours))
        case Call(name, arguments):
            return _called(name, [value_of(argument, columns, hours) for argument in arguments], hours)


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
