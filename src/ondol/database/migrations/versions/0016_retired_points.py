"""Points that are gone, whose ids are never given again, and names that were taken from a point"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("points", sa.Column("stored_as", sa.String(220), nullable=True))
    op.create_table(
        "retired_points",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("stored_as", sa.String(220), nullable=False),
        sa.Column("retired_at_s", sa.BigInteger(), nullable=False),
        sa.Column("merged_into", sa.Integer(), nullable=True),
        sa.Column("factor", sa.Double(), server_default="1", nullable=False),
        sa.Column("shift", sa.Double(), server_default="0", nullable=False),
        sa.Column("plan", sa.Text(), server_default="{}", nullable=False),
        sa.Column("is_cleared", sa.Boolean(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retired_points")),
    )
    op.create_index("idx_retired_points_key", "retired_points", ["key"])
    op.create_table(
        "released_names",
        sa.Column("source", sa.String(500), nullable=False),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_released_names")),
    )


def downgrade() -> None:
    op.drop_table("released_names")
    op.drop_table("retired_points")
    op.drop_column("points", "stored_as")
