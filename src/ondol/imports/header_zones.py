"""Time zones that a header names: `Time (UTC)`, `Zeit (UTC+1)`, `Time Bucket (America/Chicago)`."""

import re

from ondol.common.calendar import check_timezone
from ondol.common.errors import InvalidInput
from ondol.common.messages import said

_EDGES = r"(?:^|[\[(\s_])", r"(?:$|[\])\s_])"
_REGION = re.compile(r"((?:Africa|America|Asia|Atlantic|Australia|Europe|Pacific|Indian)/[A-Za-z_/-]+)")
_FIXED = re.compile(rf"{_EDGES[0]}(UTC|GMT|Z)\s*(?:([+-])\s*0?(\d{{1,2}})(?::?00)?)?{_EDGES[1]}")
_NAMES = {"KST": "Asia/Seoul", "JST": "Asia/Tokyo"}
_SEVERAL = (
    "MEZ", "MESZ", "CET", "CEST", "WET", "WEST", "EET", "EEST", "BST", "IST", "EST", "EDT", "ET", "CST", "CDT", "CT", "MST", "MDT", "PST",
    "PDT", "PT", "AEST", "AEDT", "NEM", "SAST",
)  # fmt: skip
_NAMED = re.compile(rf"{_EDGES[0]}({'|'.join([*_NAMES, *_SEVERAL])}){_EDGES[1]}")


def zone_in(text: str, file: str) -> str | None:
    """The zone, as an IANA name. Raises InvalidInput for letters that stand for a clock with and without summer time."""
    if region := _REGION.search(text):
        check_timezone(region[1])
        return region[1]
    if fixed := _FIXED.search(text):
        hours = int(fixed[3] or 0)
        # The names of the database count hours west of Greenwich.
        return "UTC" if hours == 0 else f"Etc/GMT{'-' if fixed[2] == '+' else '+'}{hours}"
    named = _NAMED.search(text)
    if named is None:
        return None
    if named[1] in _NAMES:
        return _NAMES[named[1]]
    raise InvalidInput(
        said(
            "%(file)s: times are of %(named)s, which may or may not mean summer time; give --timezone, such as "
            "Europe/Berlin or Etc/GMT-1.",
            file=file,
            named=repr(named[1]),
        )
    )
