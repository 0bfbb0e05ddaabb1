"""Series of other stores that points take their readings from"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "adopted_series",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(500), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("measurement", sa.Text(), nullable=False),
        sa.Column("tags", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("point_id", sa.Integer(), nullable=False),
        sa.Column("multiplier", sa.Double(), nullable=False),
        sa.Column("past_end_us", sa.BigInteger(), nullable=False),
        sa.Column("past_us", sa.BigInteger(), nullable=False),
        sa.Column("follow_us", sa.BigInteger(), nullable=False),
        sa.Column("read", sa.BigInteger(), nullable=False),
        sa.Column("accepted", sa.BigInteger(), nullable=False),
        sa.Column("refused", sa.BigInteger(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("slots", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adopted_series")),
        sa.ForeignKeyConstraint(["point_id"], ["points.id"], name=op.f("fk_adopted_series_point_id")),
        sa.UniqueConstraint("origin", "key", name=op.f("uq_adopted_series_origin_key")),
    )


def downgrade() -> None:
    op.drop_table("adopted_series")
