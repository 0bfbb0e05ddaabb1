"""The synthetic office: a building that does not exist, described as data."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache

from ondol.simulation.description import OfficeDescription, Room, TenantDescription
from ondol.sites.model import NewPoint, NewSpace, NewTenant, PointKind

KEY = "demo"
MAIN = f"{KEY}.electricity.main"
REGISTER = f"{KEY}.electricity.register"
GAS = f"{KEY}.gas"
WATER = f"{KEY}.water"
TIMEZONE = "Asia/Seoul"
FLOOR_AREA_M2 = 1_180.0

TENANTS = [
    TenantDescription(
        NewTenant(
            key="cafe",
            name="온담카페 (합성)",
            contact_info="cafe@demo.example",
            move_in_date=date(2022, 3, 1),
            contract_end_date=date(2027, 2, 28),
        ),
        ("1",),
    ),
    TenantDescription(
        NewTenant(
            key="clinic",
            name="바른숨의원 (합성)",
            contact_info="clinic@demo.example",
            move_in_date=date(2021, 9, 1),
            contract_end_date=date(2026, 12, 31),
        ),
        ("2",),
    ),
    TenantDescription(
        NewTenant(
            key="insurance",
            name="가온손해사정 (합성)",
            contact_info="office@demo.example",
            move_in_date=date(2020, 1, 1),
            contract_end_date=date(2028, 12, 31),
        ),
        ("3",),
    ),
    TenantDescription(
        NewTenant(
            key="software",
            name="누리봄소프트 (합성)",
            contact_info="it@demo.example",
            move_in_date=date(2023, 6, 1),
            contract_end_date=date(2028, 5, 31),
        ),
        ("4", "5"),
    ),
    TenantDescription(
        NewTenant(
            key="accounting",
            name="다온셈회계 (합성)",
            contact_info="tax@demo.example",
            move_in_date=date(2019, 4, 1),
            contract_end_date=date(2027, 3, 31),
        ),
        ("6",),
    ),
    TenantDescription(
        NewTenant(
            key="studio",
            name="모아결디자인 (합성)",
            contact_info="studio@demo.example",
            move_in_date=date(2024, 2, 1),
            contract_end_date=date(2029, 1, 31),
        ),
        ("7", "8"),
    ),
]

ROOMS = [
    Room("lobby", "로비", 1, "lobby", 25, 320, 0.9),
    Room("cafe", "카페", 1, "cafe", 45, 210, 0.8),
    Room("clinic_201", "대기실 201", 2, "clinic", 30, 160, 0.5),
    Room("clinic_202", "진료실 202", 2, "clinic", 14, 180, 0.3),
    Room("office_301", "사무실 301", 3, "office", 46, 520, 0.5),
    Room("meeting_302", "회의실 302", 3, "meeting", 12, 60, 0.3),
    Room("office_401", "사무실 401", 4, "office", 52, 540, 0.5),
    Room("meeting_402", "회의실 402", 4, "meeting", 16, 75, 0.1),
    Room("office_501", "사무실 501", 5, "office", 34, 360, 0.6),
    Room("office_502", "사무실 502", 5, "office", 28, 310, 0.4),
    Room("office_601", "사무실 601", 6, "office", 36, 420, 0.5),
    Room("meeting_602", "회의실 602", 6, "meeting", 10, 50, 0.4),
    Room("studio_701", "스튜디오 701", 7, "office", 32, 430, 0.7),
    Room("meeting_702", "회의실 702", 7, "meeting", 14, 70, 0.5),
    Room("office_801", "사무실 801", 8, "office", 26, 380, 0.7),
    Room("meeting_802", "대회의실 802", 8, "meeting", 24, 130, 0.6),
]

FLOORS = range(1, 9)
FLOOR_USES = {"lighting": ("조명", 20.0), "plug": ("콘센트", 40.0), "hvac": ("냉난방", 40.0)}
"""Sub-meters of every floor: name and the largest plausible power in kW."""

CENTRAL = {
    "chiller": ("냉동기", "cooling", 260.0),
    "chilled_water_pumps": ("냉수펌프", "cooling", 40.0),
    "cooling_tower": ("냉각탑", "cooling", 30.0),
    "hot_water_pumps": ("온수펌프", "heating", 20.0),
    "ventilation": ("공조기 환기", "ventilation", 40.0),
    "lifts": ("승강기", "lifts", 60.0),
    "server_room": ("전산실", "it", 40.0),
    "server_cooling": ("전산실 항온항습", "it", 25.0),
    "parking": ("지하주차장", "parking", 25.0),
}
"""Sub-meters of the central plant: name, end use and the largest plausible power in kW."""


@cache
def describe_office() -> OfficeDescription:
    """The building with its spaces, tenants and points."""
    return OfficeDescription(
        key=KEY,
        name="온돌 시범빌딩 (합성)",
        address="서울특별시 가상구 온돌로 1 (합성 데이터; Ondol demo building, Seoul, synthetic)",
        timezone=TIMEZONE,
        building_type="office",
        total_area_m2=FLOOR_AREA_M2 * len(FLOORS),
        floors=len(FLOORS),
        contract_power_kw=700.0,
        is_synthetic=True,
        spaces=list(_spaces()),
        tenants=TENANTS,
        points=[*_meters(), *_outdoors(), *(point for room in ROOMS for point in _sensors(room))],
    )


def submeters() -> list[str]:
    """Keys of the electricity meters whose sum, with the losses, is the main meter."""
    floors = [f"{KEY}.f{floor}.electricity.{use}" for floor in FLOORS for use in FLOOR_USES]
    return [*floors, *(f"{KEY}.electricity.{name}" for name in CENTRAL)]


def room_key(room: Room) -> str:
    """Beginning of the keys of a room's sensors."""
    return f"{KEY}.f{room.floor}.{room.key}"


