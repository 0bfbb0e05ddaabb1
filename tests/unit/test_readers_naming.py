"""What columns measure, how series and points are named, long files, mapping files."""

from typing import Any

import pytest

from ondol.common.errors import InvalidInput
from ondol.imports.files import read_file
from ondol.imports.mapping import parse_mapping
from ondol.imports.model import ImportOptions, ParsedFile
from ondol.imports.naming import meaning_of
from ondol.sites.model import PointKind, PointRole


def read(text: str, name: str = "file.csv", **options: Any) -> ParsedFile:
    settings: dict[str, Any] = {"timezone": "UTC", "stamp": "start", **options}
    return read_file(text.encode(), name, ImportOptions(**settings), "hall")


def wide(header: str, *columns: list[float]) -> str:
    rows = [
        ",".join([f"2024-01-{1 + i // 24:02} {i % 24:02}:00", *map(str, row)])
        for i, row in enumerate(zip(*columns, strict=True))
    ]
    return "\n".join([header, *rows])


@pytest.mark.parametrize(
    ("column", "file", "quantity", "unit"),
    [
        ("equipment load [kWh]", "electricity-2017.csv", "electricity", "kWh"),
        ("equipment load [kWh]", "x.csv", "electricity", "kWh"),
        ("heating load [kWh]", "gas-2018.csv", "gas", "kWh"),
        ("heating load [kWh]", "x.csv", "heat", "kWh"),
        ("Usage_kWh", "x.csv", "electricity", "kWh"),
        ("Usage [MWh]", "x.csv", "electricity", "MWh"),
        ("air_temperature [degC]", "2017.csv", "temperature", "degC"),
        ("rltv_hum [%]", "2017.csv", "humidity", "%"),
        ("glbl_irad_amt [W/m2]", "2017.csv", "irradiance", "W/m2"),
        ("Lagging_Current_Reactive_Power_kVarh", "x.csv", "reactive_energy_lagging", "kvarh"),
        ("Leading_Current_Reactive_Power_kVarh", "x.csv", "reactive_energy_leading", "kvarh"),
        ("Lagging_Current_Power_Factor", "x.csv", "power_factor_lagging", "pf"),
        ("CO2(tCO2)", "x.csv", "emissions", "tCO2"),
        ("CO2", "x.csv", "co2", "ppm"),
        ("Temperature", "x.csv", "temperature", "degC"),
        ("Humidity", "x.csv", "humidity", "%"),
        ("HumidityRatio", "x.csv", "humidity_ratio", "kg/kg"),
        ("Light", "datatraining.txt", "illuminance", "lx"),
        ("Occupancy", "x.csv", "occupancy", "people"),
        ("dif_cons", "consA-60T.csv", "electricity", "kWh"),
        ("V2", "temp-sensorA-60T.csv", "temperature", "degC"),
        ("전력사용량(kWh)", "x.csv", "electricity", "kWh"),
        ("유효전력(kW)", "x.csv", "electricity", "kW"),
        ("도시가스 사용량(㎥)", "x.csv", "gas", "m3"),
        ("수도", "x.csv", "water", "m3"),
        ("실내온도(℃)", "x.csv", "temperature", "degC"),
        ("상대습도(%)", "x.csv", "humidity", "%"),
        ("이산화탄소", "x.csv", "co2", "ppm"),
        ("조도", "x.csv", "illuminance", "lx"),
        ("kWh", "x.csv", "electricity", "kWh"),
        ("Main demand (kW)", "x.csv", "electricity", "kW"),
    ],
)
def test_what_a_column_measures(column: str, file: str, quantity: str, unit: str) -> None:
    meaning = meaning_of(column, file)
    assert meaning is not None
    assert (meaning.quantity, meaning.unit) == (quantity, unit)


@pytest.mark.parametrize(
    ("column", "file"), [("V2", "template.csv"), ("x", "datatraining.txt"), ("foo [bar]", "x.csv")]
)
def test_what_no_name_tells_is_unknown(column: str, file: str) -> None:
    assert meaning_of(column, file) is None


