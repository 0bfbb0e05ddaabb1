"""What each series of a file is: its point, quantity, unit, kind and interval."""

from collections import Counter
from dataclasses import dataclass, replace

import polars as pl

from ondol.common.errors import InvalidInput
from ondol.common.units import AMBIGUOUS, UNITS, find_unit
from ondol.imports.model import ColumnRule, ImportOptions, SeriesSpec
from ondol.imports.naming import (
    Meaning,
    designation,
    meaning_of,
    says_register,
    slug,
    unit_in,
    unknown_unit_in,
    usual_unit,
)
from ondol.imports.table import is_unnamed
from ondol.sites.model import PointKind

_AMOUNTS = {"energy", "volume", "reactive_energy", "apparent_energy", "emission", "money", "mm"}
_METERED = {"energy", "volume", "power"}
_FEW = 48  # a run of this many values that never falls is a counter even when its name does not say so


@dataclass(frozen=True, slots=True)
class Candidate:
    """A series as the columns show it: its column, the label of its rows in a long file, its unit if a column names one."""

    column: str
    label: str | None
    unit: str | None
    spacing_s: int


def measures(candidate: Candidate, options: ImportOptions, file: str) -> Meaning:
    """Quantity and unit of a series, by rule, option, header or file name. Raises InvalidInput when none tells."""
    rule = options.columns.get(candidate.column, ColumnRule())
    named = f"{candidate.label} [{candidate.unit}]" if candidate.unit else candidate.label
    guess = (meaning_of(named, file) if named else None) or meaning_of(candidate.column, file)
    quantity = rule.quantity or options.quantity or (guess.quantity if guess else None)
    unit = rule.unit or options.unit
    if unit is None:
        _refuse_unknown_unit(candidate, file)
    guessed_unit = (
        candidate.unit or unit_in(candidate.column) or (guess.unit if guess and guess.quantity == quantity else None)
    )
    symbol = unit or guessed_unit or (usual_unit(quantity) if quantity else None)
    name = named or candidate.column
    if quantity is None:
        raise InvalidInput(
            f"{file}: cannot tell what {name!r} measures; give --quantity and --unit, or a --mapping file."
        )
    if symbol is None:
        raise InvalidInput(f"{file}: {name!r} names no unit and {quantity} has no usual one; give --unit.")
    if unit is None and named is None and is_unnamed(candidate.column):
        # The name of a file alone is no evidence of a unit: a thousand times too much looks right, too.
        raise InvalidInput(
            f"{file}: {name!r} has no header, and nothing names its unit; give --unit, such as --unit {symbol}."
        )
    known = find_unit(symbol)
    return Meaning(quantity, known.symbol if known else symbol, unit is None)


def _refuse_unknown_unit(candidate: Candidate, file: str) -> None:
    """A unit that is named and not known is asked for: the usual one would be a number that is silently wrong."""
    named = candidate.unit if candidate.unit and find_unit(candidate.unit) is None else None
    text = named or (None if unit_in(candidate.column) else unknown_unit_in(candidate.column))
    if text is None:
        return
    meant = AMBIGUOUS.get(text.strip().casefold())
    known = f"{meant}" if meant else ", ".join(UNITS)
    raise InvalidInput(
        f"{file}: {candidate.column!r} is in {text!r}, which is no unit that converts; give --unit, or a unit in a --mapping file: {known}."
    )


def is_metered(unit: str) -> bool:
    """Whether a zero of the unit may stand for a missing reading of a meter."""
    known = UNITS.get(unit)
    return known is not None and known.dimension in _METERED


