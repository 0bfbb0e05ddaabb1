"""Forecasts say their unit"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_MAIN_METERS = """select 1 from points where points.building_id = forecasts.building_id
    and points.quantity = forecasts.quantity and points.submeter_of is null"""
_COUNTS_VOLUME = "points.kind <> 'measurement' and points.unit in ('m3', 'L')"
_COUNTS_ENERGY = """(points.kind <> 'measurement' and points.unit in ('kWh', 'Wh', 'MWh', 'GWh', 'MJ', 'GJ', 'Gcal', 'kcal')
    or points.kind = 'measurement' and points.unit in ('kW', 'W', 'MW'))"""


def upgrade() -> None:
    # Existing rows are kWh unless their building's main meters count volume.
    op.add_column("forecasts", sa.Column("unit", sa.String(length=20), nullable=False, server_default="kWh"))
    op.execute(
        f"""update forecasts set unit = 'm3' where exists ({_MAIN_METERS} and {_COUNTS_VOLUME})
        and not exists ({_MAIN_METERS} and {_COUNTS_ENERGY})"""  # noqa: S608
    )
    if op.get_bind().dialect.name == "postgresql":
        # Whoever writes a forecast says its unit; SQLite could drop the default only with the whole table.
        op.alter_column("forecasts", "unit", server_default=None)


def downgrade() -> None:
    op.drop_column("forecasts", "unit")