def test_the_years_of_one_meter_are_one_point() -> None:
    text = wide("datetime,equipment load [kWh]", [5, 4, 6, 5])
    names = ["electricity-2017.csv", "electricity-2018.csv", "hall-electricity-2019.csv", "2020년 전력사용량.csv"]
    assert {read(text, name).series[0].point for name in names} == {"hall.electricity"}


def test_meters_of_one_quantity_are_told_apart_by_file_and_column() -> None:
    text = wide("time,V2", [20, 21, 20, 21])
    assert read(text, "temp-sensorA-60T.csv").series[0].point == "hall.temperature.sensor_a"
    text = wide("time,Chiller 1 kWh,Chiller 2 kWh,T [degC]", [5, 4, 6], [1, 2, 1], [20, 21, 22])
    points = [spec.point for spec in read(text).series]
    assert points == ["hall.electricity.chiller_1_kwh", "hall.electricity.chiller_2_kwh", "hall.temperature"]


def test_kinds_follow_units_and_values() -> None:
    hours = range(72)
    header = "time,dif [kWh],cons_total [kWh],stand (kWh),power [kW],water [m3]"
    columns = [
        [1 + h % 2 for h in hours],
        [9 + sum(1 + i % 2 for i in range(h + 1)) for h in hours],
        [90_000 + 1.5 * h for h in hours],
        [1 + h % 2 for h in hours],
        [h % 3 for h in hours],
    ]
    parsed = read(wide(header, *columns))
    register, interval, measured = PointKind.TOTAL_INCREASING, PointKind.TOTAL, PointKind.MEASUREMENT
    assert [spec.kind for spec in parsed.series] == [interval, register, register, measured, interval]
    assert [spec.interval_s for spec in parsed.series] == [3600, None, None, 3600, 3600]
    assert [spec.quantity for spec in parsed.series][:2] == ["electricity", "electricity_register"]


def test_a_power_factor_in_percent_and_a_state_of_occupancy() -> None:
    parsed = read(wide("time,Power Factor,Occupancy", [73.2, 100, 98], [0, 1, 1]))
    assert [spec.unit for spec in parsed.series] == ["%", "count"]
    parsed = read(wide("time,Power Factor,Occupancy", [0.9, 1, 0.98], [0, 7, 1]))
    assert [spec.unit for spec in parsed.series] == ["pf", "people"]


def test_columns_that_are_no_readings_are_left_out_and_named() -> None:
    parsed = read(wide("time,kWh,NSM,WeekStatus,dpq", [1, 2, 1], [0, 3600, 7200], [1, 2, 3], [5, 7, 6]))
    assert [spec.column for spec in parsed.series] == ["kWh"]
    (left,) = [note for note in parsed.notes if note.startswith("Left out, no readings")]
    assert "NSM (" in left
    assert "WeekStatus (" in left
    assert any("dpq" in note and "--mapping" in note for note in parsed.notes)


def test_flags_name_one_series() -> None:
    text = wide("when,a,b", [1, 2, 3], [4, 5, 6])
    options: dict[str, Any] = {"value_column": "B", "point": "hall.f1.power", "quantity": "electricity", "unit": "kw"}
    parsed = read(text, time_column="WHEN", kind=PointKind.MEASUREMENT, role=PointRole.MAIN, **options)
    spec = parsed.series[0]
    assert (spec.point, spec.quantity, spec.unit, spec.kind, spec.column) == (
        "hall.f1.power", "electricity", "kW", PointKind.MEASUREMENT, "b",
    )  # fmt: skip
    assert spec.inferred == frozenset()
    assert parsed.frame["value"].to_list() == [4, 5, 6]


def test_a_quantity_chooses_its_column() -> None:
    text = wide("time,kWh,T [degC]", [1, 2, 1], [20, 21, 20])
    assert [spec.column for spec in read(text, quantity="temperature").series] == ["T [degC]"]


