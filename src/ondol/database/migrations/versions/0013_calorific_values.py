"""What a cubic metre of gas holds"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calorific_values",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("building_id", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("kwh_per_m3", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calorific_values")),
        sa.ForeignKeyConstraint(["building_id"], ["buildings.id"], name=op.f("fk_calorific_values_building_id")),
        sa.UniqueConstraint("building_id", "valid_from", name=op.f("uq_calorific_values_building_id_valid_from")),
    )


def downgrade() -> None:
    op.drop_table("calorific_values")
