"""Repairs of history, and what was computed beneath them"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "repairs",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("key", sa.String(40), nullable=False, unique=True),
        sa.Column("point_id", sa.Integer(), sa.ForeignKey("points.id"), nullable=False),
        sa.Column("action", sa.String(20), nullable=False),
        sa.Column("start_s", sa.BigInteger(), nullable=False),
        sa.Column("end_s", sa.BigInteger(), nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("last_value", sa.Double(), nullable=True),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("made_at_s", sa.BigInteger(), nullable=False),
        sa.Column("covers_start_s", sa.BigInteger(), nullable=False),
        sa.Column("covers_end_s", sa.BigInteger(), nullable=False),
        sa.Column("undone_by", sa.String(200), nullable=True),
        sa.Column("undone_at_s", sa.BigInteger(), nullable=True),
    )
    op.create_index("idx_repairs_point_id", "repairs", ["point_id"])
    op.create_table(
        "computed_intervals",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
        sa.Column("duration_s", sa.Integer(), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("quality", sa.SmallInteger(), nullable=False),
        sa.Column("measured_share", sa.Double(), nullable=True),
        sa.Column("value_min", sa.Double(), nullable=True),
        sa.Column("value_max", sa.Double(), nullable=True),
        sa.Column("value_last", sa.Double(), nullable=True),
    )


def downgrade() -> None:
    # What people decided stays in sensor_data as it is.
    op.drop_table("computed_intervals")
    op.drop_table("repairs")
