"""What a register's readings count for: the specification, one line a case.

A case is what the register showed, a reading every so often, and what Ondol makes of it: the energy (in the register's unit) and
the flags that say what was odd. `up(a, n, s)` are n readings that begin at a and rise by s; `stays(a, n)` are n readings of a.
"""

from dataclasses import dataclass

import polars as pl
import pytest

from ondol.common.quality import quality_name
from ondol.history.rules.metering import intervals_of
from ondol.history.rules.registers import register_differences
from ondol.readings.model import readings_frame
from ondol.sites.model import Point, PointKind

SECOND, MINUTE, QUARTER, HOUR, DAY, MONTH = 1, 60, 900, 3600, 86_400, 30 * 86_400
T0 = 1_768_435_200


def up(start: float, count: int, step: float) -> list[float]:
    return [round(start + n * step, 6) for n in range(count)]


def stays(value: float, count: int) -> list[float]:
    return [value] * count


@dataclass(frozen=True)
class Case:
    name: str
    every: int
    shows: list[float]
    kwh: float
    flags: str = "good"
    after: dict[int, int] | None = None
    """Seconds before the reading of that number, where not `every`."""
    rollover_at: float | None = None
    max_per_hour: float | None = None
    within: float = 1e-6


NO_USE = "estimated+glitch"
SWAP = "estimated+reset"
BIG = 12_340.0
DAY_COUNTER = up(0.0, 96, 0.25)
LIFETIME = [kwh for day in range(4) for kwh in stays(0.0, 24) + up(BIG + 28 * day, 56, 0.5) + stays(0.0, 16)]

