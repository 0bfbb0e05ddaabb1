"""InfluxQL, as far as clients ask it of `sensor_readings`: what is asked for, or an InvalidInput that says where it ends."""

import re
from dataclasses import replace
from zoneinfo import ZoneInfo

from ondol.common.calendar import check_timezone
from ondol.common.errors import InvalidInput
from ondol.common.instants import epoch_us, parse_instant
from ondol.history.rules.influxql_statements import (
    AGGREGATES,
    TRANSFORMS,
    Bounds,
    Column,
    Either,
    Make,
    Select,
    Show,
    Statement,
    TagTest,
)

LONGEST_STATEMENT = 10_000
_LONGEST_AVERAGE = 10_000
_UNITS_US = {
    "u": 1,
    "µ": 1,
    "us": 1,
    "ms": 1000,
    "s": 10**6,
    "m": 60 * 10**6,
    "h": 3600 * 10**6,
    "d": 86_400 * 10**6,
    "w": 604_800 * 10**6,
}
_TOKEN = re.compile(
    r"""\s*(?:
    (?P<duration>\d+(?:ns|us|µ|ms|[usmhdw])(?:\d+(?:ms|[smhdw]))*)
    |(?P<number>\d+(?:\.\d+)?)
    |"(?P<name>(?:[^"\\]|\\.)*)"
    |'(?P<text>(?:[^'\\]|\\.)*)'
    |(?P<word>[A-Za-z_][A-Za-z_0-9]*)
    |(?P<sign>=~|!~|!=|<>|>=|<=|::|[-+*/=<>(),.;])
    )""",
    re.VERBOSE,
)
_REGEX = re.compile(r"\s*/((?:[^/\\]|\\.)*)/")


def parse_statements(text: str, now_us: int) -> list[Statement]:
    """The statements between semicolons. Raises InvalidInput."""
    if len(text) > LONGEST_STATEMENT:
        raise InvalidInput(f"error parsing query: it is longer than {LONGEST_STATEMENT:,} characters")
    parser = _Parser(text, now_us)
    found: list[Statement] = []
    while not parser.is_at_end():
        if parser.took(";"):
            continue
        found.append(parser.statement())
    if not found:
        raise InvalidInput('missing required parameter "q"')
    return found


