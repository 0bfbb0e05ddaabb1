"""What is known of each register"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "registers",
        sa.Column("point_id", sa.Integer(), sa.ForeignKey("points.id"), primary_key=True),
        sa.Column("fastest_per_hour", sa.Double(), nullable=True),
        sa.Column("last_us", sa.BigInteger(), nullable=False),
        sa.Column("last_value", sa.Double(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("registers")
