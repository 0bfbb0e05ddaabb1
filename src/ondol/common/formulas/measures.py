"""What the values in a formula are: dimensions with their powers, amounts or what is steady, and what comes of two of them."""

from collections.abc import Callable
from dataclasses import dataclass

from ondol.common.errors import InvalidInput
from ondol.common.messages import said

Dimensions = tuple[tuple[str, int], ...]
"""Powers of base dimensions, sorted: `(("energy", 1), ("time", -1))` is power."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What a value is: its dimensions, whether it is an amount of its interval (energy) or a state (power, a ratio).

    `is_temperature` marks degrees on a scale, which may be compared and averaged but not added.
    """

    dimensions: Dimensions
    is_amount: bool = False
    is_temperature: bool = False


def _sum(left: Measure, right: Measure) -> Measure:
    _check_alike(left, right)
    if left.is_temperature and right.is_temperature:
        raise InvalidInput(said("two temperatures cannot be added; their mean is mean(a, b)"))
    return Measure(left.dimensions, left.is_amount, left.is_temperature or right.is_temperature)


def _difference(left: Measure, right: Measure) -> Measure:
    _check_alike(left, right)
    if right.is_temperature and not left.is_temperature:
        raise InvalidInput(said("a temperature cannot be taken from a difference of temperatures; swap the two"))
    return Measure(left.dimensions, left.is_amount, left.is_temperature and not right.is_temperature)


def _product(left: Measure, right: Measure) -> Measure:
    _check_no_temperature(left, right)
    if left.is_amount and right.is_amount:
        raise InvalidInput(said("two amounts cannot be multiplied; turn one into a pace with power(...)"))
    return Measure(_joined(left.dimensions, right.dimensions, 1), left.is_amount or right.is_amount)


def _quotient(left: Measure, right: Measure) -> Measure:
    _check_no_temperature(left, right)
    if right.is_amount and not left.is_amount:
        raise InvalidInput(
            said("only an amount can be divided by an amount; turn the lower one into a pace with power(...)")
        )
    return Measure(_joined(left.dimensions, right.dimensions, -1), left.is_amount and not right.is_amount)


def _check_no_temperature(*measures: Measure) -> None:
    if any(measure.is_temperature for measure in measures):
        raise InvalidInput(
            said("a temperature cannot be multiplied or divided, since its zero is arbitrary; a difference of two can")
        )


def _check_alike(left: Measure, right: Measure) -> None:
    if left.dimensions != right.dimensions:
        raise InvalidInput(
            said(
                "%(one)s and %(other)s cannot be added, subtracted or compared; use power(...) or energy(...), or factors with a unit",
                one=_words(left),
                other=_words(right),
            )
        )
    if left.is_amount != right.is_amount:
        raise InvalidInput(
            said(
                "an amount of an interval and a steady value cannot be added, subtracted or compared: an amount depends on how long "
                "the interval is; use power(...)"
            )
        )


def _words(measure: Measure) -> str:
    parts = [name + (f"^{power}" if power != 1 else "") for name, power in measure.dimensions]
    return " ".join(parts) or said("a plain number")


def _joined(left: Dimensions, right: Dimensions, direction: int) -> Dimensions:
    powers = dict(left)
    for name, power in right:
        powers[name] = powers.get(name, 0) + direction * power
    return tuple(sorted((name, power) for name, power in powers.items() if power))


def _alike(measures: list[Measure]) -> Measure:
    for other in measures[1:]:
        _check_alike(measures[0], other)
        if other.is_temperature != measures[0].is_temperature:
            raise InvalidInput(said("a temperature and a difference of temperatures cannot be compared"))
    return measures[0]


def _pace(measures: list[Measure]) -> Measure:
    if not measures[0].is_amount:
        raise InvalidInput(
            said("power(...) takes an amount: a register or a total; what is a power already needs none")
        )
    return Measure(_joined(measures[0].dimensions, (("time", 1),), -1))


def _amount(measures: list[Measure]) -> Measure:
    if measures[0].is_amount or measures[0].is_temperature:
        raise InvalidInput(said("energy(...) takes a pace such as a power; what is an amount already needs none"))
    return Measure(_joined(measures[0].dimensions, (("time", 1),), 1), is_amount=True)


COMBINED: dict[str, Callable[[Measure, Measure], Measure]] = {
    "+": _sum,
    "-": _difference,
    "*": _product,
    "/": _quotient,
}
FUNCTIONS: dict[str, Callable[[list[Measure]], Measure]] = {
    "min": _alike, "max": _alike, "mean": _alike, "abs": _alike, "power": _pace, "energy": _amount,
}  # fmt: skip
