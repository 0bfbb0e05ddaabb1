"""What is kept of a register with its point, beside its readings."""

import pytest
from tests.making import make_building, make_points

from ondol.common.instants import DAY_S, SECOND_US
from ondol.common.quality import Quality
from ondol.installation import Installation
from ondol.readings.model import readings_frame
from ondol.sites.model import Point

T0 = 1_768_435_200
QUARTER = 900


@pytest.fixture
def meter(ondol: Installation) -> Point:
    make_building(ondol, "hq", timezone="UTC")
    (point,) = make_points(
        ondol,
        "hq",
        [{"key": "hq.e", "name": "M", "quantity": "electricity", "unit": "kWh", "kind": "total_increasing"}],
    )
    return point


def show(ondol: Installation, meter: Point, *readings: tuple[int, float]) -> None:
    times, values = zip(*readings, strict=True)
    frame = readings_frame([meter.id] * len(times), [(T0 + time) * SECOND_US for time in times], list(values))
    ondol.history.timeseries.append(frame)
    ondol.history.aggregate()


def counted(ondol: Installation, meter: Point) -> float:
    return ondol.history.records.read([meter.id], 0, 1 << 32)["value"].sum()


def test_a_register_read_seldom_goes_on_from_readings_that_are_gone(ondol: Installation, meter: Point):
    show(ondol, meter, (0, 45_000.0))
    ondol.history.timeseries.drop_before((T0 + 30 * DAY_S) * SECOND_US)
    show(ondol, meter, (31 * DAY_S, 45_310.0))
    assert counted(ondol, meter) == pytest.approx(310.0)
    ondol.history.timeseries.drop_before((T0 + 61 * DAY_S) * SECOND_US)
    show(ondol, meter, (62 * DAY_S, 45_620.0))
    assert counted(ondol, meter) == pytest.approx(620.0)


def test_a_pace_outlives_the_readings_that_it_was_learnt_from(ondol: Installation, meter: Point):
    show(ondol, meter, *((n * QUARTER, 12_340.0 + n) for n in range(40)))
    (known,) = ondol.history.records.registers([meter.id]).values()
    assert known.fastest_per_hour == pytest.approx(4.0)
    ondol.history.timeseries.drop_before((T0 + DAY_S) * SECOND_US)
    show(ondol, meter, (2 * DAY_S, 12_400.0), (2 * DAY_S + QUARTER, 53_000.0))
    assert counted(ondol, meter) == pytest.approx(60.0)
    show(ondol, meter, *((2 * DAY_S + n * QUARTER, 53_000.0 + n) for n in range(2, 60)))
    # The step of the swap counts the usual.
    assert counted(ondol, meter) == pytest.approx(60.0 + 58.0 + 2.0, abs=1.1)


def test_zeros_wait_for_what_comes(ondol: Installation, meter: Point):
    show(ondol, meter, *((n * QUARTER, 12_340.0 + n) for n in range(20)))
    for n in range(20, 32):
        show(ondol, meter, (n * QUARTER, 0.0))
    assert counted(ondol, meter) == pytest.approx(19.0)
    waiting = ondol.history.records.read([meter.id], T0 + 24 * QUARTER, T0 + 25 * QUARTER)["quality"][0]
    assert Quality(waiting) == Quality.GLITCH | Quality.ESTIMATED
    for n in range(32, 36):
        show(ondol, meter, (n * QUARTER, 12_340.0 + n))
    assert counted(ondol, meter) == pytest.approx(35.0)
