"""Green Button: interval readings as XML (NAESB ESPI), from utilities of North America.

A ReadingType says unit, power of ten, commodity, direction and how values accumulate; the IntervalBlocks hold them.
Codes: ESPI 1.1 (NAESB REQ.21), as in its schema espi.xsd.
"""

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass

import polars as pl

from ondol.common.errors import InvalidInput
from ondol.common.instants import SECOND_US, format_instant
from ondol.common.messages import said
from ondol.imports.model import REJECTS
from ondol.imports.opened import OpenedFile
from ondol.imports.table import Known, Table

_UNITS = {
    "72": "Wh",
    "38": "W",
    "169": "therm",
    "132": "Btu",
    "119": "ft3",
    "42": "m3",
    "128": "US gal",
    "73": "varh",
    "71": "VAh",
}
_COMMODITIES = {"0": "electricity", "1": "electricity", "7": "gas", "9": "water"}
_DIRECTIONS = {"1": "import", "19": "export", "4": "net"}
_STANDS = {"1", "3", "9", "12"}  # bulk, cumulative, indicating, instantaneous counts of a register


@dataclass(frozen=True, slots=True)
class _ReadingType:
    label: str
    unit: str
    scale: float


def read(opened: OpenedFile) -> Table | None:
    """A row for each reading: what it is, unit, start, end and value."""
    if "<" not in opened.head[:20] or "espi" not in opened.head.casefold():
        return _refuse_other_xml(opened)
    if re.search(r"<!(DOCTYPE|ENTITY)", opened.text[0]):
        raise InvalidInput(
            said(
                "%(name)s is XML with a document type, which is not read; give the file as the utility made it.",
                name=opened.name,
            )
        )
    try:
        root = ET.fromstring(opened.text[0].encode())  # noqa: S314  see above
    except ET.ParseError as error:
        raise InvalidInput(
            said(
                "%(name)s is broken XML (%(error)s); download the Green Button file again.",
                name=opened.name,
                error=error,
            )
        ) from None
    rows: list[tuple[str, str, str, str, str]] = []
    kind: _ReadingType | None = None
    kinds = [_reading_type(element, opened) for element in root.iter() if _name(element) == "ReadingType"]
    position = 0
    for element in root.iter():
        if _name(element) == "ReadingType":
            kind, position = kinds[position], position + 1
        elif _name(element) == "IntervalBlock":
            about = kind or (kinds[0] if len(kinds) == 1 else None) or _given(opened)
            rows += _readings(element, about, opened)
    if not rows:
        raise InvalidInput(said("%(name)s is Green Button XML without interval readings.", name=opened.name))
    names = ("reading", "unit", "start", "end", "value")
    return Table(
        pl.int_range(1, len(rows) + 1, dtype=pl.UInt32, eager=True).alias("line"),
        pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row"),
        pl.DataFrame(schema=REJECTS),
        [*opened.text[1], said("The file is Green Button XML; its lines are counted by reading.")],
        known=Known(time="start", end="end", identity=("reading",), unit="unit", values=("value",)),
    )  # fmt: skip


def _refuse_other_xml(opened: OpenedFile) -> None:
    if opened.head.lstrip("\ufeff \r\n").startswith("<?xml"):
        raise InvalidInput(
            said("%(name)s is XML and no Green Button file; save the readings as .csv or .xlsx.", name=opened.name)
        )


def _name(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _text(element: ET.Element, name: str) -> str:
    return next(((child.text or "").strip() for child in element.iter() if _name(child) == name), "")


def _reading_type(element: ET.Element, opened: OpenedFile) -> _ReadingType:
    code, power = _text(element, "uom"), _text(element, "powerOfTenMultiplier") or "0"
    unit = _UNITS.get(code)
    if unit is None:
        known = ", ".join(f"{code} {unit}" for code, unit in _UNITS.items())
        raise InvalidInput(
            said(
                "%(name)s is Green Button XML in the unit of code %(code)s, which is not read: %(known)s.",
                name=opened.name,
                code=repr(code),
                known=known,
            )
        )
    if not re.fullmatch(r"-?\d{1,2}", power):
        raise InvalidInput(
            said(
                "%(name)s is Green Button XML with the power of ten %(power)s; it is a whole number.",
                name=opened.name,
                power=repr(power[:20]),
            )
        )
    commodity = _text(element, "commodity") or "1"
    if commodity not in _COMMODITIES:
        known = ", ".join(f"{code} {name}" for code, name in _COMMODITIES.items())
        raise InvalidInput(
            said(
                "%(name)s is Green Button XML of the commodity %(commodity)s, which is not read: %(known)s.",
                name=opened.name,
                commodity=repr(commodity),
                known=known,
            )
        )
    words = [_COMMODITIES[commodity], _DIRECTIONS.get(_text(element, "flowDirection"), "")]
    words += ["meter reading"] if _text(element, "accumulationBehaviour") in _STANDS else []
    return _ReadingType(" ".join(filter(None, words)) or "electricity", unit, 10.0 ** int(power))


def _given(opened: OpenedFile) -> _ReadingType:
    if opened.options.unit is None:
        raise InvalidInput(
            said(
                "%(name)s is Green Button XML without a ReadingType, so nothing says the unit of its values; give --unit, "
                "such as --unit Wh.",
                name=opened.name,
            )
        )
    return _ReadingType(opened.options.quantity or "electricity", opened.options.unit, 1.0)


def _readings(block: ET.Element, about: _ReadingType, opened: OpenedFile) -> list[tuple[str, str, str, str, str]]:
    rows: list[tuple[str, str, str, str, str]] = []
    for element in block.iter():
        if _name(element) != "IntervalReading":
            continue
        start, duration, value = (_text(element, name) for name in ("start", "duration", "value"))
        if not (
            re.fullmatch(r"\d{1,10}", start)
            and re.fullmatch(r"\d{1,8}", duration)
            and re.fullmatch(r"-?\d{1,15}", value)
        ):
            raise InvalidInput(
                said(
                    "%(name)s is Green Button XML with a reading that is no start, duration and value: %(start)s, "
                    "%(duration)s, %(value)s.",
                    name=opened.name,
                    start=repr(start),
                    duration=repr(duration),
                    value=repr(value),
                )
            )
        begin, end = (format_instant(second * SECOND_US) for second in (int(start), int(start) + int(duration)))
        rows.append((about.label, about.unit, begin, end, repr(int(value) * about.scale)))
    return rows
