"""What a meter's count is of its building's use"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("points") as points:
        points.add_column(sa.Column("role", sa.String(20), server_default="main", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("points") as points:
        points.drop_column("role")
