"""Which part of a date is the day, the month and the year, decided over the whole column."""

import polars as pl

from ondol.common.errors import InvalidInput
from ondol.common.instants import DAY_US
from ondol.common.messages import said

_DOTTED = r"^\s*\d{1,2}\.\s*\d{1,2}\.\s*\d{4}"
_ORDERS = {"ymd": "abc", "dmy": "cba", "mdy": "cab"}
_FORMATS = {"dmy": "%d/%m/%Y %H:%M", "mdy": "%m/%d/%Y %H:%M", "ymd": "%y/%m/%d %H:%M"}
_NAMES = {"dmy": said("day/month/year"), "mdy": said("month/day/year"), "ymd": said("year/month/day")}


def find_order(parts: pl.DataFrame, clock_us: pl.Series, file: str, *, are_days: bool) -> tuple[pl.Series, list[str]]:
    """The order of the parts of each row, and a note where it had to be decided over the whole column.

    With dots the day comes before the month wherever the year comes last: no country writes month.day.year.
    """
    first, last = parts["a"].str.len_chars(), parts["c"].str.len_chars()
    year_first, year_last = (first == 4).fill_null(False), ((last == 4) & (first <= 2)).fill_null(False)
    two_digits = ((first <= 2) & (last <= 2)).fill_null(False)
    order = pl.select(pl.when(year_first).then(pl.lit("ymd"))).to_series()
    notes: list[str] = []
    dotted = parts["text"].str.contains(_DOTTED).fill_null(value=False)
    for rows, candidates in (
        (year_last & dotted, ["dmy"]), (year_last & ~dotted, ["dmy", "mdy"]), (two_digits, ["ymd", "dmy", "mdy"])
    ):  # fmt: skip
        if rows.any():
            chosen = _decide(parts.filter(rows), clock_us.filter(rows), candidates, file, are_days=are_days)
            order = order.zip_with(~rows, pl.Series([chosen]).new_from_index(0, len(order)))
            notes.append(said("Dates are %(names)s.", names=_NAMES[chosen]))
    return order, notes


def _decide(parts: pl.DataFrame, clock_us: pl.Series, candidates: list[str], file: str, *, are_days: bool) -> str:
    """The order under which most dates exist and the times run on. Raises InvalidInput when that does not tell."""
    walls = {
        order: midnights(parts, pl.Series([order]).new_from_index(0, parts.height)) + clock_us for order in candidates
    }
    scores = {order: _plausibility(wall, are_days=are_days) for order, wall in walls.items()}
    best = min(candidates, key=lambda order: scores[order])
    rivals = [order for order in candidates if order != best and scores[order] == scores[best]]
    if any(not walls[order].equals(walls[best]) for order in rivals):
        ways = " or ".join(f"--date-format '{_FORMATS[order]}'" for order in [best, *rivals])
        raise InvalidInput(
            said(
                "%(file)s: %(date)s may be read as %(one)s or %(other)s; give %(ways)s.",
                file=file,
                date=parts["text"][0],
                one=_NAMES[best],
                other=_NAMES[rivals[0]],
                ways=ways,
            )
        )
    return best


def _plausibility(wall: pl.Series, *, are_days: bool) -> tuple[int, int, int]:
    """Dates that do not exist, steps against the run of the file, and gaps of days in data that comes by the hour."""
    steps = wall.drop_nulls().diff().drop_nulls()
    steps = steps.filter(steps != 0)
    back = min(int((steps < 0).sum()), int((steps > 0).sum()))
    usual = steps.abs().mode().min() if len(steps) else None
    gaps = int((steps.abs() > 2 * DAY_US).sum()) if are_days or (isinstance(usual, int) and usual < DAY_US) else 0
    return int(wall.null_count()), back, gaps


def midnights(parts: pl.DataFrame, order: pl.Series) -> pl.Series:
    """Midnight of each row's date, null where there is no such day. Two-digit years are 2000 to 2099."""
    place = {name: [_ORDERS[o][i] for o in _ORDERS] for i, name in enumerate(("year", "month", "day"))}
    columns: dict[str, pl.Expr] = {}
    for name, letters in place.items():
        choice = pl.when(order == "ymd").then(pl.col(letters[0])).when(order == "dmy").then(pl.col(letters[1]))
        columns[name] = choice.otherwise(pl.col(letters[2])).str.zfill(2)
    year = pl.when(pl.col("year").str.len_chars() == 2).then("20" + pl.col("year")).otherwise(pl.col("year"))
    text = pl.concat_str(year, pl.col("month"), pl.col("day"), separator="-")
    days = parts.select(**columns).select(text.str.strptime(pl.Date, "%Y-%m-%d", strict=False)).to_series()
    return days.cast(pl.Datetime("us")).cast(pl.Int64)
