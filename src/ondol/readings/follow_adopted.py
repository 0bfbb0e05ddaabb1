"""What devices go on writing into a foreign store is followed: what is new every few seconds, what came late within a window."""

import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import polars as pl
import structlog

from ondol.common.instants import MINUTE_S, SECOND_US, epoch_us
from ondol.readings.model import LATEST_US
from ondol.readings.model.foreign import SLOT_US, AdoptedSeries
from ondol.readings.take_past import TakingNeeds, record_frame, slots_of

OVERLAP_US = 120 * SECOND_US
"""What came so late is noticed at once: it is read again each time."""
LATE_EVERY_S = MINUTE_S
_LATE_SHARE = 20
"""Looking for what came late takes a twentieth of the time at most."""
_AT_ONCE_US = 4 * SLOT_US
_log = structlog.get_logger()


class Follower:
    """Follows one store. What it remembers only saves work: whatever is not remembered is read and recorded again."""

    def __init__(self, needs: TakingNeeds) -> None:
        self._needs = needs
        self._seen: dict[int, dict[int, float]] = {}
        self._slots: dict[int, dict[int, int]] = {}
        self._late_at = 0.0

    def follow(self) -> None:
        """Record what is new, and now and then what came late. Raises StoreUnavailable; the next time goes on where this stood."""
        now_us = epoch_us(self._needs.clock())
        adopted = self._needs.adoptions.all(self._needs.foreign.origin)
        self._remember(adopted)
        for measurement, group in _by_measurement(adopted):
            self._follow_group(measurement, group, now_us)
        if time.monotonic() >= self._late_at:
            started = time.monotonic()
            for measurement, group in _by_measurement(adopted):
                self._look_for_late(measurement, group, now_us)
            took_s = time.monotonic() - started
            self._late_at = time.monotonic() + max(LATE_EVERY_S, took_s * _LATE_SHARE)

    def look_for_late_now(self) -> None:
        """Let the next turn look for what came late."""
        self._late_at = 0.0

    def _remember(self, adopted: Sequence[AdoptedSeries]) -> None:
        """Forget what is adopted no longer; of what is new here, quarters that may be counted twice are not believed."""
        ids = {it.id for it in adopted}
        for gone in self._seen.keys() - ids:
            del self._seen[gone], self._slots[gone]
        for it in adopted:
            if it.id not in self._seen:
                settled_us = _settled(it)
                self._seen[it.id] = {}
                self._slots[it.id] = {start: n for start, n in it.slots.items() if start + SLOT_US <= settled_us}

    def _follow_group(self, measurement: str, group: Sequence[AdoptedSeries], now_us: int) -> None:
        start_us = min(it.follow_us for it in group)
        while True:
            # After a time without it, InfluxDB is asked for an hour at a time.
            is_last = start_us + _AT_ONCE_US >= now_us
            end_us = LATEST_US if is_last else start_us + _AT_ONCE_US
            self._take(measurement, group, start_us - OVERLAP_US, end_us)
            start_us = now_us if is_last else end_us
            self._needs.adoptions.advance_follow({it.id: start_us for it in group}, {})
            if is_last:
                return

    def _take(self, measurement: str, group: Sequence[AdoptedSeries], start_us: int, end_us: int) -> None:
        by_text = {it.series.text: it for it in group}
        found = self._needs.foreign.read_all(measurement, _fields(group), start_us, end_us)
        ours = {by_text[text].id: (by_text[text], frame) for text, frame in found.items() if text in by_text}
        new = {number: (it, self._unseen(it, frame)) for number, (it, frame) in ours.items()}
        _tell(measurement, record_frame(new, self._needs.record)[1])
        for number, (_, frame) in new.items():
            self._note(number, frame, start_us)

    def _unseen(self, it: AdoptedSeries, frame: pl.DataFrame) -> pl.DataFrame:
        """Readings that were not recorded, or with another value."""
        seen = self._seen[it.id]
        times, values = frame["time_us"].to_list(), frame["value"].to_list()
        is_new = [seen.get(time_us) != value for time_us, value in zip(times, values, strict=True)]
        return frame.filter(pl.Series(is_new, dtype=pl.Boolean))

    def _note(self, number: int, frame: pl.DataFrame, start_us: int) -> None:
        seen, slots = self._seen[number], self._slots[number]
        first_times = frame.filter(~pl.col("time_us").is_in(list(seen))) if seen else frame
        for slot, count in slots_of(first_times).items():
            slots[slot] = slots.get(slot, 0) + count
        kept = {time_us: value for time_us, value in seen.items() if time_us >= start_us}
        self._seen[number] = kept | dict(zip(frame["time_us"].to_list(), frame["value"].to_list(), strict=True))

    def _look_for_late(self, measurement: str, group: Sequence[AdoptedSeries], now_us: int) -> None:
        """Compare the numbers of readings in the quarters of the window, and take anew those that have others than were seen."""
        first_us = max(now_us - self._needs.late_s * SECOND_US, 0) // SLOT_US * SLOT_US
        end_us = (now_us - OVERLAP_US) // SLOT_US * SLOT_US
        there = self._needs.foreign.count_all(measurement, _fields(group), first_us, end_us, SLOT_US)
        changed: dict[int, dict[int, int]] = {}
        for it in group:
            known = {**it.slots, **self._slots[it.id]}
            slots = {start: n for start, n in known.items() if start >= first_us}
            counts = there.get(it.series.text, {})
            # What is still to be taken with its past is not looked for twice.
            from_us = 0 if it.has_past else it.past_end_us
            for start in sorted(counts):
                if start >= from_us and slots.get(start) != counts[start]:
                    slots[start] = self._take_slot(it, start)
            self._slots[it.id] = slots
            if dict(it.slots) != slots:
                changed[it.id] = slots
        self._needs.adoptions.advance_follow({it.id: 0 for it in group}, changed)

    def _take_slot(self, it: AdoptedSeries, start_us: int) -> int:
        frame = self._needs.foreign.read(it.series, start_us, start_us + SLOT_US)
        _tell(measurement=it.series.measurement, reasons=record_frame({it.id: (it, frame)}, self._needs.record)[1])
        return frame.height


def _tell(measurement: str, reasons: Mapping[str, int]) -> None:
    if reasons:
        _log.warning("readings of adopted series are refused", measurement=measurement, reasons=dict(reasons))


def _settled(it: AdoptedSeries) -> int:
    return it.follow_us - OVERLAP_US


def _by_measurement(adopted: Sequence[AdoptedSeries]) -> Iterator[tuple[str, list[AdoptedSeries]]]:
    groups: Mapping[str, list[AdoptedSeries]] = defaultdict(list)
    for it in adopted:
        groups[it.series.measurement].append(it)
    yield from groups.items()


def _fields(group: Sequence[AdoptedSeries]) -> list[str]:
    return sorted({it.series.field for it in group})
