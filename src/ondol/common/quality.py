"""Quality: why a value is suspect. Flags travel with the value to charts, reports and bills; a value is never zeroed."""

from enum import IntFlag
from functools import lru_cache


class Quality(IntFlag):
    """Bit set stored beside every reading and interval; 0 is good. Raw readings keep eight bits, intervals sixteen.

    The names, in lower case, are what the API and the pages show.
    """

    GOOD = 0
    OUT_OF_RANGE = 1  # outside the point's min_value..max_value
    FUTURE = 2  # stamped later than the clock allows
    UNIT_MISMATCH = 4  # sent in a unit that does not convert to the point's
    ESTIMATED = 8  # pro-rated or interpolated, not measured at this resolution
    PARTIAL = 16  # less than the whole interval was measured
    RESET = 32  # the register went back: reset, roll-over or swap
    GLITCH = 64  # readings out of line were left out of the energy
    OVERLAP = 128  # coarser and finer history met here
    REPAIRED = 256  # a person has set, filled or corrected it

    @property
    def names(self) -> list[str]:
        """Lower-case names of the set flags; `["good"]` when there are none."""
        return [flag.name.lower() for flag in Quality if flag and flag in self and flag.name] or ["good"]


@lru_cache(256)
def quality_name(flags: int) -> str:
    """`good`, or the set flags joined with `+`, as the API writes them."""
    return "+".join(Quality(flags).names)
