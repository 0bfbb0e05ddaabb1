"""What each series of a file is: its point, quantity, unit, kind and interval."""

from collections import Counter
from dataclasses import dataclass, replace

import polars as pl

from ondol.common.errors import InvalidInput
from ondol.common.instants import DAY_S
from ondol.common.messages import said
from ondol.common.units import UNITS, find_unit, several_meanings
from ondol.imports.header_words import SCALED, says
from ondol.imports.kinds import decide_kind
from ondol.imports.model import ColumnRule, ImportOptions, SeriesSpec
from ondol.imports.naming import Meaning, designation, meaning_of, slug, unit_in, unit_of, unknown_unit_in, usual_unit
from ondol.imports.periods import Period
from ondol.imports.table import is_unnamed
from ondol.sites.model import PointKind, PointRole

_METERED = {"energy", "volume", "power"}
_FINE_S = 300
"""Readings closer than this come from devices, which count in Wh and joules as often as in kWh."""
_ASKED = {"power", "volume", "flow", "current"}
"""Dimensions whose usual unit is no safer guess than another: W and kW, m3 and gallons are as frequent."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A series as the columns show it: its column, the label of its rows in a long file, its unit if something beside it names one."""

    column: str
    label: str | None
    unit: str | None
    period: Period
    has_ends: bool

    @property
    def named(self) -> str:
        """What people call it."""
        return self.label or self.column


def rule_for(candidate: Candidate, options: ImportOptions) -> ColumnRule:
    """What a mapping file says of the series, by its column or its label."""
    rules = {name.strip().casefold(): rule for name, rule in options.columns.items()}
    named = [text.strip().casefold() for text in (candidate.label, candidate.column) if text]
    return next((rules[name] for name in named if name in rules), ColumnRule())


def measures(candidate: Candidate, options: ImportOptions, file: str) -> Meaning:
    """Quantity and unit of a series, by rule, option, header or file name. Raises InvalidInput when none tells."""
    rule = rule_for(candidate, options)
    beside = unit_of(candidate.unit) if candidate.unit else None
    own = unit_in(candidate.column) or (beside.symbol if beside else None) or unit_in(candidate.label or "")
    guess = (meaning_of(candidate.label, None, own) if candidate.label else None) or meaning_of(
        candidate.column, file, own
    )
    quantity = rule.quantity or options.quantity or (guess.quantity if guess else None)
    unit = rule.unit or options.unit
    if unit is None:
        _refuse_unknown_unit(candidate, options, file)
    symbol = (
        unit
        or own
        or (guess.unit if guess and guess.quantity == quantity else None)
        or (usual_unit(quantity) if quantity else None)
    )
    if quantity is None:
        raise InvalidInput(
            said(
                "%(file)s: cannot tell what %(named)s measures; give --quantity and --unit, or a --mapping file.",
                file=file,
                named=repr(candidate.named),
            )
        )
    if not symbol:
        raise InvalidInput(
            said(
                "%(file)s: %(named)s names no unit and %(quantity)s has no usual one; give --unit.",
                file=file,
                named=repr(candidate.named),
                quantity=quantity,
            )
        )
    known = find_unit(symbol)
    is_assumed = unit is None and own is None
    is_fine = 0 < candidate.period.seconds < _FINE_S
    if is_assumed and (
        is_unnamed(candidate.column) or _is_asked(symbol, candidate) or (is_fine and is_metered(symbol))
    ):
        raise InvalidInput(
            said(
                "%(file)s: nothing names the unit of %(named)s; give --unit, such as --unit %(symbol)s, or a unit in a --mapping file.",
                file=file,
                named=repr(candidate.named),
                symbol=symbol,
            )
        )
    return Meaning(quantity, known.symbol if known else symbol, unit is None and own is None)


def _is_asked(symbol: str, candidate: Candidate) -> bool:
    """Whether the usual unit is too likely not to be the one that is meant. Korean meters of gas and water count m3."""
    is_korean = any("가" <= sign <= "힣" for sign in candidate.column)
    unit = UNITS.get(symbol)
    return unit is not None and unit.dimension in _ASKED and not (is_korean and unit.dimension == "volume")


