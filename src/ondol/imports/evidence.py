"""Which of a table's columns are readings: judged by header, unit, values and neighbours, never by hope.

Identifiers, constants, numbers of hours, types of records and long integers are no readings, whatever the file is called.
"""

import re
from dataclasses import dataclass

import polars as pl

from ondol.common.errors import InvalidInput
from ondol.common.messages import in_a_row, said
from ondol.common.units import UNITS
from ondol.imports import header_words as words
from ondol.imports.header_words import is_called, says
from ondol.imports.model import ImportOptions
from ondol.imports.naming import meaning_of, unit_in, unknown_unit_in
from ondol.imports.numbers import is_missing, numeric_share
from ondol.imports.table import ROW_NAMES, Table, looks_like_date, named_column

_SAMPLE = 20
_LONG_DIGITS = 8
_SMALL = 100
_FEWEST = 3
_METERED = {"energy", "power", "volume", "flow"}


@dataclass(frozen=True, slots=True)
class _Verdict:
    """Whether a column is a reading: sure, plausible (nothing says what of), or none; and why."""

    column: str
    is_sure: bool
    is_plausible: bool
    why: str


def choose_values(
    table: Table, free: list[str], identity: list[str], unit: str | None, options: ImportOptions, file: str
) -> tuple[list[str], list[str]]:
    """The columns of readings among the free ones, and notes on those that were left out. Raises InvalidInput with what to give."""
    names = table.cells.columns
    if names_columns(names, options) or (options.columns and not identity):
        return [named_column(names, name, "mapping", file) for name in options.columns], []
    if options.value_column:
        return [named_column(names, options.value_column, "--value", file)], []
    says_unit = unit is not None or bool(identity) or table.unit_above is not None or options.unit is not None
    verdicts = [_judge(table.cells[name], says_unit) for name in free]
    sure = [verdict.column for verdict in verdicts if verdict.is_sure]
    plausible = [verdict.column for verdict in verdicts if verdict.is_plausible and not verdict.is_sure]
    readings, unknown = sure, plausible
    if (
        not sure
        and len(plausible) == 1
        and (meaning_of(plausible[0], file) or options.quantity or options.unit or identity)
    ):
        # One column that nothing else explains: what the file is called, or was said, may.
        readings, unknown = plausible, []
    numbers = [verdict.column for verdict in verdicts if verdict.why in _NO_AMOUNTS]
    if not readings and not plausible and len(numbers) == 1 and (options.quantity or options.unit or options.kind):
        # Whoever says what the one column of numbers holds knows more than its values tell.
        readings = numbers
    readings = _without_extremes(readings)
    if options.quantity and len(readings) > 1:
        readings = [name for name in readings if _measures(name, file, options.quantity)] or readings
    if not readings:
        raise InvalidInput(_no_values(unknown, verdicts, table, file))
    _check_single(readings, options, file)
    left = [verdict for verdict in verdicts if verdict.column not in readings and verdict.column not in unknown]
    return readings, _notes_on(left, unknown)


def names_columns(names: list[str], options: ImportOptions) -> bool:
    """Whether the rules by name are for columns; else they are for meters that rows name."""
    folded = {name.casefold() for name in names}
    return any(name.strip().casefold() in folded for name in options.columns)


def _check_single(readings: list[str], options: ImportOptions, file: str) -> None:
    if len(readings) > 1 and (options.point or options.quantity or options.unit or options.kind):
        shown = ", ".join(readings)
        raise InvalidInput(
            said(
                "%(file)s has several columns of readings (%(shown)s); name one with --value, or all in a --mapping file.",
                file=file,
                shown=shown,
            )
        )


def _judge(texts: pl.Series, has_unit_beside: bool) -> _Verdict:
    """One column by its own header and values; `has_unit_beside` where a column of units or names says what rows are."""
    name = texts.name
    share = numeric_share(texts)
    if share is None or share < 0.5:
        return _Verdict(name, False, False, "is empty" if share is None else "holds words")
    if name == ROW_NAMES or _is_time(texts):
        return _Verdict(name, False, False, "holds times" if name != ROW_NAMES else said("numbers the rows"))
    unit = unit_in(name)
    if says(words.MONEY, name) and (unit is None or UNITS[unit].dimension not in _METERED):
        return _Verdict(name, False, False, "is money")
    if says(words.STAND_BEFORE, name) or is_called(words.MULTIPLIER, name):
        return _Verdict(name, False, False, said("belongs to the reading beside it"))
    is_energy = unit is None or UNITS[unit].dimension in ("energy", "volume")
    if says(words.PLAN, name):
        return _Verdict(name, False, False, said("is planned, rated or reckoned, not measured"))
    if is_energy and unit is not None and says(words.STATISTIC, name):
        return _Verdict(name, False, False, said("is reckoned over several intervals"))
    if unit is None and (is_called(words.NOT_READINGS, name) or is_called(words.CODES, name)):
        return _Verdict(name, False, False, said("is called as no measured quantity"))
    meaning = meaning_of(name)
    if unit is not None or unknown_unit_in(name) is not None:
        return _Verdict(name, meaning is not None, True, "")
    why = _no_amount(texts)
    is_metered = meaning is not None and UNITS.get(meaning.unit) and UNITS[meaning.unit].dimension in _METERED
    if why and (meaning is None or is_metered) and not (has_unit_beside and why == _CONSTANT):
        return _Verdict(name, False, False, why)
    return _Verdict(name, meaning is not None, True, "")


