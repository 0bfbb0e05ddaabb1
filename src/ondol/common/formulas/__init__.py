"""Formulas over points: `[b1.pv] - [b1.export]`, `[b1.heat] / [b1.electricity]`.

A point's key stands in square brackets; beside numbers, which may carry a unit (`450 m2`, `0.42 tCO2/MWh`), there are + - * / ( ) and
the functions `min`, `max`, `mean`, `abs`, `power` (an amount becomes a pace: kWh to kW) and `energy` (a pace becomes an amount). Units
are carried through every step: what does not add up is refused, never reinterpreted. A formula is data: nothing of it is ever run as code.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from ondol.common.errors import InvalidInput
from ondol.common.formulas.measures import Measure
from ondol.common.formulas.parts import Part, inputs_of, measure_part, split, value_of
from ondol.common.formulas.reader import read_parts
from ondol.common.formulas.units import from_base_units, in_base_units, measure_of
from ondol.common.messages import said

__all__ = ["LONGEST_FORMULA", "Formula", "Measure", "from_base_units", "in_base_units", "measure_of", "parse_formula"]

LONGEST_FORMULA = 500


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula that was read; `text` is how it was written."""

    text: str
    root: Part

    @property
    def inputs(self) -> list[str]:
        """Keys of the points, each once, as they come."""
        return list(dict.fromkeys(inputs_of(self.root)))

    def measure(self, inputs: Mapping[str, Measure]) -> Measure:
        """What the formula gives. Raises InvalidInput that names the first part whose units do not fit together."""
        return measure_part(self.root, inputs)

    @property
    def quotient(self) -> "tuple[Formula, Formula] | None":
        """The formula as one part over another, where it divides once by points: `1 - [a] / [b]` is `[b] - [a]` over `[b]`.

        Its mean over a span is the sum of the one over the sum of the other, no mean of quotients.
        """
        parts = split(self.root)
        return (Formula(self.text, parts[0]), Formula(self.text, parts[1])) if parts and parts[1] else None

    def value(self, columns: Mapping[str, pl.Expr], hours: pl.Expr) -> pl.Expr:
        """The formula over columns in base units, null where one of them is, or where no number comes of it."""
        value = value_of(self.root, columns, hours)
        return pl.when(value.is_finite()).then(value)


@lru_cache(1000)
def parse_formula(text: str) -> Formula:
    """Read a formula. Raises InvalidInput that says where it cannot be understood."""
    if len(text) > LONGEST_FORMULA:
        raise InvalidInput(
            said(
                "a formula has at most %(most)s characters; put a part of it into a point of its own",
                most=LONGEST_FORMULA,
            )
        )
    root = read_parts(text)
    if not any(inputs_of(root)):
        raise InvalidInput(
            said("the formula names no point; write the keys of points in square brackets: [building.meter]")
        )
    return Formula(text, root)
