"""What people may reach: buildings, and tenants for those who rent"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("users") as users:
        users.add_column(sa.Column("all_buildings", sa.Boolean(), server_default="0", nullable=False))
    # Who has an account sees what they saw; a tenant's spaces are theirs by `user_tenants` alone.
    op.execute(sa.text("update users set all_buildings = :yes").bindparams(sa.bindparam("yes", True, sa.Boolean())))
    op.create_table(
        "user_buildings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("building_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_user_buildings_user_id")),
        sa.ForeignKeyConstraint(["building_id"], ["buildings.id"], name=op.f("fk_user_buildings_building_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_buildings")),
        sa.UniqueConstraint("user_id", "building_id", name=op.f("uq_user_buildings_user_id_building_id")),
    )
    op.create_index("idx_user_buildings_building_id", "user_buildings", ["building_id"], unique=False)
    op.create_table(
        "user_tenants",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_user_tenants_user_id")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_user_tenants_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_tenants")),
        sa.UniqueConstraint("user_id", "tenant_id", name=op.f("uq_user_tenants_user_id_tenant_id")),
    )
    op.create_index("idx_user_tenants_tenant_id", "user_tenants", ["tenant_id"], unique=False)


def downgrade() -> None:
    op.drop_table("user_tenants")
    op.drop_table("user_buildings")
    with op.batch_alter_table("users") as users:
        users.drop_column("all_buildings")
