"""Stamps that cannot be meant, and the precision that makes sense of them."""

from ondol.common.instants import DAY_S, SECOND_US
from ondol.readings.model import EARLIEST_US, LATEST_US

EARLIEST_STAMP_US = 5 * 366 * DAY_S * SECOND_US
"""A stamp without a unit that comes to lie before this counts something else: whatever is taken for a thousandth of itself is of 1970."""
_EARLIEST_MEANT_NS = 788_918_400 * 10**9  # 1995: no meter that sends stamps is older
_PRECISIONS = (("s", 10**9), ("ms", 10**6), ("us", 10**3), ("ns", 1), ("m", 60 * 10**9), ("h", 3600 * 10**9))
_BAD_TIME = "the time is not between 1970 and 2100; check the clock of the device"


def earliest_us(stamp_ns: int | None) -> int:
    """The first time that is taken; `stamp_ns` is what a bare stamp counts, None where times are written out."""
    return EARLIEST_US if stamp_ns is None else EARLIEST_STAMP_US


def why_not(time_us: int, stamp_ns: int | None) -> str:
    """Why a time is refused, in words that name the precision in which its stamp makes sense."""
    if stamp_ns is None:
        return _BAD_TIME
    stamp = (time_us * 1000 + stamp_ns - 1) // stamp_ns
    return of_stamp(stamp, stamp_ns)


def of_stamp(stamp: int, stamp_ns: int) -> str:
    """Why a stamp is refused."""
    taken_as = next((name for name, unit_ns in _PRECISIONS if unit_ns == stamp_ns), "ns")
    meant = next((name for name, unit_ns in _PRECISIONS if _makes_sense(stamp * unit_ns)), None)
    if meant is None:
        return f"{_BAD_TIME} and the precision of the stamp (precision={taken_as} was used)"
    words = {"s": "seconds", "ms": "milliseconds", "us": "microseconds", "ns": "nanoseconds", "m": "minutes"}
    return (
        f"the stamp {stamp} counts {words.get(meant, 'hours')} and was taken as precision={taken_as}; "
        f"write with precision={meant}"
    )


def _makes_sense(time_ns: int) -> bool:
    return _EARLIEST_MEANT_NS <= time_ns < LATEST_US * 1000