def _refuse_unknown_unit(candidate: Candidate, options: ImportOptions, file: str) -> None:
    """A unit that is named and not known is asked for: the usual one would be a number that is silently wrong."""
    own = unit_in(candidate.column)
    scaled = next(
        (text for text in (candidate.column, candidate.unit, candidate.label) if text and says(SCALED, text)), None
    )
    if scaled and options.multiplier is None:
        raise InvalidInput(
            said(
                "%(file)s: %(scaled)s counts in multiples or parts of a unit; give --unit, and --multiplier with how many of it one is.",
                file=file,
                scaled=repr(scaled),
            )
        )
    named = candidate.unit if not own and candidate.unit and unit_of(candidate.unit) is None else None
    text = named or (None if own else unknown_unit_in(candidate.column))
    if text is None:
        return
    known = several_meanings(text) or several_meanings(text.split("(")[0]) or ", ".join(UNITS)
    raise InvalidInput(
        said(
            "%(file)s: %(named)s is in %(text)s, which is no unit that converts; give --unit, or a unit in a --mapping file: %(known)s.",
            file=file,
            named=repr(candidate.named),
            text=repr(text),
            known=known,
        )
    )


def is_metered(unit: str) -> bool:
    """Whether a zero of the unit may stand for a missing reading of a meter."""
    known = UNITS.get(unit)
    return known is not None and known.dimension in _METERED


def specify(
    candidate: Candidate, meaning: Meaning, frame: pl.DataFrame, options: ImportOptions, file: str
) -> SeriesSpec:
    """The specification of a series but for its point key and role. `frame` has `time_us` and `value` in order of time."""
    rule = rule_for(candidate, options)
    given = rule.kind or options.kind
    unit = _unit_by_values(meaning, frame["value"])
    decision = decide_kind(candidate.column, candidate.label, unit, frame, options.timezone)
    kind = given or decision.kind
    why = [
        said("unit %(unit)s: assumed, nothing names it", unit=unit)
        if meaning.unit_inferred
        else said("unit %(unit)s", unit=unit)
    ]
    why += [] if given or not decision.why else [decision.why]
    question = None if given else decision.question
    if kind is PointKind.TOTAL and not candidate.has_ends and not candidate.period.is_known and question is None:
        question = said(
            "the times are too few or too irregular to tell the interval of each amount; give "
            "--kind register if it is a counter, or --kind measurement"
        )
    inferred = {
        "quantity": not (rule.quantity or options.quantity),
        "unit": meaning.unit_inferred,
        "kind": given is None,
        "point": not (rule.point or options.point),
        "role": not (rule.role or options.role),
    }
    seconds = candidate.period.seconds if candidate.period.seconds <= DAY_S else 0
    return SeriesSpec(
        rule.point or options.point or "", meaning.quantity, unit, kind,
        None if kind is PointKind.TOTAL_INCREASING else seconds or None,
        candidate.column, frozenset(name for name, is_guess in inferred.items() if is_guess),
        rule.role or options.role or PointRole.MAIN, tuple(why),
        question and said("%(file)s: %(named)s: %(question)s.", file=file, named=repr(candidate.named), question=question
        ), None if given else decision.otherwise,
        candidate.label,
    )  # fmt: skip


def with_points(specs: list[SeriesSpec], labels: list[str | None], file: str, building_key: str) -> list[SeriesSpec]:
    """The specifications with point keys; a counter beside the amounts that it counts is kept apart as `..._register`."""
    amounts = {spec.quantity for spec in specs if spec.kind is PointKind.TOTAL}
    specs = [
        replace(spec, quantity=f"{spec.quantity}_register")
        if spec.kind is PointKind.TOTAL_INCREASING and "quantity" in spec.inferred and spec.quantity in amounts
        and spec.role is PointRole.CHECK
        else spec
        for spec in specs
    ]  # fmt: skip
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
            said(
                "%(file)s: several series would be stored as %(repeated)s; give each its point in a --mapping file.",
                file=file,
                repeated=repeated[0],
            )
        )
    return result


def _stem(spec: SeriesSpec, label: str | None, file: str, building_key: str) -> str:
    if label is not None:
        own = label.startswith(f"{building_key}.")
        return label if own else f"{building_key}.{'.'.join(slug(part) for part in label.split('/'))}"
    parts = [building_key, spec.quantity, designation(file, building_key)]
    return ".".join(part for part in parts if part)


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
