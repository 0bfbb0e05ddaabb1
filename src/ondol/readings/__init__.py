"""Readings: taken in, made durable, and shown as they arrive."""

from dataclasses import dataclass

from ondol.common.access import Access
from ondol.common.cache import Cache
from ondol.common.instants import epoch_us
from ondol.common.retention import Retention
from ondol.common.tasks import Task
from ondol.readings import tasks
from ondol.readings.adopting import Adopting
from ondol.readings.compare_adopted import Comparison
from ondol.readings.decide_adoption import Decided
from ondol.readings.draft_map import map_of
from ondol.readings.find_adoptable import Adoptable, Standing
from ondol.readings.formats.json_readings import parse_json_readings
from ondol.readings.formats.line_protocol import parse_line_protocol
from ondol.readings.formats.slices import slices
from ondol.readings.model import LARGEST_VALUE, Receipt, Submission
from ondol.readings.model.devices import NewDevice
from ondol.readings.model.foreign import AdoptedSeries
from ondol.readings.name_device import Naming, follow_named, forget_device, name_device, waiting_devices
from ondol.readings.ports import TimeSeriesStatus
from ondol.readings.read_latest import LatestReading, read_latest
from ondol.readings.record_readings import RecordingNeeds, record_readings
from ondol.readings.refused_readings import RefusedReadings, note_refused, refused_readings
from ondol.readings.rules.understanding import Understanding
from ondol.readings.watch_live import LiveFeed
from ondol.sites.model import Point
from ondol.sites.ports import SiteRecords

__all__ = [
    "LARGEST_VALUE",
    "Adoptable",
    "AdoptedSeries",
    "Adopting",
    "Comparison",
    "Decided",
    "LatestReading",
    "LiveFeed",
    "Naming",
    "NewDevice",
    "Readings",
    "Receipt",
    "RefusedReadings",
    "Standing",
    "Submission",
    "TimeSeriesStatus",
    "Understanding",
    "map_of",
]


@dataclass(frozen=True)
class Readings:
    """Raw readings of one-second resolution, kept for the retention."""

    needs: RecordingNeeds
    sites: SiteRecords
    cache: Cache
    retention: Retention

    def record(self, access: Access, submission: Submission, bucket: str | None = None) -> Receipt:
        """See record_readings.py."""
        receipt = record_readings(access, submission, bucket, self.needs)
        note_refused(access, receipt, self.cache, self.needs.clock)
        return receipt

    def refused(self, access: Access) -> list[RefusedReadings]:
        """See refused_readings.py."""
        return refused_readings(access, self.cache)

    def record_json(self, access: Access, body: bytes) -> Receipt:
        """Readings as formats/json_readings.py describes them. Raises InvalidInput."""
        return self.record(access, parse_json_readings(body))

    def record_lines(self, access: Access, body: bytes, precision: str, bucket: str | None) -> Receipt:
        """Readings as formats/line_protocol.py describes them; a large body in slices. Raises InvalidInput."""
        now_us = epoch_us(self.needs.clock())
        receipt = Receipt(0, 0, [])
        for lines_before, part in slices(body):
            submission = parse_line_protocol(part, precision, now_us)
            receipt = receipt.followed_by(self.record(access, submission, bucket), lines_before)
        return receipt

    def latest(self, access: Access, building_key: str) -> list[LatestReading]:
        """See read_latest.py."""
        return read_latest(access, building_key, records=self.sites, live=self.needs.live)

    def waiting_devices(self, access: Access, building_key: str) -> list[tuple[NewDevice, Understanding]]:
        """See name_device.py."""
        return waiting_devices(access, building_key, self.needs)

    def name_device(self, access: Access, key: str, naming: Naming) -> Point:
        """See name_device.py."""
        return name_device(access, key, naming, self.needs)

    def forget_device(self, access: Access, key: str) -> None:
        """See name_device.py."""
        forget_device(access, key, self.needs)

    def watch(self, access: Access, building_key: str) -> LiveFeed:
        """See watch_live.py."""
        return LiveFeed(access, building_key, records=self.sites, live=self.needs.live, cache=self.cache)

    def status(self) -> TimeSeriesStatus:
        """Counts and sizes of the store. Raises StoreUnavailable."""
        return self.needs.timeseries.status()

    def check_cache(self) -> None:
        """Raises StoreUnavailable while the cache is away."""
        self.cache.get("cache:ready")

    def tasks(self) -> list[Task]:
        """Standing work, once for all processes."""
        needs = self.needs
        return tasks.tasks(
            needs.timeseries, needs.clock, self.retention, needs.matching.audit, lambda: follow_named(needs)
        )

    def tasks_of_process(self) -> list[Task]:
        """Standing work of each serving process."""
        return tasks.tasks_of_process(self.needs.live)
