"""Migrations run up and down, and end at exactly the tables that the models describe."""

import os
import subprocess
import sys
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from ondol.stores.relational.database import Database
from ondol.stores.relational.models import Base

ROOT = Path(__file__).parents[2]


def test_upgrade_makes_the_tables_that_the_models_describe(tmp_path: Path):
    database = Database(f"sqlite:///{tmp_path}/ondol.sqlite")
    database.upgrade()
    with database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_downgrade_leaves_nothing(tmp_path: Path):
    database = Database(f"sqlite:///{tmp_path}/ondol.sqlite")
    database.upgrade()
    database.downgrade("base")
    assert inspect(database.engine).get_table_names() == ["alembic_version"]
    database.upgrade()


def test_the_bare_alembic_command_works(tmp_path: Path):
    environment = {**os.environ, "ONDOL_DATABASE_URL": f"sqlite:///{tmp_path}/ondol.sqlite"}
    subprocess.run([sys.executable, "-m", "alembic", "upgrade", "head"], cwd=ROOT, env=environment, check=True)
    assert "sensor_data" in inspect(Database(f"sqlite:///{tmp_path}/ondol.sqlite").engine).get_table_names()


def test_the_guides_tables_have_its_columns_and_indexes(tmp_path: Path):
    database = Database(f"sqlite:///{tmp_path}/ondol.sqlite")
    database.upgrade()
    schema = inspect(database.engine)
    guide = {
        "users": "id username email password_hash role created_at",
        "buildings": "id name address total_area floors building_type created_at",
        "tenants": "id building_id name contact_info move_in_date contract_end_date created_at",
        "sensor_data": "id building_id sensor_type value unit recorded_at",
    }
    for table, columns in guide.items():
        assert set(columns.split()) <= {column["name"] for column in schema.get_columns(table)}, table
    assert {i["name"]: i["column_names"] for i in schema.get_indexes("sensor_data")} == {
        "idx_sensor_data_building_time": ["building_id", "recorded_at"]
    }
    assert {"name": "idx_users_email", "column_names": ["email"]}.items() <= schema.get_indexes("users")[0].items()


def test_a_row_as_the_guide_writes_it_gets_its_defaults(tmp_path: Path):
    database = Database(f"sqlite:///{tmp_path}/ondol.sqlite")
    database.upgrade()
    with database.write() as connection:
        connection.exec_driver_sql(
            "insert into sensor_data (sensor_type, value, unit) values ('temperature', 23.5, 'celsius')"
        )
        connection.exec_driver_sql(
            "insert into users (username, email, password_hash) values ('kim', 'kim@example.com', 'x')"
        )
        (recorded,) = connection.exec_driver_sql("select recorded_at from sensor_data").one()
        assert connection.exec_driver_sql("select role, created_at is not null from users").one() == ("user", 1)
    assert recorded > 1_700_000_000
