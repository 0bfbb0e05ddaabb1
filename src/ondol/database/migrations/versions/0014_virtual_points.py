"""Points that are reckoned from others by a formula"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("points") as points:
        points.add_column(sa.Column("formula", sa.String(500), nullable=True))
        points.add_column(sa.Column("history_due", sa.Boolean(), server_default="0", nullable=False))
    op.create_table(
        "formula_inputs",
        sa.Column("point_id", sa.Integer(), nullable=False),
        sa.Column("input_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("point_id", "input_id", name=op.f("pk_formula_inputs")),
        sa.ForeignKeyConstraint(["point_id"], ["points.id"], name=op.f("fk_formula_inputs_point_id")),
        sa.ForeignKeyConstraint(["input_id"], ["points.id"], name=op.f("fk_formula_inputs_input_id")),
    )


def downgrade() -> None:
    op.drop_table("formula_inputs")
    with op.batch_alter_table("points") as points:
        points.drop_column("history_due")
        points.drop_column("formula")