def _spaces() -> Iterator[NewSpace]:
    owners = {floor: tenant.new.key for tenant in TENANTS for floor in tenant.floors}
    yield NewSpace(key="b1", name="지하 1층", kind="floor", area_m2=FLOOR_AREA_M2)
    for key, name, area_m2 in (
        ("parking", "주차장", 760.0),
        ("mechanical_room", "기계실", 210.0),
        ("server_room", "전산실", 80.0),
    ):
        yield NewSpace(key=key, name=name, parent="b1", area_m2=area_m2)
    for floor in FLOORS:
        tenant = owners[str(floor)]
        yield NewSpace(key=f"f{floor}", name=f"{floor}층", kind="floor", tenant=tenant, area_m2=FLOOR_AREA_M2)
    for room in ROOMS:
        yield NewSpace(key=room.key, name=room.name, parent=f"f{room.floor}", area_m2=room.area_m2)


def _meters() -> Iterator[NewPoint]:
    yield _power(MAIN, "수전 전력 (main)", 900.0)
    yield _counter(
        REGISTER, "수전 전력량계 (register)", "electricity", "kWh", "Electric_Energy_Sensor", submeter_of=MAIN
    )
    yield _counter(GAS, "도시가스", "gas", "m3", "Natural_Gas_Usage_Sensor")
    yield _counter(WATER, "상수도", "water", "m3", "Water_Usage_Sensor")
    for name, (label, end_use, highest) in CENTRAL.items():
        space = {"server_room": "server_room", "server_cooling": "server_room", "parking": "parking"}.get(
            name, "mechanical_room"
        )
        meter = _power(f"{KEY}.electricity.{name}", label, highest)
        yield replace(meter, end_use=end_use, floor="B1", space=space, submeter_of=MAIN)
    for floor in FLOORS:
        for use, (label, highest) in FLOOR_USES.items():
            meter = _power(f"{KEY}.f{floor}.electricity.{use}", f"{floor}층 {label}", highest)
            yield replace(meter, end_use=use, floor=str(floor), space=f"f{floor}", submeter_of=MAIN)


def _power(key: str, name: str, highest_kw: float) -> NewPoint:
    return NewPoint(
        key=key,
        name=name,
        quantity="electricity",
        unit="kW",
        brick_class="Electric_Power_Sensor",
        min_value=0.0,
        max_value=highest_kw,
    )


def _counter(
    key: str, name: str, quantity: str, unit: str, brick_class: str, submeter_of: str | None = None
) -> NewPoint:
    return NewPoint(
        key=key,
        name=name,
        quantity=quantity,
        unit=unit,
        kind=PointKind.TOTAL_INCREASING,
        brick_class=brick_class,
        submeter_of=submeter_of,
        min_value=0.0,
    )


def _outdoors() -> Iterator[NewPoint]:
    for name, label, unit, brick, low, high in (
        ("temperature", "외기 온도", "degC", "Outside_Air_Temperature_Sensor", -30.0, 45.0),
        ("humidity", "외기 습도", "%", "Outside_Air_Humidity_Sensor", 0.0, 100.0),
        ("irradiance", "일사량", "W/m2", "Solar_Irradiance_Sensor", 0.0, 1_400.0),
    ):
        yield NewPoint(
            key=f"{KEY}.outdoor.{name}",
            name=label,
            quantity=name,
            unit=unit,
            brick_class=brick,
            min_value=low,
            max_value=high,
        )


def _sensors(room: Room) -> Iterator[NewPoint]:
    for name, label, unit, brick, low, high in (
        ("temperature", "온도", "degC", "Zone_Air_Temperature_Sensor", 5.0, 40.0),
        ("humidity", "습도", "%", "Zone_Air_Humidity_Sensor", 0.0, 100.0),
        ("co2", "CO2", "ppm", "CO2_Level_Sensor", 350.0, 5_000.0),
        ("illuminance", "조도", "lx", "Illuminance_Sensor", 0.0, 20_000.0),
        ("occupancy", "재실 인원", "people", "Occupancy_Count_Sensor", 0.0, float(room.capacity)),
    ):
        yield NewPoint(
            key=f"{room_key(room)}.{name}", name=f"{room.name} {label}", quantity=name, unit=unit,
            space=room.key, floor=str(room.floor), brick_class=brick, min_value=low, max_value=high,
        )  # fmt: skip
