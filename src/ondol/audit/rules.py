"""How records hang together: each has the SHA-256 of itself and of the record before."""

import hashlib
import hmac
import json
import re
from datetime import UTC, datetime

from ondol.audit.model import AuditKey, AuditRecord, ChainState, Deed, Head

LONGEST_WHO, LONGEST_ADDRESS, LONGEST_ACTION, LONGEST_SUBJECT = 100, 64, 50, 200


def cleaned(text: str, most: int) -> str:
    """As much of a stranger's text as is kept, without signs that would steer a terminal or hide others."""
    return "".join(sign if sign.isprintable() else " " for sign in text[:most])


def hash_of(previous: str, number: int, deed: Deed) -> str:
    """The hash of a record; `previous` is that of the one before. The form never changes: it is what noted heads were made of."""
    at = deed.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    fields = [previous, number, at, deed.who, deed.address, deed.action, deed.subject]
    return hashlib.sha256(json.dumps(fields, separators=(",", ":")).encode()).hexdigest()


DROPPED = "audit records dropped"


def described_drop(first: int, last: Head, before: datetime) -> str:
    """The subject of the record that a drop leaves."""
    return f"{first}-{last.number}, before {before:%Y-%m-%d}, {last.hash}"


def dropped_by(deed: Deed) -> tuple[int, str | None] | None:
    """Number and hash of the last that a drop took, None for another deed. Records of former versions name no hash."""
    found = re.fullmatch(r"\d+-(\d{1,18}), before [-\d]+(?:, ([0-9a-f]{64}))?", deed.subject or "")
    return (int(found[1]), found[2]) if found and deed.action == DROPPED else None


def seal_of(key: AuditKey, head: Head) -> str:
    """What only who has the key can write beside a record."""
    return _seal(key, f"record {head}")


def seal_of_state(key: AuditKey, state: ChainState) -> str:
    """The same for what is kept beside the records."""
    return _seal(key, f"state {state.last} {state.dropped}")


def is_sealed(record: AuditRecord, key: AuditKey) -> bool:
    """Whether the record has the seal that its number asks for."""
    if record.number < key.first:
        return True
    return hmac.compare_digest(record.seal or "", seal_of(key, Head(record.number, record.hash)))


def is_state_sealed(state: ChainState, key: AuditKey) -> bool:
    """Whether the state was written by who has the key, as it has to be once a record was."""
    if state.last.number < key.first:
        return True
    return hmac.compare_digest(state.seal or "", seal_of_state(key, state))


def moved(before: ChainState, last: Head, dropped: Head, key: AuditKey | None) -> ChainState:
    """The next state. One that was not sealed as it should be stays so: a seal must not cover up what was done to it."""
    after = ChainState(last, dropped)
    if key is None or last.number < key.first or not is_state_sealed(before, key):
        return after
    return ChainState(last, dropped, seal_of_state(key, after))


def _seal(key: AuditKey, text: str) -> str:
    return hmac.new(key.secret.get_secret_value().encode(), text.encode(), hashlib.sha256).hexdigest()
