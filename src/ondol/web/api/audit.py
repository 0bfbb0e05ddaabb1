"""What was done, and by whom."""

from ondol.audit import AuditQuestion
from ondol.common.access import Scope
from ondol.web.api.operations import Call, operation
from ondol.web.api.shapes.audit import AuditItem, AuditList, AuditQuery
from ondol.web.installation import ondol


@operation("GET", "/api/v1/audit", tag="audit", scope=Scope.ADMIN, query=AuditQuery, answer=AuditList)
def list_audit(call: Call) -> AuditList:
    """List what was done.

    The newest first, for administrators alone. `ondol audit verify` tells whether the records are still what was written.
    """
    asked: AuditQuery = call.query
    question = AuditQuestion(
        who=asked.who, action=asked.action, subject=asked.subject, start=asked.start, end=asked.end
    )
    before = None if asked.cursor is None else int(asked.cursor)
    found = ondol().audit.records(call.access, question, before, asked.limit + 1)
    items = [
        AuditItem(
            number=record.number,
            time=record.deed.at,
            who=record.deed.who,
            address=record.deed.address,
            action=record.deed.action,
            subject=record.deed.subject,
            hash=record.hash,
        )
        for record in found[: asked.limit]
    ]
    return AuditList(items=items, next=str(items[-1].number) if len(found) > asked.limit else None)