def test_one_point_for_several_columns_is_refused() -> None:
    with pytest.raises(InvalidInput, match="several columns of readings"):
        read(wide("time,kWh,T [degC]", [1, 2, 1], [20, 21, 20]), point="hall.x")


LONG = """recorded_at,building_id,sensor_type,floor,room,value,unit
2024-01-15 00:00,b1,temperature,3,301,21.5,celsius
2024-01-15 00:00,b1,humidity,3,301,40,%
2024-01-15 00:00,b1,temperature,3,302,22.5,celsius
2024-01-15 01:00,b1,temperature,3,301,21.0,celsius
2024-01-15 01:00,b1,humidity,3,301,oops,%
2024-01-15 01:00,b1,temperature,3,302,22.0,celsius
"""


def test_a_long_file_holds_a_series_for_every_sensor() -> None:
    parsed = read(LONG)
    assert {spec.point: (spec.quantity, spec.unit) for spec in parsed.series} == {
        "hall.temperature.3.301": ("temperature", "degC"),
        "hall.humidity.3.301": ("humidity", "%"),
        "hall.temperature.3.302": ("temperature", "degC"),
    }
    assert parsed.frame.group_by("series").agg("value").sort("series")["value"].to_list() == [
        [21.5, 21.0],
        [40],
        [22.5, 22.0],
    ]
    assert parsed.rejects.rows() == [(6, "value", "oops", "is not a number")]


def test_a_long_file_may_name_points_in_full() -> None:
    text = "time,point,kWh\n" + "".join(
        f"2024-01-15 {h:02}:00,hall.{p},{h % 3}\n" for h in range(6) for p in ("east", "west")
    )
    assert [spec.point for spec in read(text).series] == ["hall.east", "hall.west"]


MAPPING = """
- file: "ahu-*.csv"
  time: Stamp
  timezone: Asia/Seoul
  stamp: end
  columns:
    E1: {point: "{building}.ahu.electricity", quantity: electricity, unit: kWh, kind: interval}
    T1: {point: hall.ahu.supply, quantity: temperature, unit: degC}
- file: "*.csv"
  zero_is_missing: true
"""


def test_a_mapping_file_says_what_columns_hold() -> None:
    text = "Stamp,E1,T1,junk\n2024-01-15 00:15,1,20,7\n2024-01-15 00:30,2,21,7\n2024-01-15 00:45,3,22,7\n"
    mapping = parse_mapping(MAPPING, "map.yaml")
    parsed = read(text, "ahu-7.csv", mapping=mapping)
    assert [(spec.point, spec.unit, spec.kind) for spec in parsed.series] == [
        ("hall.ahu.electricity", "kWh", PointKind.TOTAL),
        ("hall.ahu.supply", "degC", PointKind.MEASUREMENT),
    ]
    assert parsed.frame["time_us"].min() == 1_705_244_400_000_000
    zeros = read(wide("time,kWh", [0, 1, 0]), "other.csv", mapping=mapping)
    assert zeros.frame.height == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- file: [", "not valid YAML"),
        ("just text", "entry 1: expected"),
        ("- {file: a, colums: {}}", "unknown colums; possible are"),
        ("- {columns: {a: {points: x}}}", "column 'a': unknown points"),
        ("- {columns: {a: {kind: often}}}", "'often' is none of"),
        ("- {stamp: middle}", "'middle' is none of end, start"),
        ("- {decimal_comma: maybe}", "neither true nor false"),
    ],
)
def test_a_wrong_mapping_is_refused_with_its_entry(text: str, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        parse_mapping(text, "map.yaml")


def test_a_file_that_no_entry_names_is_refused() -> None:
    with pytest.raises(InvalidInput, match="matches no entry"):
        read(wide("time,kWh", [1, 2, 3]), mapping=parse_mapping("- {file: 'a*'}", "map.yaml"))
