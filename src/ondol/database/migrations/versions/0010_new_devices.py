"""Names that sent readings and wait to become points, and points that came to be by themselves"""

import sqlalchemy as sa
from alembic import op

from ondol.database.types import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("points") as points:
        points.add_column(sa.Column("from_device", sa.Boolean(), server_default="0", nullable=False))
        points.add_column(sa.Column("sent_unit", sa.String(50), nullable=True))
    op.create_table(
        "task_failures",
        sa.Column("task", sa.String(100), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", UtcDateTime(), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("is_well", sa.Boolean(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("task", name=op.f("pk_task_failures")),
    )
    op.create_table(
        "new_devices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(16), nullable=False),
        sa.Column("building_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(500), nullable=False),
        sa.Column("sent", sa.Text(), nullable=False),
        sa.Column("readings", sa.Integer(), nullable=False),
        sa.Column("last_us", sa.BigInteger(), nullable=False),
        sa.Column("last_value", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_new_devices")),
        sa.ForeignKeyConstraint(["building_id"], ["buildings.id"], name=op.f("fk_new_devices_building_id")),
        sa.UniqueConstraint("key", name=op.f("uq_new_devices_key")),
        sa.UniqueConstraint("source", name=op.f("uq_new_devices_source")),
    )
    op.create_table(
        "new_device_readings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=False),
        sa.Column("time_us", sa.BigInteger(), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("unit", sa.String(50), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_new_device_readings")),
        sa.UniqueConstraint("device_id", "time_us", name=op.f("uq_new_device_readings_device_id_time_us")),
        sa.ForeignKeyConstraint(
            ["device_id"], ["new_devices.id"], name=op.f("fk_new_device_readings_device_id"), ondelete="CASCADE"
        ),
    )


def downgrade() -> None:
    op.drop_table("new_device_readings")
    op.drop_table("new_devices")
    op.drop_table("task_failures")
    with op.batch_alter_table("points") as points:
        points.drop_column("sent_unit")
        points.drop_column("from_device")
