"""The audit: who did what, and whether the record of it is whole. For administrators."""

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext

from ondol.audit import AuditQuestion, AuditRecord, ChainReport, Fault
from ondol.common.spreadsheets import harmless
from ondol.web.installation import access, ondol
from ondol.web.pages.installation import now, require_sign_in

MOST = 100
_LONGEST_FILTER = 200
_HEADER = ("number", "time", "who", "address", "action", "subject", "hash")

blueprint = Blueprint("audit", __name__)
blueprint.before_request(require_sign_in)


@blueprint.get("/audit")
def show() -> str:
    """The newest records, or those before `?before=NUMBER`; `?check=1` goes through the whole chain."""
    found = ondol().audit.records(access(), _question(), _before(), MOST + 1)
    chosen = {name: request.args[name] for name in ("who", "action", "subject", "from", "to") if request.args.get(name)}
    return render_template(
        "audit.html",
        records=found[:MOST],
        older=found[MOST - 1].number if len(found) > MOST else None,
        chosen=chosen,
        is_first=_before() is None,
        actions=action_names(),
        head=ondol().audit.head(access()),
        report=ondol().audit.verify(access()) if "check" in request.args else None,
        zone=_zone(),
    )


@blueprint.post("/audit/export")
def export() -> Response:
    """All records that the filter lets through, as CSV."""
    rows = _lines(ondol().audit.export(access(), _question()))
    name = f"audit-{now().astimezone(_zone()):%Y-%m-%d}.csv"
    return Response(
        rows, mimetype="text/csv; charset=utf-8", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@blueprint.app_template_filter("deed")
def action_name(action: str) -> str:
    """What was done, in the request's language; what has no words reads as it is kept."""
    return action_names().get(action, action)


@blueprint.app_template_filter("chain_words")
def chain_words(report: ChainReport) -> str:
    """What a look at the chain has found."""
    at = report.at
    if report.fault is None:
        return gettext("All %(count)d records are as they were written.", count=report.records)
    return {
        Fault.CHANGED: gettext("Record %(at)d was changed, or is not the one that was written there.", at=at),
        Fault.REMOVED: gettext("Record %(at)d was removed.", at=at),
        Fault.INSERTED: gettext("Record %(at)d was put there by something else than Ondol.", at=at),
        Fault.CUT_OFF: gettext("Record %(at)d and all behind it are missing.", at=at),
        Fault.UNSEALED: gettext("Record %(at)d was written without the key, or with another one.", at=at),
        Fault.STATE_UNSEALED: gettext("Records behind %(at)d may be missing: the note of the head has no seal.", at=at),
    }.get(report.fault, report.fault.value)


def action_names() -> dict[str, str]:
    """Every action that is recorded, in the request's language."""
    return {
        "signed in": gettext("Sign-in"),
        "sign-in refused": gettext("Sign-in refused"),
        "sign-in paused": gettext("Sign-in paused"),
        "signed out": gettext("Signed out"),
        "session ended": gettext("Session ended"),
        "password changed": gettext("Password changed"),
        "password change refused": gettext("Password change refused"),
        "password reset": gettext("Password reset"),
        "user created": gettext("User created"),
        "user changed": gettext("User changed"),
        "user closed": gettext("User closed"),
        "user reopened": gettext("User reopened"),
        "user invited": gettext("User invited"),
        "invitation taken back": gettext("Invitation taken back"),
        "invitation accepted": gettext("Invitation accepted"),
        "sign-up asked": gettext("Account asked for"),
        "signed up": gettext("Account waits for approval"),
        "user approved": gettext("User approved"),
        "user deleted": gettext("User deleted"),
        "reset link made": gettext("Link for a password made"),
        "password reset asked": gettext("Link for a password asked for"),
        "password reset by link": gettext("Password reset by link"),
        "account changed": gettext("Account changed"),
        "address change asked": gettext("Another e-mail address asked for"),
        "address change refused": gettext("Another e-mail address refused"),
        "address changed": gettext("E-mail address changed"),
        "token created": gettext("Token created"),
        "token revoked": gettext("Token revoked"),
        "building created": gettext("Building created"),
        "building changed": gettext("Building changed"),
        "spaces created": gettext("Spaces created"),
        "tenants created": gettext("Tenants created"),
        "points created": gettext("Points created"),
        "point changed": gettext("Point changed"),
        "history repaired": gettext("History repaired"),
        "repair undone": gettext("Repair undone"),
        "file imported": gettext("File imported"),
        "readings dropped": gettext("Raw readings dropped"),
        "audit exported": gettext("Audit exported"),
        "audit records dropped": gettext("Audit records dropped"),
    }


def _question() -> AuditQuestion:
    given = {
        name: request.values.get(name, "").replace("\0", "").strip()[:_LONGEST_FILTER]
        for name in ("who", "action", "subject")
    }
    return AuditQuestion(
        who=given["who"] or None,
        action=given["action"] or None,
        subject=given["subject"] or None,
        start=_midnight(request.values.get("from"), 0),
        end=_midnight(request.values.get("to"), 1),
    )


def _midnight(text: str | None, days_later: int) -> datetime | None:
    """Where a day begins on the installation's clock; what is no day filters nothing."""
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    if not 1970 <= day.year <= 2100:
        return None
    return datetime.combine(day + timedelta(days=days_later), time(), _zone())


def _before() -> int | None:
    text = request.args.get("before", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def _zone() -> ZoneInfo:
    return ZoneInfo(ondol().settings.timezone)


def _lines(records: Iterator[AuditRecord]) -> Iterator[str]:
    """Lines of CSV with the mark by which spreadsheets know UTF-8; what strangers entered is no formula in it."""
    yield "\ufeff" + _line(_HEADER)
    for record in records:
        deed = record.deed
        cells = (deed.who, deed.address or "", deed.action, deed.subject or "")
        yield _line((record.number, f"{deed.at:%Y-%m-%dT%H:%M:%S.%fZ}", *map(harmless, cells), record.hash))


def _line(cells: tuple[object, ...]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()
