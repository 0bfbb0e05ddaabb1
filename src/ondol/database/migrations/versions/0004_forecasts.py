"""Forecasts with their scores, the models that made them, and weather as it was forecast"""

import sqlalchemy as sa
from alembic import op

from ondol.database.types import BigKey, EpochSeconds, UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_SCORES = (
    "error", "naive_error", "cvrmse_pct", "nmbe_pct", "smape_pct", "pinball_pct", "coverage90", "peak_mape_pct",
    "peak_hour_share", "naive_cvrmse_pct",
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "forecasts",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("building_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.String(length=50), nullable=False),
        sa.Column("horizon_h", sa.Integer(), nullable=False),
        sa.Column("issued_at", UtcDateTime(), nullable=False),
        sa.Column("start_at", UtcDateTime(), nullable=False),
        sa.Column("end_at", UtcDateTime(), nullable=False),
        sa.Column("model", sa.String(length=50), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("flags", sa.SmallInteger(), nullable=False),
        sa.Column("expected", sa.Text(), nullable=False),
        sa.Column("band", sa.Text(), nullable=False),
        sa.Column("last_week", sa.Text(), nullable=False),
        sa.Column("scored_at", UtcDateTime(), nullable=True),
        sa.Column("hours", sa.Integer(), nullable=True),
        *(sa.Column(name, sa.Double(), nullable=True) for name in _SCORES),
        sa.ForeignKeyConstraint(["building_id"], ["buildings.id"], name=op.f("fk_forecasts_building_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forecasts")),
        sa.UniqueConstraint("building_id", "quantity", "horizon_h", "issued_at", name="uq_forecasts_issue"),
    )
    op.create_index("idx_forecasts_start_at", "forecasts", ["start_at"], unique=False)
    op.create_index("idx_forecasts_scored_at", "forecasts", ["scored_at", "end_at"], unique=False)
    op.create_table(
        "forecast_models",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.String(length=50), nullable=False),
        sa.Column("horizon_h", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("object_key", sa.String(length=300), nullable=False),
        sa.Column("trained_at", UtcDateTime(), nullable=False),
        sa.Column("data_from", UtcDateTime(), nullable=False),
        sa.Column("data_until", UtcDateTime(), nullable=False),
        sa.Column("loads", sa.Integer(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("features", sa.Text(), nullable=False),
        sa.Column("scores", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forecast_models")),
        sa.UniqueConstraint(
            "quantity", "horizon_h", "version", name=op.f("uq_forecast_models_quantity_horizon_h_version")
        ),
    )
    op.create_table(
        "weather_forecasts",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("building_id", sa.Integer(), nullable=False),
        sa.Column("issued_at", EpochSeconds(), nullable=False),
        sa.Column("valid_at", EpochSeconds(), nullable=False),
        sa.Column("temperature_c", sa.Double(), nullable=True),
        sa.Column("humidity_pct", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(["building_id"], ["buildings.id"], name=op.f("fk_weather_forecasts_building_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weather_forecasts")),
        sa.UniqueConstraint(
            "building_id", "issued_at", "valid_at", name=op.f("uq_weather_forecasts_building_id_issued_at_valid_at")
        ),
    )


def downgrade() -> None:
    op.drop_table("weather_forecasts")
    op.drop_table("forecast_models")
    op.drop_table("forecasts")