CASES = [
    # -- healthy ------------------------------------------------------------------------------------------------------------
    Case("one reading says nothing", QUARTER, [12_369.0], 0.0),
    Case("the first reading ever counts nothing, the second what is between", QUARTER, [12_369.0, 12_370.0], 1.0),
    Case("a steady register", QUARTER, up(BIG, 40, 0.5), 19.5),
    Case("a register that begins at 0, new from the shop", QUARTER, up(0.0, 40, 0.5), 19.5),
    Case("a register of a house that is empty", HOUR, stays(BIG, 48), 0.0),
    Case("a register that never left zero", HOUR, stays(0.0, 48), 0.0),
    Case("one reading a second", SECOND, up(BIG, 7200, 0.001), 7.199),
    Case("one reading a minute", MINUTE, up(BIG, 600, 0.05), 29.95),
    Case("one reading a day", DAY, up(45_210.0, 30, 12.0), 348.0),
    Case("one reading a month", MONTH, [45_210.0, 45_510.0, 45_900.0, 46_050.0], 840.0),
    Case("two readings a month apart", MONTH, [45_210.0, 46_210.0], 1_000.0),
    Case("whole kWh on the display, one reading a second", SECOND, [BIG + n // 900 for n in range(7_200)], 7.0),
    Case("whole MWh on the display, counted in kWh", QUARTER, [5e6 + 1_000.0 * (n // 20) for n in range(200)], 9_000.0),
    Case("weekend without use, then a day as always", HOUR, up(BIG, 24, 5.0) + stays(BIG + 115, 48) + up(BIG + 120, 24, 5.0), 235.0),
    Case("weekend without use, then a burst at four times the pace", HOUR,
         up(BIG, 24, 5.0) + stays(BIG + 115, 48) + up(BIG + 135, 12, 20.0), 355.0),
    Case("a boiler that runs three quarters of an hour a day", QUARTER,
         [BIG + 30.0 * (4 * (n // 96) + min(max(n % 96 - 40, 0), 4)) for n in range(96 * 5)], 600.0),
    Case("standby for days, then full power for good", QUARTER, up(BIG, 300, 0.001) + up(BIG + 5, 40, 5.0), 200.0, within=0.01),
    Case("a long gap, then all that passed in it", QUARTER, [*up(BIG, 20, 0.5), *up(BIG + 400.0, 20, 0.5)], 409.5,
         after={20: 7 * DAY}),
    Case("frozen while it could not be reached, then all at once: all counts", QUARTER,
         up(BIG, 40, 0.5) + stays(BIG + 19.5, 288) + up(BIG + 170.0, 40, 0.5), 189.5, "estimated"),
    Case("a count in Wh", QUARTER, up(12_340_000.0, 40, 500.0), 19_500.0),
    Case("a count of tiny steps", QUARTER, up(0.001, 40, 0.0001), 0.0039),
    Case("a pump that runs a quarter an hour a day, over standby", QUARTER,
         [BIG + 30.0 * (n // 96 + (n % 96 > 40)) + 0.01 * n for n in range(96 * 6)], 185.75),
    Case("one reading a second, away for twenty minutes", SECOND, up(BIG, 3600, 0.01) + up(BIG + 48.0, 3600, 0.01), 83.99,
         after={3600: 1201}),
    Case("readings that queued up and came with one stamp after the other", QUARTER, up(BIG, 120, 0.5), 59.5,
         after=dict.fromkeys(range(50, 70), 1)),
    Case("a first rise after long rest counts, and is told", QUARTER, stays(BIG, 50) + stays(BIG + 40, 50), 40.0, "estimated"),
    # -- rises that are not seen otherwise -------------------------------------------------------------------------------------
    Case("one quarter at ten times the pace", QUARTER, [*up(BIG, 20, 0.5), *up(BIG + 14.5, 20, 0.5)], 24.0),
    Case("one quarter at fifty times the pace counts, and is told", QUARTER, [*up(BIG, 20, 0.5), *up(BIG + 34.5, 20, 0.5)], 44.0,
         "out_of_range"),
    Case("a test run that is nothing beside the count", QUARTER, up(BIG, 40, 0.002) + up(BIG + 5.078, 40, 0.002), 5.156,
         "out_of_range"),
    Case("a month at forty times the others counts, and is told", MONTH, [*up(1_000.0, 12, 300.0), 16_300.0], 15_300.0, "out_of_range"),
    Case("a stated limit is kept to", QUARTER, [*up(BIG, 20, 0.5), *up(BIG + 40.0, 20, 0.5)], 19.5, SWAP, max_per_hour=100.0),
    Case("a stated limit allows what is below it", QUARTER, [*up(BIG, 20, 0.5), *up(BIG + 5009.5, 20, 0.5)], 5_019.0,
         max_per_hour=25_000.0),
    # -- zeros ------------------------------------------------------------------------------------------------------------------
    Case("one reading of zero", QUARTER, [*up(BIG, 20, 0.5), 0.0, *up(BIG + 10.5, 19, 0.5)], 19.5, "glitch"),
    Case("twelve readings of zero", QUARTER, [*up(BIG, 20, 0.5), *stays(0.0, 12), *up(BIG + 16.0, 8, 0.5)], 19.5, "glitch"),
    Case("twelve hours of zero", HOUR, [*up(BIG, 20, 0.5), *stays(0.0, 12), *up(BIG + 16.0, 8, 0.5)], 19.5, "glitch"),
    Case("a minute of zeros, one a second", SECOND, [*up(BIG, 600, 0.01), *stays(0.0, 60), *up(BIG + 6.6, 600, 0.01)], 12.59, "glitch"),
    Case("zeros for a month in a count by day", DAY, [*up(BIG, 20, 12.0), *stays(0.0, 30), *up(BIG + 600.0, 20, 12.0)], 828.0, "glitch"),
    Case("a month that was noted as zero", MONTH, [*up(45_000.0, 6, 300.0), 0.0, *up(47_100.0, 5, 300.0)], 3_300.0, "glitch"),
    Case("zeros at three times", QUARTER,
         [*up(BIG, 10, 0.5), 0.0, 0.0, *up(BIG + 6, 10, 0.5), 0.0, *up(BIG + 11.5, 10, 0.5), *stays(0.0, 5), *up(BIG + 19, 10, 0.5)],
         23.5, "glitch"),
    Case("the lifetime count of an inverter that shows 0 at night", QUARTER, LIFETIME, 111.5, NO_USE),
    Case("the same, and nothing was made over night", QUARTER,
         up(BIG, 56, 0.5) + stays(0.0, 40) + up(BIG + 27.5, 56, 0.5), 55.0, "glitch"),
    Case("zeros first: a lifetime count does not pass in a quarter", QUARTER, [*stays(0.0, 10), *up(BIG, 20, 0.5)], 9.5, NO_USE),
    Case("zeros last: no use yet, no reset yet", QUARTER, [*up(BIG, 20, 0.5), *stays(0.0, 10)], 9.5, NO_USE),
    Case("a single zero last", QUARTER, [*up(BIG, 20, 0.5), 0.0], 9.5, NO_USE),
    Case("zeros, and then a lifetime count that nothing is known of", QUARTER, [0.0, 0.0, BIG], 0.0, NO_USE),
    Case("zeros while it began to count on its own, then back", QUARTER,
         [*up(BIG, 20, 0.5), 0.0, 0.1, 0.2, *up(BIG + 11.5, 20, 0.5)], 21.0, "glitch"),
    Case("a low count that shows 0 for an hour", QUARTER, [*up(5.0, 20, 0.1), *stays(0.0, 4), *up(7.4, 20, 0.1)], 4.3, "glitch"),
    Case("a lifetime count that is read by day and by night", 12 * HOUR,
         [0.0, BIG, 0.0, BIG + 20, 0.0, BIG + 40, 0.0, BIG + 60], 60.0, NO_USE),
    Case("three readings, zero in the middle", HOUR, [100.0, 0.0, 120.0], 20.0, "glitch"),
    # -- dips and spikes --------------------------------------------------------------------------------------------------------
    Case("a tenth lower for one reading", QUARTER, [*up(BIG, 20, 0.5), BIG + 9.4, *up(BIG + 10.5, 19, 0.5)], 19.5, "glitch"),
    Case("a tenth lower for two readings", QUARTER, [*up(BIG, 20, 0.5), *stays(BIG + 9.4, 2), *up(BIG + 11, 18, 0.5)], 19.5, "glitch"),
    Case("a little lower, then slowly on", QUARTER, [*up(BIG, 20, 0.5), *up(BIG + 9.2, 20, 0.1)], 11.1, "glitch"),
    Case("a tenth lower at the end", QUARTER, [*up(BIG, 20, 0.5), BIG + 9.4], 9.5, NO_USE),
    Case("a deep dip of three readings", QUARTER, [*up(BIG, 20, 0.5), *stays(777.0, 3), *up(BIG + 11.5, 20, 0.5)], 21.0, "glitch"),
    Case("two dips to different depths in a row", QUARTER, [*up(BIG, 20, 0.5), 777.0, 42.0, *up(BIG + 11.0, 20, 0.5)], 20.5, "glitch"),
    Case("a count that flickers by its last digit", QUARTER, [BIG + n * 0.5 - 0.01 * (n % 2) for n in range(41)], 20.0),
    Case("the same at rest", QUARTER, [BIG - 0.01 * (n % 2) for n in range(41)], 0.0, "glitch"),
    Case("a monthly estimate that was set right", MONTH, [*up(45_000.0, 6, 300.0), 46_480.0, *up(46_800.0, 4, 300.0)], 2_700.0, "glitch"),
    Case("one reading far too high", QUARTER, [*up(100.0, 20, 0.5), 999_999.0, *up(110.5, 20, 0.5)], 20.0, "glitch"),
    Case("three readings far too high", QUARTER, [*up(100.0, 20, 0.5), *stays(999_999.0, 3), *up(111.5, 20, 0.5)], 21.0, "glitch"),
    Case("a little too high for one reading", QUARTER, [*up(100.0, 20, 0.5), 130.0, *up(110.5, 20, 0.5)], 20.0, "glitch"),
    Case("far too high, one reading a second", SECOND, [*up(BIG, 600, 0.001), 4e9, *up(BIG + 0.601, 600, 0.001)], 1.2, "glitch"),
    Case("far too high at the end", QUARTER, [*up(100.0, 20, 0.5), 999_999.0], 9.5, NO_USE),
    Case("far too high at the start", QUARTER, [999_999.0, *up(100.0, 20, 0.5)], 9.5, NO_USE),
    Case("a spike and zeros", QUARTER, [*up(100.0, 20, 0.5), 999_999.0, 0.0, 0.0, *up(111.5, 20, 0.5)], 21.0, "glitch"),
    Case("a dip that climbs on its way back", 2 * QUARTER,
         [*up(BIG, 20, 0.5), 10_072.0, 4_380.0, 9_484.0, 11_408.0, *up(BIG + 12, 20, 0.5)], 21.5, "glitch"),
    Case("one month a little lower, by more than is used", MONTH, [*up(81_000.0, 10, 300.0), 78_000.0, *up(84_300.0, 10, 300.0)], 6_000.0,
         "glitch"),
    Case("a negative reading", QUARTER, [*up(100.0, 20, 0.5), -1.0, *up(110.5, 20, 0.5)], 20.0, "glitch"),
    # -- resets -----------------------------------------------------------------------------------------------------------------
    Case("a reset to zero", QUARTER, [*up(BIG, 20, 0.5), *up(0.0, 20, 0.5)], 19.0, "reset"),
    Case("a reset that was seen a little later", QUARTER, [*up(BIG, 20, 0.5), *up(0.3, 20, 0.5)], 19.3, "reset"),
    Case("a reset in a count by day", DAY, [*up(BIG, 20, 12.0), *up(5.0, 20, 12.0)], 461.0, "reset"),
    Case("a reset in a count by month", MONTH, [*up(BIG, 6, 300.0), *up(120.0, 6, 300.0)], 3_120.0, "reset"),
    Case("a reset, and zeros until somebody uses something", QUARTER,
         [*up(BIG, 20, 0.5), *stays(0.0, 20), *up(0.5, 20, 0.5)], 19.5, "reset"),
    Case("a count that begins at 0 each midnight", QUARTER, DAY_COUNTER * 3, 71.25, "reset"),
    Case("the same, seen three minutes late each day", QUARTER, up(0.05, 96, 0.25) * 3, 71.35, "reset"),
    Case("the same by the hour", HOUR, up(0.0, 24, 1.0) * 4, 92.0, "reset"),
    Case("a count by day, read twice a day", 12 * HOUR, [0.0, 17.0, 0.0, 18.0, 0.0, 16.0, 0.0, 17.0], 68.0, "reset"),
    Case("a count by day that stands still at night", HOUR, [*stays(0.0, 7), *up(1.0, 10, 1.0), *stays(10.0, 7)] * 3, 30.0, "reset"),
    Case("a count since the last start of a device", MINUTE, [*up(0.0, 40, 0.01), *up(0.0, 70, 0.01), *up(0.0, 25, 0.01)], 1.32, "reset"),
    Case("restarts ten times an hour", SECOND, up(0.0, 360, 0.001) * 10, 3.59, "reset"),
    # -- roll-overs -------------------------------------------------------------------------------------------------------------
    Case("five digits, stated", QUARTER, [*up(99_990.0, 20, 0.5), *up(0.0, 20, 0.5)], 19.5, "reset", rollover_at=100_000.0),
    Case("five digits, not stated", QUARTER, [*up(99_990.0, 20, 0.5), *up(0.0, 20, 0.5)], 19.5, "reset"),
    Case("six digits, by the month", MONTH, [*up(998_950.0, 4, 300.0), *up(150.0, 4, 300.0)], 2_100.0, "reset"),
    Case("32 bits of Wh", QUARTER, [*up(2**32 - 10_000.0, 20, 500.0), *up(0.0, 20, 500.0)], 19_500.0, "reset"),
    Case("32 bits of Wh, shown as kWh", QUARTER, [*up(4_294_957.296, 20, 0.5), *up(0.0, 20, 0.5)], 19.5, "reset"),
    Case("a roll-over in a gap", QUARTER, [*up(99_980.0, 20, 0.5), *up(10.0, 20, 0.5)], 39.5, "reset",
         after={20: 15 * HOUR}, rollover_at=100_000.0),
    # -- swaps ------------------------------------------------------------------------------------------------------------------
    Case("a swap to a register that stands at 8,000", QUARTER, [*up(BIG, 20, 0.5), *up(8_000.0, 20, 0.5)], 19.5, SWAP),
    Case("a swap by the hour", HOUR, [*up(BIG, 20, 0.5), *up(8_000.0, 20, 0.5)], 19.5, SWAP),
    Case("a swap to a register that stands higher", QUARTER, [*up(BIG, 20, 0.5), *up(53_000.0, 20, 0.5)], 19.5, SWAP),
    Case("a swap by the day", DAY, [*up(BIG, 20, 12.0), *up(8_000.0, 20, 12.0)], 468.0, SWAP),
    Case("a swap by the month", MONTH, [*up(145_000.0, 6, 300.0), *up(28_000.0, 6, 300.0)], 3_300.0, SWAP),
    Case("a swap in a gap of ten hours: the usual for ten hours", QUARTER, [*up(BIG, 20, 0.5), *up(8_000.0, 20, 0.5)], 39.0, SWAP,
         after={20: 10 * HOUR}),
    Case("two swaps", QUARTER, [*up(BIG, 30, 0.5), *up(8_000.0, 30, 0.5), *up(500.0, 30, 0.5)], 44.5, SWAP),
    Case("swapped for two days, and back", HOUR, [*up(BIG, 48, 0.5), *up(700.0, 48, 0.5), *up(BIG + 23.5, 48, 0.5)], 71.5, SWAP),
    # -- both -------------------------------------------------------------------------------------------------------------------
    Case("zeros before a reset", QUARTER, [*up(BIG, 20, 0.5), 0.0, 0.0, *up(BIG + 11, 20, 0.5), *up(0.0, 20, 0.5)], 30.0, "reset+glitch"),
    Case("zeros in a count that begins anew each midnight", QUARTER,
         [*DAY_COUNTER[:60], 0.0, 0.0, *DAY_COUNTER[62:], *DAY_COUNTER], 47.5, "reset+glitch"),
    Case("nothing but falls: no register", QUARTER, up(1_000.0, 30, -1.0), 0.0, NO_USE),
]  # fmt: skip


def _readings(case: Case) -> pl.DataFrame:
    times, now = [], T0
    for n in range(len(case.shows)):
        now += (case.after or {}).get(n, case.every) if n else 0
        times.append(now * 1_000_000)
    return readings_frame([1] * len(times), times, case.shows)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_specification(case: Case):
    counted = register_differences(_readings(case), case.rollover_at, case.max_per_hour)
    flags = 0
    for quality in counted["quality"]:
        flags |= quality
    assert (round(counted["amount"].sum(), 4), quality_name(flags)) == (
        pytest.approx(case.kwh, abs=case.within),
        case.flags,
    )
    assert counted["start"].to_list()[1:] == counted["end"].to_list()[:-1]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_windows_add_up_to_the_specification(case: Case):
    point = Point(
        1, "p", 1, "b", "p", "electricity", "kWh", PointKind.TOTAL_INCREASING,
        rollover_at=case.rollover_at, max_per_hour=case.max_per_hour,
    )  # fmt: skip
    windows = intervals_of(point, _readings(case))
    assert windows["value"].sum() == pytest.approx(case.kwh, abs=max(case.within, 1e-6))
    assert (windows["value"] >= 0).all()


def test_the_table_is_a_specification():
    assert len({case.name for case in CASES}) == len(CASES) >= 60
