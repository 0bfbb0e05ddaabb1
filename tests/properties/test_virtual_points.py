"""Whatever is written to inputs, in whatever order, a virtual point is what its formula gives of all that is known."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ondol.database.engine import Database
from ondol.history.model import intervals_frame
from ondol.history.rules.virtual import reckoned
from ondol.history.sql.records import SqlHistory
from ondol.sites import NewBuilding, NewPoint, PointKind
from ondol.sites.sql import SqlSiteRecords

QUARTER = 900
FIRST = int(datetime(2026, 3, 1, tzinfo=UTC).timestamp())
SHOWN = ["start", "duration_s", "quality"]
NUMBERS = count()
FORMULAS = {"a": "[x] - 2 * [y]", "b": "max([x], [a])", "c": "min([a], [b]) * 3"}

writes = st.lists(
    st.tuples(
        st.sampled_from(["x", "y"]), st.integers(0, 30), st.sampled_from([300, QUARTER, 1800, 3600, 4 * 3600]),
        st.lists(st.floats(-100, 100), min_size=1, max_size=6), st.sampled_from([0, 8, 32]),
    ),
    min_size=1,
    max_size=10,
)  # fmt: skip


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    opened = Database(f"sqlite:///{tmp_path_factory.mktemp('virtual') / 'ondol.db'}")
    opened.upgrade()
    yield opened
    opened.close()


@settings(
    max_examples=60,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(writes)
def test_it_is_as_if_reckoned_at_the_end(
    database: Database, writes: list[tuple[str, int, int, list[float], int]]
) -> None:
    sites, history, hall = SqlSiteRecords(database), SqlHistory(database), f"hall{next(NUMBERS)}"
    building = sites.add_building(NewBuilding(key=hall, name="hall", timezone="UTC"))
    for key in "xyabc":
        formula = FORMULAS.get(key, "").replace("[", f"[{hall}.") or None
        new = NewPoint(key=f"{hall}.{key}", name=key, quantity="q", unit="kWh", kind=PointKind.TOTAL, formula=formula)
        sites.add_points(hall, [new])
    points = {point.name: point for point in sites.points(hall)}
    by_id = {point.id: point for point in points.values()}
    for key, quarter, length, values, quality in writes:
        start = FIRST + quarter * QUARTER
        rows = pl.DataFrame({"start": [start + n * length for n in range(len(values))], "value": values})
        written = intervals_frame(rows, point_id=points[key].id, duration_s=length, quality=quality)
        history.write(written, by_id, {building.id: building})
    for key, inputs in {"a": "xy", "b": "xa", "c": "ab"}.items():
        read = {points[it].key: points[it] for it in inputs}
        expected = reckoned(points[key], read, history.read([it.id for it in read.values()], 0, 2**32 - 1))
        found = history.read([points[key].id], 0, 2**32 - 1)
        assert found.select(SHOWN).rows() == expected.select(SHOWN).rows()
        # The order of additions decides the last digit.
        assert found["value"].to_list() == pytest.approx(expected["value"].to_list(), abs=1e-9)
