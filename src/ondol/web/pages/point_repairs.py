"""What the page of a point shows of repairs, and how the form for one is read."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import request
from flask_babel import gettext

from ondol.common.access import Scope
from ondol.common.errors import InvalidInput
from ondol.common.instants import QUARTER_S, epoch_s, from_epoch_s
from ondol.common.quality import Quality
from ondol.history import FlaggedStretch, NewRepair, RepairAction
from ondol.sites import Building, Point, PointKind
from ondol.web.installation import access, ondol
from ondol.web.pages.installation import now

LOOKED_AT = timedelta(days=90)
MOST_SHOWN = 20
_LOCAL = "%Y-%m-%dT%H:%M"


def repair_values(point: Point, building: Building, last_seen: datetime | None) -> dict[str, Any]:
    """What the template needs: flagged stretches of the last 90 days with data, the repairs, and what the form may do."""
    # The quarter-hour that is running is always partly measured.
    end = from_epoch_s(epoch_s(min(now(), (last_seen or now()) + timedelta(days=1))) // QUARTER_S * QUARTER_S)
    flagged = ondol().history.find_flagged(access(), point.key, end - LOOKED_AT, end)
    is_register = point.kind is PointKind.TOTAL_INCREASING
    actions = {name: text for name, text in action_names().items() if is_register or name not in _OF_REGISTERS}
    return {
        "flagged": [_row(stretch, building.zone) for stretch in flagged[:MOST_SHOWN]],
        "unshown": max(len(flagged) - MOST_SHOWN, 0),
        "repairs": ondol().history.repairs(access(), point.key),
        "may_repair": Scope.WRITE in access().scopes,
        "actions": actions,
        "action_names": action_names(),
        "chosen": request.form if request.method == "POST" else request.args,
    }


def _row(stretch: FlaggedStretch, zone: ZoneInfo) -> dict[str, Any]:
    names = ["missing"] if stretch.quality is None else Quality(stretch.quality).names
    first, until = (instant.astimezone(zone).strftime(_LOCAL) for instant in (stretch.start, stretch.end))
    return {"stretch": stretch, "flags": names, "first": first, "until": until}


def asked_repair(zone: ZoneInfo) -> NewRepair:
    """The repair that the form asks for; its times are of the building's clock. Raises InvalidInput in the person's words."""
    action = request.form.get("action", "")
    if action not in action_names():
        raise InvalidInput(gettext("Choose what is to be done."))
    start = _instant("first", zone)
    if start is None:
        raise InvalidInput(gettext("Say from when on."))
    reason = request.form.get("reason", "").replace("\0", "").strip()[:500]
    if not reason:
        raise InvalidInput(gettext("Say why: whoever looks at this later will ask."))
    end = None if action in _OF_REGISTERS else _instant("until", zone)
    return NewRepair(
        action=RepairAction(action), start=start, end=end, value=_number("value"), last_value=_number("last_value"),
        reason=reason,
    )  # fmt: skip


def _instant(field: str, zone: ZoneInfo) -> datetime | None:
    text = request.form.get(field, "")
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
        if found.tzinfo is not None or not 1970 <= found.year < 2100:
            raise ValueError(text)
        return max(found.replace(tzinfo=zone).astimezone(UTC), datetime.fromtimestamp(0, UTC))
    except ValueError as error:
        raise InvalidInput(gettext("Write times as 2026-01-15T10:30.")) from error


def _number(field: str) -> float | None:
    text = request.form.get(field, "").strip().replace(",", "")
    if not text:
        return None
    try:
        found = float(text)
    except ValueError as error:
        raise InvalidInput(gettext("Write a number such as 12.5.")) from error
    if not abs(found) <= 1e100:
        raise InvalidInput(gettext("Write a number such as 12.5."))
    return found


_OF_REGISTERS = {RepairAction.SWAP.value, RepairAction.FIRST_VALUE.value}


def action_names() -> dict[str, str]:
    """What a repair does, in the request's language."""
    return {
        "set": gettext("set to a value, or an amount for the whole stretch"),
        "scale": gettext("multiply by a factor"),
        "shift": gettext("add a value"),
        "interpolate": gettext("draw a line over it"),
        "similar_days": gettext("fill in from similar days"),
        "delete": gettext("take out"),
        "restore": gettext("show as computed"),
        "swap": gettext("meter was swapped (value: first stand of the new one)"),
        "first_value": gettext("first stand of the register (value: the stand then)"),
    }
