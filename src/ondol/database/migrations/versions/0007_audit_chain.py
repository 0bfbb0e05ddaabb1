"""The audit in a chain: each record has the hash of itself and of the one before"""

import sqlalchemy as sa
from alembic import op

from ondol.audit.model import NOTHING, Deed
from ondol.audit.rules import hash_of
from ondol.database.types import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_PART = 5_000
_AUDIT = sa.table(
    "audit", sa.column("id"), sa.column("occurred_at", UtcDateTime()), sa.column("actor"), sa.column("address"),
    sa.column("action"), sa.column("subject"), sa.column("number"), sa.column("hash"),
)  # fmt: skip
_CHAIN = sa.table(
    "audit_chain", sa.column("id"), sa.column("last_number"), sa.column("last_hash"), sa.column("dropped_number"),
    sa.column("dropped_hash"),
)  # fmt: skip


def upgrade() -> None:
    with op.batch_alter_table("audit") as audit:
        audit.add_column(sa.Column("number", sa.BigInteger(), nullable=True))
        audit.add_column(sa.Column("hash", sa.String(length=64), nullable=True))
        audit.add_column(sa.Column("seal", sa.String(length=64), nullable=True))
    op.create_table(
        "audit_chain",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last_number", sa.BigInteger(), nullable=False),
        sa.Column("last_hash", sa.String(length=64), nullable=False),
        sa.Column("dropped_number", sa.BigInteger(), nullable=False),
        sa.Column("dropped_hash", sa.String(length=64), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_chain")),
    )
    _chain(op.get_bind())
    with op.batch_alter_table("audit") as audit:
        audit.alter_column("number", existing_type=sa.BigInteger(), nullable=False)
        audit.alter_column("hash", existing_type=sa.String(length=64), nullable=False)
        audit.create_unique_constraint(op.f("uq_audit_number"), ["number"])


def _chain(connection: sa.Connection) -> None:
    """What was recorded before is chained as it stands there now."""
    known, number, previous = -1, 0, NOTHING
    change = (
        sa.update(_AUDIT)
        .where(_AUDIT.c.id == sa.bindparam("row"))
        .values(number=sa.bindparam("place"), hash=sa.bindparam("digest"))
    )
    columns = [_AUDIT.c[name] for name in ("id", "occurred_at", "actor", "address", "action", "subject")]
    while rows := connection.execute(
        sa.select(*columns).where(_AUDIT.c.id > known).order_by(_AUDIT.c.id).limit(_PART)
    ).all():
        changes: list[dict[str, object]] = []
        for known, at, who, address, action, subject in rows:
            number += 1
            deed = Deed(at=at, who=who, address=address, action=action, subject=subject)
            previous = hash_of(previous, number, deed)
            changes.append({"row": known, "place": number, "digest": previous})
        connection.execute(change, changes)
    if number:
        row = {"id": 1, "last_number": number, "last_hash": previous, "dropped_number": 0, "dropped_hash": NOTHING}
        connection.execute(sa.insert(_CHAIN).values(row))


def downgrade() -> None:
    op.drop_table("audit_chain")
    with op.batch_alter_table("audit") as audit:
        audit.drop_constraint(op.f("uq_audit_number"), type_="unique")
        for column in ("seal", "hash", "number"):
            audit.drop_column(column)
