"""What all tables share."""

from datetime import datetime

from sqlalchemy import Double, MetaData, Text
from sqlalchemy.orm import DeclarativeBase

from ondol.database.types import UtcDateTime


class Base(DeclarativeBase):
    """All tables; constraints have names, so that a migration can change them."""

    metadata = MetaData(
        naming_convention={
            "ix": "idx_%(table_name)s_%(column_0_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime, float: Double, str: Text}  # noqa: RUF012
