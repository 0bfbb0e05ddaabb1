"""The guide's tables and what the design adds"""

import sqlalchemy as sa
from alembic import op

from ondol.database.types import BigKey, EpochSeconds, UtcDateTime, present_second

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_tokens",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("scopes", sa.String(length=100), nullable=False),
        sa.Column("buildings", sa.Text(), nullable=True),
        sa.Column("may_register", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("created_at", UtcDateTime(), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=True),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_tokens")),
        sa.UniqueConstraint("name", name=op.f("uq_api_tokens_name")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_tokens_token_hash")),
    )
    op.create_table(
        "audit",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("occurred_at", UtcDateTime(), nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=True),
        sa.Column("action", sa.String(length=50), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index("idx_audit_occurred_at", "audit", ["occurred_at"], unique=False)

    op.create_table(
        "buildings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("total_area", sa.Numeric(precision=10, scale=2), nullable=True),
        sa.Column("floors", sa.Integer(), nullable=True),
        sa.Column("building_type", sa.String(length=50), nullable=True),
        sa.Column("timezone", sa.String(length=64), server_default="Asia/Seoul", nullable=False),
        sa.Column("contract_power_kw", sa.Double(), nullable=True),
        sa.Column("is_synthetic", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("created_at", UtcDateTime(), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_buildings")),
        sa.UniqueConstraint("key", name=op.f("uq_buildings_key")),
    )
    op.create_table(
        "system_settings",
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_system_settings")),
    )
    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(length=50), nullable=False),
        sa.Column("email", sa.String(length=100), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=False),
        sa.Column("role", sa.String(length=20), server_default="user", nullable=True),
        sa.Column("language", sa.String(length=5), nullable=True),
        sa.Column("is_active", sa.Boolean(), server_default="1", nullable=False),
        sa.Column("created_at", UtcDateTime(), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
        sa.UniqueConstraint("username", name=op.f("uq_users_username")),
    )
    op.create_index("idx_users_email", "users", ["email"], unique=False)

    op.create_table(
        "tenants",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("building_id", sa.Integer(), nullable=True),
        sa.Column("key", sa.String(length=64), nullable=True),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("contact_info", sa.String(length=100), nullable=True),
        sa.Column("move_in_date", sa.Date(), nullable=True),
        sa.Column("contract_end_date", sa.Date(), nullable=True),
        sa.Column("created_at", UtcDateTime(), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=True),
        sa.ForeignKeyConstraint(["building_id"], ["buildings.id"], name=op.f("fk_tenants_building_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenants")),
        sa.UniqueConstraint("key", name=op.f("uq_tenants_key")),
    )
    op.create_table(
        "spaces",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("building_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("tenant_id", sa.Integer(), nullable=True),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=20), server_default="room", nullable=False),
        sa.Column("area_m2", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(["building_id"], ["buildings.id"], name=op.f("fk_spaces_building_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["spaces.id"], name=op.f("fk_spaces_parent_id")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_spaces_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spaces")),
        sa.UniqueConstraint("building_id", "key", name=op.f("uq_spaces_building_id_key")),
    )
    op.create_table(
        "equipment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("building_id", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Integer(), nullable=True),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("brick_class", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(["building_id"], ["buildings.id"], name=op.f("fk_equipment_building_id")),
        sa.ForeignKeyConstraint(["space_id"], ["spaces.id"], name=op.f("fk_equipment_space_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_equipment")),
        sa.UniqueConstraint("building_id", "key", name=op.f("uq_equipment_building_id_key")),
    )
    op.create_table(
        "points",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("building_id", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Integer(), nullable=True),
        sa.Column("equipment_id", sa.Integer(), nullable=True),
        sa.Column("submeter_of", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("quantity", sa.String(length=50), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("interval_s", sa.Integer(), nullable=True),
        sa.Column("floor", sa.String(length=20), nullable=True),
        sa.Column("end_use", sa.String(length=40), nullable=True),
        sa.Column("brick_class", sa.String(length=80), nullable=True),
        sa.Column("min_value", sa.Double(), nullable=True),
        sa.Column("max_value", sa.Double(), nullable=True),
        sa.Column("rollover_at", sa.Double(), nullable=True),
        sa.Column("max_per_hour", sa.Double(), nullable=True),
        sa.Column("created_at", UtcDateTime(), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=True),
        sa.ForeignKeyConstraint(["building_id"], ["buildings.id"], name=op.f("fk_points_building_id")),
        sa.ForeignKeyConstraint(["equipment_id"], ["equipment.id"], name=op.f("fk_points_equipment_id")),
        sa.ForeignKeyConstraint(["space_id"], ["spaces.id"], name=op.f("fk_points_space_id")),
        sa.ForeignKeyConstraint(["submeter_of"], ["points.id"], name=op.f("fk_points_submeter_of")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_points")),
        sa.UniqueConstraint("key", name=op.f("uq_points_key")),
    )
    op.create_index("idx_points_building_id", "points", ["building_id"], unique=False)

    op.create_table(
        "energy_usage",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("building_id", sa.Integer(), nullable=False),
        sa.Column("point_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.String(length=50), nullable=False),
        sa.Column("period", sa.String(length=5), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("usage", sa.Double(), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("measured_s", sa.Double(), nullable=False),
        sa.Column("quality", sa.SmallInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["building_id"], ["buildings.id"], name=op.f("fk_energy_usage_building_id")),
        sa.ForeignKeyConstraint(["point_id"], ["points.id"], name=op.f("fk_energy_usage_point_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_energy_usage")),
        sa.UniqueConstraint(
            "point_id", "period", "period_start", name=op.f("uq_energy_usage_point_id_period_period_start")
        ),
    )
    op.create_index(
        "idx_energy_usage_building_period",
        "energy_usage",
        ["building_id", "quantity", "period", "period_start"],
        unique=False,
    )

    op.create_table(
        "point_aliases",
        sa.Column("source", sa.String(length=500), nullable=False),
        sa.Column("point_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["point_id"], ["points.id"], name=op.f("fk_point_aliases_point_id")),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_point_aliases")),
    )
    op.create_table(
        "sensor_data",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("building_id", sa.Integer(), nullable=True),
        sa.Column("sensor_type", sa.String(length=50), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=True),
        sa.Column("recorded_at", EpochSeconds(), server_default=present_second(), nullable=True),
        sa.Column("point_id", sa.Integer(), nullable=True),
        sa.Column("duration_s", sa.Integer(), nullable=True),
        sa.Column("quality", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("measured_share", sa.Double(), nullable=True),
        sa.Column("value_min", sa.Double(), nullable=True),
        sa.Column("value_max", sa.Double(), nullable=True),
        sa.Column("value_last", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(["building_id"], ["buildings.id"], name=op.f("fk_sensor_data_building_id")),
        sa.ForeignKeyConstraint(["point_id"], ["points.id"], name=op.f("fk_sensor_data_point_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sensor_data")),
    )
    op.create_index("idx_sensor_data_building_time", "sensor_data", ["building_id", "recorded_at"], unique=False)


def downgrade() -> None:
    op.drop_index("idx_sensor_data_building_time", table_name="sensor_data")

    op.drop_table("sensor_data")
    op.drop_table("point_aliases")
    op.drop_index("idx_energy_usage_building_period", table_name="energy_usage")

    op.drop_table("energy_usage")
    op.drop_index("idx_points_building_id", table_name="points")

    op.drop_table("points")
    op.drop_table("equipment")
    op.drop_table("spaces")
    op.drop_table("tenants")
    op.drop_index("idx_users_email", table_name="users")

    op.drop_table("users")
    op.drop_table("system_settings")
    op.drop_table("buildings")
    op.drop_index("idx_audit_occurred_at", table_name="audit")

    op.drop_table("audit")
    op.drop_table("api_tokens")
