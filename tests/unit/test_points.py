"""Which points a building's usage is the sum of."""

from ondol.sites.model import Point, PointKind, main_meters


def point(key: str, unit: str, kind: PointKind, submeter_of: str | None = None) -> Point:
    return Point(1, key, 1, "b", key, key.split("_")[0], unit, kind, submeter_of=submeter_of)


def test_main_meters_count_usage_and_are_below_no_other():
    points = [
        point("electricity_main", "kWh", PointKind.TOTAL),
        point("electricity_annex", "kW", PointKind.MEASUREMENT),
        point("electricity_floor", "kWh", PointKind.TOTAL, "electricity_main"),
        point("electricity_factor", "pf", PointKind.MEASUREMENT),
        point("electricity_share", "kWh", PointKind.MEASUREMENT),
        point("gas_main", "m3", PointKind.TOTAL_INCREASING),
    ]
    assert [meter.key for meter in main_meters(points, "electricity")] == ["electricity_main", "electricity_annex"]
    assert [meter.key for meter in main_meters(points, "gas")] == ["gas_main"]
    assert main_meters(points, "water") == []