_CONSTANT = said("is one and the same number")
_IDENTIFIERS = said("holds long whole numbers, as identifiers are")
_ROWS = said("counts the rows")
_CYCLE = said("counts hours or days over and over")
_NO_AMOUNTS = {_CONSTANT, _IDENTIFIERS, _ROWS, _CYCLE}


def _no_amount(texts: pl.Series) -> str | None:
    """Why numbers without a unit are no amounts: what identifiers, counters of rows, hours and types look like."""
    held = texts.filter(~is_missing(texts))
    numbers = held.cast(pl.Float64, strict=False).drop_nulls()
    if len(numbers) < _FEWEST:
        return None
    if numbers.n_unique() == 1:
        return _CONSTANT
    if not held.str.contains(r"^\d+$").all():
        return None
    if held.str.len_chars().min() == held.str.len_chars().max() and _shortest(held) >= _LONG_DIGITS:
        return _IDENTIFIERS
    steps = numbers.diff().drop_nulls()
    if (steps == 1).all():
        return _ROWS
    return _cycle(numbers)


def _shortest(held: pl.Series) -> int:
    shortest = held.str.len_chars().min()
    return shortest if isinstance(shortest, int) else 0


def _cycle(numbers: pl.Series) -> str | None:
    """Whether small whole numbers run through the same turn again and again: hours of a day, days of a week."""
    highest = numbers.max()
    if not isinstance(highest, float) or highest > _SMALL:
        return None
    steps = numbers.diff().drop_nulls()
    ups = int((steps == 1).sum()) + int((steps == 0).sum())
    return _CYCLE if ups >= 0.9 * len(steps) and (steps == 1).sum() > 0.5 * len(steps) else None


def _without_extremes(readings: list[str]) -> list[str]:
    """Without the least, the most and the spread of a power or energy whose mean stands beside them."""
    has_mean = any(says(words.MEAN, name) for name in readings)
    plain = [
        name
        for name in readings
        if not (says(words.EXTREME, name) and not says(words.DEMAND, re.sub("(?i)max(imum)?", "", name)) and has_mean)
    ]
    return plain or readings


def _notes_on(left: list[_Verdict], unknown: list[str]) -> list[str]:
    named = [verdict for verdict in left if verdict.column != ROW_NAMES]
    notes = []
    if named:
        shown = in_a_row(
            said("%(column)s (%(why)s)", column=verdict.column, why=verdict.why) if verdict.why else verdict.column
            for verdict in named
        )
        notes.append(said("Left out, no readings: %(shown)s.", shown=shown))
    if unknown:
        notes.append(
            said(
                "Left out, quantity unknown: %(unknown)s; name them in a --mapping file to read them.",
                unknown=", ".join(unknown),
            )
        )
    return notes


def _no_values(unknown: list[str], verdicts: list[_Verdict], table: Table, file: str) -> str:
    unknown = unknown or [verdict.column for verdict in verdicts if verdict.why == _CONSTANT]
    if unknown:
        return said(
            "%(file)s: cannot tell what %(columns)s measures; give --quantity and --unit, or a --mapping file.",
            file=file,
            columns=", ".join(map(repr, unknown[:5])),
        )
    return said(
        "%(file)s, line %(line)s: no column holds numbers that are readings; give --value COLUMN, or --delimiter "
        "if the columns are cut wrongly.",
        file=file,
        line=table.lines[0],
    )


def _measures(column: str, file: str, quantity: str) -> bool:
    meaning = meaning_of(column, file)
    return meaning is not None and meaning.quantity == quantity


def _is_time(texts: pl.Series) -> bool:
    held = texts.filter(texts != "").head(_SAMPLE)
    return not held.is_empty() and all(looks_like_date(text) for text in held)
