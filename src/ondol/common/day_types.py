"""Local days as energy sees them: working days, Saturdays, and Sundays with the public holidays.

Holidays come from the `holidays` package: Korean ones with substitute (daeche) and temporary (imsi) holidays as decreed up to the
installed release. The country is that of the time zone in the IANA table `zone.tab`.
"""

from datetime import date, timedelta
from enum import IntEnum
from functools import cache
from importlib import resources

import holidays


class DayType(IntEnum):
    """What kind of day it is for a building's load."""

    WORKING_DAY = 0
    SATURDAY = 1
    SUNDAY_OR_HOLIDAY = 2


@cache
def country_of(timezone: str) -> str | None:
    """ISO 3166 code of the country whose clocks the zone shows (`Asia/Seoul` -> `KR`); None for `UTC` and the like."""
    table = resources.files("tzdata.zoneinfo").joinpath("zone.tab").read_text("utf-8")
    for line in table.splitlines():
        if not line.startswith("#") and (columns := line.split("\t"))[2] == timezone:
            return columns[0]
    return None


@cache
def _holidays_of_year(country: str, year: int) -> frozenset[date]:
    if country not in holidays.list_supported_countries():
        return frozenset()
    return frozenset(holidays.country_holidays(country, years=year))


def is_holiday(day: date, country: str | None) -> bool:
    """Whether the day is a public holiday of the country; False when the country is not known."""
    return country is not None and day in _holidays_of_year(country, day.year)


def day_type(day: date, country: str | None) -> DayType:
    """What kind of day it is."""
    if is_holiday(day, country) or day.weekday() == 6:
        return DayType.SUNDAY_OR_HOLIDAY
    return DayType.SATURDAY if day.weekday() == 5 else DayType.WORKING_DAY


def day_types(first: date, count: int, country: str | None) -> list[DayType]:
    """Types of so many days from the first on."""
    return [day_type(first + timedelta(days=n), country) for n in range(count)]