def specify(candidate: Candidate, meaning: Meaning, values: pl.Series, options: ImportOptions, file: str) -> SeriesSpec:
    """The specification of a series but for its point key. `values` are in order of time."""
    rule = options.columns.get(candidate.column, ColumnRule())
    given = rule.kind or options.kind
    kind = given or _kind(candidate, meaning.unit, values)
    if kind is PointKind.TOTAL and not candidate.spacing_s:
        raise InvalidInput(
            f"{file}: the times of {candidate.column!r} are too few or too irregular to tell the interval of each amount; "
            "give --kind register if it is a counter, or --kind measurement."
        )
    regular = candidate.spacing_s or None
    inferred = {
        "quantity": not (rule.quantity or options.quantity),
        "unit": meaning.unit_inferred,
        "kind": given is None,
        "point": not (rule.point or options.point),
    }
    unit = _unit_by_values(meaning, values)
    guessed = frozenset(name for name, is_guess in inferred.items() if is_guess)
    interval_s = None if kind is PointKind.TOTAL_INCREASING else regular
    return SeriesSpec(
        rule.point or options.point or "", meaning.quantity, unit, kind, interval_s, candidate.column, guessed
    )


def with_points(specs: list[SeriesSpec], labels: list[str | None], file: str, building_key: str) -> list[SeriesSpec]:
    """The specifications with point keys; a counter beside the amounts that it counts is kept apart as `..._register`."""
    amounts = {spec.quantity for spec in specs if spec.kind is PointKind.TOTAL}
    specs = [
        replace(spec, quantity=f"{spec.quantity}_register")
        if spec.kind is PointKind.TOTAL_INCREASING and "quantity" in spec.inferred and spec.quantity in amounts
        else spec
        for spec in specs
    ]
    counts = Counter(_stem(spec, label, file, building_key) for spec, label in zip(specs, labels, strict=True))
    result: list[SeriesSpec] = []
    for spec, label in zip(specs, labels, strict=True):
        key = spec.point or _stem(spec, label, file, building_key)
        if not spec.point and counts[key] > 1:
            key = f"{key}.{slug(spec.column)}"
        result.append(replace(spec, point=key.replace("{building}", building_key)))
    repeated = [key for key, count in Counter(spec.point for spec in result).items() if count > 1]
    if repeated:
        raise InvalidInput(
            f"{file}: several series would be stored as {repeated[0]}; give each its point in a --mapping file."
        )
    return result


def _stem(spec: SeriesSpec, label: str | None, file: str, building_key: str) -> str:
    if label is not None:
        own = label.startswith(f"{building_key}.")
        return label if own else f"{building_key}.{'.'.join(slug(part) for part in label.split('/'))}"
    parts = [building_key, spec.quantity, designation(file, building_key)]
    return ".".join(part for part in parts if part)


def _kind(candidate: Candidate, unit: str, values: pl.Series) -> PointKind:
    known = UNITS.get(unit)
    if (known.dimension if known else unit) not in _AMOUNTS:
        return PointKind.MEASUREMENT
    return PointKind.TOTAL_INCREASING if _counts_up(values, says_register(candidate.column)) else PointKind.TOTAL


def _counts_up(values: pl.Series, named_so: bool) -> bool:
    """Whether values in time order are the stands of a counter: hardly ever falling, and large against their steps."""
    steps = values.diff().drop_nulls()
    rising = steps.filter(steps > 0)
    allowed = 0.02 if named_so else 0.002
    if rising.is_empty() or (steps < 0).sum() > allowed * len(steps):
        return False
    middle, step = values.median(), rising.median()
    is_large = isinstance(middle, float) and isinstance(step, float) and middle > 10 * step
    return named_so or (len(values) >= _FEW and is_large)


def _unit_by_values(meaning: Meaning, values: pl.Series) -> str:
    """Units that only the values tell: a power factor of 73 is in percent, an occupancy of 0 and 1 is a state."""
    highest = values.max()
    if not meaning.unit_inferred or not isinstance(highest, float):
        return meaning.unit
    if meaning.unit == "pf" and highest > 1.5:
        return "%"
    if meaning.unit == "people" and highest <= 1:
        return "count"
    return meaning.unit
