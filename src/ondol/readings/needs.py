"""What matching names to points needs."""

from dataclasses import dataclass

from ondol.common.audit import Audit
from ondol.common.results import Results
from ondol.readings.ports import NewDevices
from ondol.sites.point_index import PointIndex
from ondol.sites.ports import SiteRecords


@dataclass(frozen=True, slots=True)
class Matching:
    """`register_unknown`: whoever may write may create points by writing to them; `devices` keeps what is not understood."""

    records: SiteRecords
    index: PointIndex
    results: Results
    audit: Audit
    register_unknown: bool
    devices: NewDevices
