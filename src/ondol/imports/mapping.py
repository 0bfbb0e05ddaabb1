"""Mapping files: YAML that says what the columns of which files hold.

- file: "hall-*.csv"
  time: Timestamp
  timezone: Europe/London
  stamp: end
  columns:
    Main kWh: {point: hall.electricity, quantity: electricity, unit: kWh, kind: interval}
    T1: {point: hall.lobby.temperature, quantity: temperature, unit: degC}
"""

from dataclasses import replace
from fnmatch import fnmatch
from pathlib import PurePath
from typing import Any, cast

import yaml

from ondol.common.errors import InvalidInput
from ondol.common.messages import said
from ondol.imports.model import KIND_WORDS, ColumnRule, FileRule, ImportOptions
from ondol.sites.model import PointKind, PointRole

MOST_CHARACTERS = 200_000
_TEXTS = {
    "time": "time_column", "value": "value_column", "point": "point", "quantity": "quantity", "unit": "unit", "timezone": "timezone",
    "date_format": "date_format", "delimiter": "delimiter", "encoding": "encoding", "sheet": "sheet",
}  # fmt: skip
_NUMBERS = {"multiplier"}
_FLAGS = {"zero_is_missing", "decimal_comma"}
_COLUMN_KEYS = {"point", "quantity", "unit", "kind", "role"}


def parse_mapping(text: str, file: str) -> tuple[FileRule, ...]:
    """The rules of a mapping file, for `ImportOptions.mapping`. Raises InvalidInput with the entry that is wrong."""
    try:
        content = _load(text, file)
    except RecursionError:
        raise InvalidInput(
            said("%(file)s is nested too deeply; a mapping file is a list of entries", file=file)
        ) from None
    except (yaml.YAMLError, ValueError) as error:
        raise InvalidInput(
            said("%(file)s is not valid YAML: %(split)s", file=file, split=" ".join(str(error).split()))
        ) from None
    entries = cast("list[Any]", content if isinstance(content, list) else [content])
    return tuple(_rule(entry, f"{file}, entry {number}") for number, entry in enumerate(entries, start=1))


def _load(text: str, file: str) -> Any:
    """The content of YAML. Aliases are refused: a few lines of them stand for gigabytes."""
    if len(text) > MOST_CHARACTERS:
        raise InvalidInput(
            said(
                "%(file)s has %(text)s characters (limit %(most_characters)s); split it.",
                file=file,
                text=f"{len(text):,}",
                most_characters=f"{MOST_CHARACTERS:,}",
            )
        )
    if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=yaml.SafeLoader)):
        raise InvalidInput(said("%(file)s: aliases (*name) are not read; write each entry out.", file=file))
    return yaml.safe_load(text)


def options_for(options: ImportOptions, file: str) -> ImportOptions:
    """The options with those of the first mapping rule whose pattern matches the file's name or path."""
    path = PurePath(file).as_posix()
    for rule in options.mapping:
        if fnmatch(PurePath(file).name, rule.file) or fnmatch(path, rule.file) or fnmatch(path, f"*/{rule.file}"):
            return replace(options, **rule.settings)
    if options.mapping:
        patterns = ", ".join(rule.file for rule in options.mapping)
        raise InvalidInput(
            said(
                '%(file)s matches no entry of the mapping file (%(patterns)s); add one, or `file: "*"`.',
                file=file,
                patterns=patterns,
            )
        )
    return options


def _rule(entry: Any, where: str) -> FileRule:
    fields = _mapping(entry, where)
    allowed = {"file", "columns", "stamp", "kind", "role", *_TEXTS, *_FLAGS, *_NUMBERS}
    _refuse_unknown(fields, allowed, where)
    settings: dict[str, Any] = {}
    for key, value in fields.items():
        if key in _TEXTS:
            settings[_TEXTS[key]] = str(value)
            settings |= {"is_timezone_given": True} if key == "timezone" else {}
        elif key in _NUMBERS:
            settings[key] = _number(value, f"{where}: {key}")
        elif key in _FLAGS:
            settings[key] = _flag(value, f"{where}: {key}")
        elif key == "kind":
            settings["kind"] = _kind(value, where)
        elif key == "role":
            settings["role"] = _role(value, where)
        elif key == "stamp":
            settings["stamp"] = _one_of(value, {"start", "end"}, f"{where}: stamp")
        elif key == "columns":
            columns = _mapping(value, f"{where}: columns")
            settings["columns"] = {name: _column(rule, f"{where}: column {name!r}") for name, rule in columns.items()}
    return FileRule(str(fields.get("file", "*")), settings)


def _column(rule: Any, where: str) -> ColumnRule:
    """A column's rule; a bare text is the point's key."""
    fields = {"point": rule} if isinstance(rule, str) else _mapping(rule, where)
    _refuse_unknown(fields, _COLUMN_KEYS, where)
    texts = {key: str(value) for key, value in fields.items() if key not in ("kind", "role")}
    kind = _kind(fields["kind"], where) if "kind" in fields else None
    role = _role(fields["role"], where) if "role" in fields else None
    return ColumnRule(**texts, kind=kind, role=role)


def _mapping(value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InvalidInput(
            said("%(where)s: expected `name: value` pairs, found %(value)s.", where=where, value=repr(value))
        )
    return {str(key): item for key, item in cast("dict[Any, Any]", value).items()}


def _refuse_unknown(fields: dict[str, Any], allowed: set[str], where: str) -> None:
    if unknown := sorted(set(fields) - allowed):
        raise InvalidInput(
            said(
                "%(where)s: unknown %(unknown)s; possible are %(allowed)s.",
                where=where,
                unknown=", ".join(unknown),
                allowed=", ".join(sorted(allowed)),
            )
        )


def _kind(value: Any, where: str) -> PointKind:
    words = {**KIND_WORDS, **{kind.value: kind for kind in PointKind}}
    return words[_one_of(value, set(words), f"{where}: kind")]


def _role(value: Any, where: str) -> PointRole:
    return PointRole(_one_of(value, {role.value for role in PointRole}, f"{where}: role"))


def _one_of(value: Any, choices: set[str], where: str) -> str:
    if not isinstance(value, str) or value not in choices:
        raise InvalidInput(
            said(
                "%(where)s: %(value)s is none of %(choices)s.",
                where=where,
                value=repr(value),
                choices=", ".join(sorted(choices)),
            )
        )
    return str(value)


def _number(value: Any, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e9:
        raise InvalidInput(said("%(where)s: %(value)s is no number above 0.", where=where, value=repr(value)))
    return float(value)


def _flag(value: Any, where: str) -> bool:
    if not isinstance(value, bool):
        raise InvalidInput(said("%(where)s: %(value)s is neither true nor false.", where=where, value=repr(value)))
    return value
