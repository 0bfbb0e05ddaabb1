"""PostgreSQL keeps sensor_data by month"""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

from ondol.history.sql.partitions import MONTHS_AHEAD, create_partitions, months_between

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

COLUMNS = "id, building_id, sensor_type, value, unit, recorded_at, point_id, duration_s, quality, measured_share, value_min, value_max, value_last"


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        return
    _set_aside()
    _create("primary key (id, recorded_at)", "partition by range (recorded_at)")
    first, last = connection.execute(sa.text("select min(recorded_at), max(recorded_at) from sensor_data_before")).one()
    now = datetime.now(UTC)
    ahead = now + timedelta(days=31 * MONTHS_AHEAD)
    create_partitions(connection, months_between(min(first or now, now), max(last or now, ahead)))
    _take_back()


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        return
    _set_aside()
    _create("primary key (id)", "")
    _take_back()


def _set_aside() -> None:
    op.execute("alter table sensor_data rename to sensor_data_before")
    op.execute("alter table sensor_data_before rename constraint pk_sensor_data to pk_sensor_data_before")
    op.execute("drop index idx_sensor_data_building_time")


def _create(primary_key: str, partition: str) -> None:
    op.execute(
        f"""create table sensor_data (
            id bigint not null default nextval('sensor_data_id_seq'),
            building_id integer constraint fk_sensor_data_building_id references buildings (id),
            sensor_type varchar(50) not null,
            value double precision not null,
            unit varchar(20),
            recorded_at timestamptz not null default now(),
            point_id integer constraint fk_sensor_data_point_id references points (id),
            duration_s integer,
            quality smallint not null default 0,
            measured_share double precision,
            value_min double precision,
            value_max double precision,
            value_last double precision,
            constraint pk_sensor_data {primary_key}
        ) {partition}"""
    )
    op.execute("create index idx_sensor_data_building_time on sensor_data (building_id, recorded_at)")


def _take_back() -> None:
    op.execute(
        f"insert into sensor_data ({COLUMNS}) select {COLUMNS} from sensor_data_before where recorded_at is not null"  # noqa: S608
    )
    op.execute("alter sequence sensor_data_id_seq owned by sensor_data.id")
    op.execute("drop table sensor_data_before")
