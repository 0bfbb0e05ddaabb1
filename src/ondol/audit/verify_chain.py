"""Is the record of what was done still what was written?"""

from dataclasses import dataclass, replace

from ondol.audit.model import AuditKey, AuditRecord, ChainReport, ChainState, Deed, Fault, Head
from ondol.audit.ports import AuditRecords
from ondol.audit.rules import dropped_by, hash_of, is_sealed, is_state_sealed
from ondol.common.access import Access

PART = 2_000


def verify_chain(access: Access, noted: Head | None, *, records: AuditRecords, key: AuditKey | None) -> ChainReport:
    """Go through all records, to the first that was changed, removed or inserted; `noted` is a head that was written down earlier.

    Records that are added meanwhile do no harm. Raises NotAllowed.
    """
    access.require_administrator()
    while True:
        highest = records.highest()
        state = records.state()
        report = _verify(highest, state, noted, records, key)
        if report.ok or records.state().dropped == state.dropped:
            return report
        # Retention has cut the chain meanwhile.


@dataclass(slots=True)
class _Place:
    """How far the chain was found in order, and what was found amiss there."""

    last: Head
    has_noted: bool
    vouched: tuple[int, str | None] | None = None
    """What the last record of a drop says that went."""
    fault: Fault | None = None
    at: int | None = None
    deed: Deed | None = None

    def amiss(self, fault: Fault, at: int, record: AuditRecord | None = None) -> None:
        if self.fault is None:
            self.fault, self.at, self.deed = fault, at, record.deed if record else None


def _verify(
    highest: int, state: ChainState, noted: Head | None, records: AuditRecords, key: AuditKey | None
) -> ChainReport:
    place = _Place(state.dropped, noted in (None, state.dropped))
    after: int | None = None
    while place.fault is None and (part := records.following(after, PART)):
        for record in part:
            _follow(place, record, state, highest, key)
            place.has_noted |= noted == place.last
            if place.fault is not None:
                break
        after = part[-1].number
    if place.fault is None:
        _look_at_the_end(place, state, noted, key)
    report = ChainReport(place.last.number - state.dropped.number, state.dropped.number, place.last, key is not None)
    return replace(
        report, fault=place.fault, at=place.at, deed=place.deed, is_sealed=report.is_sealed and place.fault is None
    )


def _follow(place: _Place, record: AuditRecord, state: ChainState, highest: int, key: AuditKey | None) -> None:
    expected = place.last.number + 1
    if record.number > state.last.number:
        # What was written since we began has not been there then.
        if record.number <= highest:
            _cut_off_or(place, Fault.INSERTED, expected, record, state)
    elif record.number < expected:
        place.amiss(Fault.INSERTED, record.number, record)
    elif record.number > expected:
        place.amiss(Fault.REMOVED, expected)
    elif record.hash != hash_of(place.last.hash, record.number, record.deed):
        place.amiss(Fault.CHANGED, record.number, record)
    elif key is not None and not is_sealed(record, key):
        place.amiss(Fault.UNSEALED, record.number, record)
    else:
        place.last = Head(record.number, record.hash)
        place.vouched = dropped_by(record.deed) or place.vouched


def _cut_off_or(place: _Place, fault: Fault, expected: int, record: AuditRecord, state: ChainState) -> None:
    if expected <= state.last.number:
        place.amiss(Fault.CUT_OFF, expected)
    else:
        place.amiss(fault, record.number, record)


def _look_at_the_end(place: _Place, state: ChainState, noted: Head | None, key: AuditKey | None) -> None:
    if place.last.number < state.last.number:
        place.amiss(Fault.CUT_OFF, place.last.number + 1)
    elif place.last != state.last:
        place.amiss(Fault.CHANGED, place.last.number)
    elif key is not None and state.last.number < key.first - 1:
        # The key says that there were more when it was made.
        place.amiss(Fault.CUT_OFF, state.last.number + 1)
    elif key is not None and not is_state_sealed(state, key):
        place.amiss(Fault.STATE_UNSEALED, state.last.number)
    elif not _is_vouched(state.dropped, place.vouched):
        # Retention records what it drops, in the chain behind it; who only moves the note of it does not.
        place.amiss(Fault.REMOVED, min(place.vouched[0] if place.vouched else 0, state.dropped.number - 1) + 1)
    elif noted is not None and not place.has_noted:
        is_dropped = noted.number <= state.dropped.number
        place.amiss(Fault.HEAD_DROPPED if is_dropped else Fault.HEAD_MISSING, noted.number)


def _is_vouched(dropped: Head, vouched: tuple[int, str | None] | None) -> bool:
    if vouched is None:
        return dropped.number == 0
    return vouched[0] == dropped.number and vouched[1] in (None, dropped.hash)