class _Parser:
    """Reads token by token; words are compared in lower case."""

    def __init__(self, text: str, now_us: int) -> None:
        self._text, self._position, self._now_us = text, 0, now_us

    def is_at_end(self) -> bool:
        return not self._text[self._position :].strip()

    def statement(self) -> Statement:
        word = self._word()
        if word == "select":
            return self._select()
        if word == "show":
            return self._show()
        if word == "create" and self.took("database"):
            self._position = (self._text + ";").index(";", self._position)
            return Make()
        raise InvalidInput(
            f"error parsing query: {word.upper()!r} is not understood: Ondol answers SELECT and SHOW, and only reads"
        )

    # What stands next

    def _match(self) -> re.Match[str]:
        found = _TOKEN.match(self._text, self._position)
        if found is None:
            raise InvalidInput(f"error parsing query: unexpected {self._text[self._position :][:30].strip()!r}")
        return found

    def took(self, *wanted: str) -> str | None:
        """The next word or sign, taken when it is one of these."""
        if self.is_at_end():
            return None
        found = _TOKEN.match(self._text, self._position)
        if found is None or found.lastgroup not in ("word", "sign") or found[found.lastgroup].lower() not in wanted:
            return None
        self._position = found.end()
        return found[found.lastgroup].lower()

    def _need(self, wanted: str) -> None:
        if self.took(wanted) is None:
            raise InvalidInput(
                f"error parsing query: found {self._text[self._position :][:30].strip()!r}, expected {wanted.upper()}"
            )

    def _word(self) -> str:
        found = self._match()
        if found.lastgroup != "word":
            raise InvalidInput(f"error parsing query: unexpected {found[0].strip()!r}")
        self._position = found.end()
        return found["word"].lower()

    def _identifier(self) -> str:
        found = self._match()
        if found.lastgroup not in ("word", "name"):
            raise InvalidInput(f"error parsing query: unexpected {found[0].strip()!r}, expected a name")
        self._position = found.end()
        name = re.sub(r"\\(.)", r"\1", found[found.lastgroup])
        if self.took("::"):
            self._word()
        return name

    def _integer(self) -> int:
        found = self._match()
        if found.lastgroup != "number" or "." in found["number"]:
            raise InvalidInput(f"error parsing query: unexpected {found[0].strip()!r}, expected a number")
        self._position = found.end()
        return int(found["number"])

    def _duration_us(self) -> int:
        found = self._match()
        if found.lastgroup != "duration":
            raise InvalidInput(f"error parsing query: unexpected {found[0].strip()!r}, expected a duration such as 1h")
        self._position = found.end()
        return _us_of(found["duration"])

    # Statements

    def _select(self) -> Select:
        columns = [self._column()]
        while self.took(","):
            columns.append(self._column())
        self._need("from")
        self._measurement()
        select = Select(columns, Either((), needs_all=True), Bounds())
        if self.took("where"):
            select.where = self._conditions(select.bounds)
        self._grouping(select)
        if self.took("order"):
            self._need("by")
            self._need("time")
            select.is_newest_first = self.took("asc", "desc") == "desc"
        while word := self.took("limit", "offset", "slimit", "soffset"):
            number = self._integer()
            if word == "limit":
                select.limit = number
            elif word == "offset":
                select.offset = number
        if self.took("tz"):
            select.zone = self._zone()
        self._end()
        return select

    def _zone(self) -> ZoneInfo:
        self._need("(")
        found = self._match()
        self._position = found.end()
        self._need(")")
        name = (found["text"] or found["name"] or "").strip()
        try:
            check_timezone(name)
            return ZoneInfo(name)
        except InvalidInput as error:
            raise InvalidInput(f"unable to find time zone {name}; name one as Asia/Seoul") from error

    def _end(self) -> None:
        if not self.is_at_end() and self.took(";") is None:
            raise InvalidInput(f"error parsing query: unexpected {self._text[self._position :][:30].strip()!r}")

    def _column(self) -> Column:
        if self.took("*"):
            return Column("*", "*")
        column = self._term()
        column = replace(column, maths=self._maths())
        return replace(column, title=self._alias(column.title))

    def _term(self) -> Column:
        name = self._identifier()
        if not self.took("("):
            return Column(name, name)
        function = name.lower()
        if function in TRANSFORMS:
            return self._transform(function)
        if function not in AGGREGATES:
            raise InvalidInput(f"{name}() is not known; choose one of {', '.join([*AGGREGATES, *TRANSFORMS])}")
        of = "value" if self.took("*") else self._identifier()
        self._need(")")
        return Column(function, of, function)

    def _transform(self, function: str) -> Column:
        """`derivative(mean("value"), 1s)`: of an aggregate's rows."""
        inner = self._term()
        if inner.aggregate is None or inner.transform is not None:
            raise InvalidInput(
                f"{function}() is answered of an aggregate's rows: {function}(mean(value)) with GROUP BY time()"
            )
        parameter: int | None = None
        if TRANSFORMS[function] and self.took(","):
            parameter = self._duration_us() if TRANSFORMS[function] == "duration" else self._integer()
        if function == "moving_average" and not (parameter and 2 <= parameter <= _LONGEST_AVERAGE):
            raise InvalidInput(
                f"moving_average() takes a number of rows between 2 and {_LONGEST_AVERAGE} behind a comma"
            )
        if parameter == 0:
            raise InvalidInput(f"{function}() takes a duration of a microsecond or more")
        self._need(")")
        return replace(inner, title=function, transform=function, parameter=parameter)

    def _maths(self) -> tuple[tuple[str, float], ...]:
        """Signs with numbers behind them, which are applied from left to right: mixed signs of two kinds are refused."""
        found: list[tuple[str, float]] = []
        while sign := self.took("*", "/", "+", "-"):
            negative = self.took("-") is not None
            number = self._match()
            if number.lastgroup != "number":
                raise InvalidInput(
                    f"error parsing query: only numbers are understood behind {sign!r}: mean(value) {sign} 1000"
                )
            self._position = number.end()
            found.append((sign, float(number["number"]) * (-1 if negative else 1)))
        kinds = ["*/".find(sign) >= 0 for sign, _ in found]
        if kinds != sorted(kinds, reverse=True):
            raise InvalidInput("error parsing query: write products before sums: mean(value) * 1000 + 1")
        if any(sign == "/" and number == 0 for sign, number in found):
            raise InvalidInput("error parsing query: division by zero")
        return tuple(found)

    def _alias(self, usual: str) -> str:
        return self._identifier() if self.took("as") else usual

    def _measurement(self) -> None:
        """`sensor_readings`, with a database and a retention policy before it or not; a regular expression stands for it."""
        found = _REGEX.match(self._text, self._position)
        if found:
            self._position = found.end()
            return
        name = self._identifier()
        while self.took("."):
            while self.took("."):
                pass  # the usual retention policy
            name = self._identifier()
        if name != "sensor_readings":
            raise InvalidInput(f"there is no measurement {name!r}; readings are in sensor_readings")

    def _grouping(self, select: Select) -> None:
        if self.took("group"):
            self._need("by")
            while True:
                self._group(select)
                if not self.took(","):
                    break
        if self.took("fill"):
            self._need("(")
            found = self._match()
            self._position = found.end()
            select.fill = found[0].strip().lower()
            self._need(")")
        if select.fill not in ("null", "none", "previous", "linear") and not re.fullmatch(
            r"-?\d+(\.\d+)?", select.fill
        ):
            raise InvalidInput(f"fill({select.fill}) is not known; choose null, none, previous, linear or a number")

    def _group(self, select: Select) -> None:
        if self.took("*"):
            select.tags = ["*"]
        elif self.took("time"):
            self._need("(")
            select.step_us = self._duration_us()
            if select.step_us < 1000:
                raise InvalidInput("GROUP BY time() needs a step of a millisecond or more")
            if self.took(","):
                sign = -1 if self.took("-") else 1
                select.offset_us = sign * self._duration_us()
            self._need(")")
        else:
            select.tags.append(self._identifier())

    def _conditions(self, bounds: Bounds) -> Either:
        """Conditions joined by AND and OR; those on time go into the bounds."""
        either = [self._all(bounds)]
        while self.took("or"):
            either.append(self._all(bounds))
        return either[0] if len(either) == 1 else Either(tuple(either), needs_all=False)

    def _all(self, bounds: Bounds) -> Either:
        parts = [self._condition(bounds)]
        while self.took("and"):
            parts.append(self._condition(bounds))
        return Either(tuple(part for part in parts if part is not None), needs_all=True)

    def _condition(self, bounds: Bounds) -> TagTest | Either | None:
        if self.took("("):
            inside = self._conditions(bounds)
            self._need(")")
            return inside
        name = self._identifier()
        operator = self.took("=~", "!~", "!=", "<>", ">=", "<=", "=", "<", ">")
        if operator is None:
            raise InvalidInput(f"error parsing query: expected an operator behind {name!r}")
        if name.lower() == "time":
            self._bound(operator, bounds)
            return None
        if operator in ("=~", "!~"):
            found = _REGEX.match(self._text, self._position)
            if found is None:
                raise InvalidInput("error parsing query: expected a regular expression between slashes")
            self._position = found.end()
            return TagTest(name, operator, found[1].replace("\\/", "/"))
        found = self._match()
        if found.lastgroup != "text":
            raise InvalidInput(f"error parsing query: {name!r} is compared with a text between single quotes")
        self._position = found.end()
        return TagTest(name, "!=" if operator == "<>" else operator, re.sub(r"\\(.)", r"\1", found["text"]))

    def _bound(self, operator: str, bounds: Bounds) -> None:
        time_us = self._time_us()
        if operator in (">", ">=", "="):
            bounds.start_us = max(bounds.start_us, time_us + (operator == ">"))
        if operator in ("<", "<=", "="):
            end_us = time_us + (operator != "<")
            bounds.end_us = end_us if bounds.end_us is None else min(bounds.end_us, end_us)

    def _time_us(self) -> int:
        """`now() - 1h`, `1700000000000ms`, `'2026-01-15T10:30:00Z'`, or nanoseconds."""
        if self.took("now"):
            self._need("(")
            self._need(")")
            time_us = self._now_us
        else:
            found = self._match()
            self._position = found.end()
            time_us = _instant_us(found)
        while sign := self.took("-", "+"):
            time_us += self._duration_us() * (1 if sign == "+" else -1)
        return time_us

    def _show(self) -> Show:
        what = self._word()
        if what in ("field", "tag", "retention"):
            what = f"{what} {self._word()}"
        if what not in ("databases", "measurements", "field keys", "tag keys", "tag values", "retention policies"):
            raise InvalidInput(f"error parsing query: SHOW {what.upper()} is not understood")
        keys: tuple[str, ...] = ()
        where, limit = Either((), needs_all=True), None
        while word := self.took("on", "from", "with", "where", "limit", "offset"):
            if word == "on":
                self._identifier()
            elif word == "from":
                self._measurement()
            elif word == "with":
                keys = self._keys()
            elif word == "where":
                where = self._conditions(Bounds())
            elif word == "limit":
                limit = self._integer()
            else:
                self._integer()
        self._end()
        return Show(what, where, keys, limit)

    def _keys(self) -> tuple[str, ...]:
        """`KEY = "floor"`, `KEY IN ("floor", "room")`; of `WITH MEASUREMENT = ...` nothing."""
        if self.took("measurement"):
            if self.took("=~"):
                self._measurement()
            else:
                self._need("=")
                self._identifier()
            return ()
        self._need("key")
        if self.took("="):
            return (self._identifier(),)
        self._need("in")
        self._need("(")
        keys = [self._identifier()]
        while self.took(","):
            keys.append(self._identifier())
        self._need(")")
        return tuple(keys)


def _us_of(duration: str) -> int:
    parts = re.findall(r"(\d+)(ns|us|ms|µ|[usmhdw])", duration)
    return sum(int(number) // 1000 if unit == "ns" else int(number) * _UNITS_US[unit] for number, unit in parts)


def _instant_us(found: re.Match[str]) -> int:
    if found.lastgroup == "duration":
        return _us_of(found["duration"])
    if found.lastgroup == "number":
        return int(float(found["number"])) // 1000
    if found.lastgroup == "text":
        text = found["text"].strip().replace(" ", "T")
        text = text if "T" in text else f"{text}T00:00:00"
        try:
            return epoch_us(parse_instant(text if re.search(r"(Z|[+-]\d\d:\d\d)$", text) else f"{text}Z"))
        except ValueError as error:
            raise InvalidInput(f"error parsing query: invalid time {found['text']!r}") from error
    raise InvalidInput(f"error parsing query: {found[0].strip()!r} is no time")
