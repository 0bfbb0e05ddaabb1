"""Meter files made from known truth: layout x unit x kind x words x clock change x dirt, each by a seed."""

import io
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl


@dataclass(frozen=True)
class MadeFile:
    """A file and what is true of it: the building's electricity by local day (or month), in kWh.

    `label` says how it was made; `by_month` where a file knows no days.
    """

    label: str
    name: str
    data: bytes
    timezone: str
    truth: dict[str, float]
    by_month: bool = False


UNITS = {"kWh": 1.0, "Wh": 1e-3, "MWh": 1e3, "MJ": 1 / 3.6, "GJ": 1e3 / 3.6, "kBtu": 0.29307107017}
POWER_UNITS = {"kW": 1.0, "W": 1e-3, "MW": 1e3}
ZONES = (
    "Asia/Seoul",
    "Europe/London",
    "Europe/Madrid",
    "America/New_York",
    "America/Los_Angeles",
    "Australia/Adelaide",
)
STARTS = {
    "Asia/Seoul": [date(2024, 5, 30), date(2024, 12, 28)],
    "Europe/London": [date(2024, 3, 29), date(2024, 10, 25), date(2024, 6, 10)],
    "Europe/Madrid": [date(2024, 3, 29), date(2024, 10, 25), date(2024, 1, 30)],
    "America/New_York": [date(2024, 3, 8), date(2024, 11, 1), date(2024, 7, 1)],
    "America/Los_Angeles": [date(2024, 3, 8), date(2024, 11, 1), date(2024, 2, 13)],
    "Australia/Adelaide": [date(2024, 4, 5), date(2024, 10, 4), date(2024, 8, 30)],
}  # fmt: skip


@dataclass(frozen=True)
class Words:
    """Headers of one language; `comma` where decimals are written with one."""

    time: str
    date: str
    hour: str
    amount: str
    register: str
    power: str
    total: str
    comma: bool = False


LANGUAGES = {
    "en": Words("Timestamp", "Date", "Hour", "Electricity consumption", "Meter reading", "Active power", "Total"),
    "us": Words("Interval Start", "Date", "Hour", "Usage", "Cumulative energy", "Power", "Sum"),
    "ko": Words("계량일시", "일자", "시간", "전력사용량", "유효전력 누적지침", "유효전력", "합계"),
    "de": Words("Zeitstempel", "Datum", "Stunde", "Stromverbrauch", "Zählerstand", "Leistung", "Gesamt", comma=True),
    "fr": Words("Horodate", "Date", "Heure", "Consommation électricité", "Relevé d'index énergie", "Puissance", "Total", comma=True),
    "es": Words("Fecha y hora", "Fecha", "Hora", "Consumo energía", "Lectura contador energía", "Potencia", "Total", comma=True),
    "it": Words("Data ora", "Data", "Ora", "Consumo energia", "Lettura contatore energia", "Potenza", "Totale", comma=True),
    "nl": Words("Datum tijd", "Datum", "Uur", "Verbruik elektriciteit", "Meterstand elektriciteit", "Vermogen", "Totaal", comma=True),
    "ja": Words("日時", "日付", "時刻", "電力使用量", "積算電力量", "電力", "合計"),
}  # fmt: skip
DATES = {
    "en": "%d/%m/%Y", "us": "%m/%d/%Y", "ko": "%Y-%m-%d", "de": "%d.%m.%Y", "fr": "%d/%m/%Y", "es": "%d/%m/%Y", "it": "%d/%m/%Y",
    "nl": "%d-%m-%Y", "ja": "%Y/%m/%d",
}  # fmt: skip


@dataclass
class Truth:
    """Energy by interval, from a local midnight on: kWh that came to pass between `starts[n]` and one step later."""

    zone: ZoneInfo
    step: timedelta
    starts: list[datetime]
    kwh: list[float]
    days: int
    by_day: dict[str, float] = field(default_factory=dict)

    def local(self, n: int) -> datetime:
        return self.starts[n].astimezone(self.zone)


def make_truth(pick: random.Random, zone_name: str, step_min: int, days: int) -> Truth:
    zone, first = ZoneInfo(zone_name), pick.choice(STARTS[zone_name])
    start = datetime(first.year, first.month, first.day, tzinfo=zone).astimezone(UTC)
    last = first + timedelta(days=days)
    end = datetime(last.year, last.month, last.day, tzinfo=zone).astimezone(UTC)
    step = timedelta(minutes=step_min)
    truth = Truth(zone, step, [], [], days)
    base, swing = pick.choice([0.4, 3.0, 25.0]), pick.uniform(0.5, 3)
    while start < end:
        hour = start.astimezone(zone).hour
        kwh = round(base * step_min / 60 * (1 + swing * (8 <= hour < 19) + 0.3 * pick.random()), 3)
        truth.starts.append(start)
        truth.kwh.append(kwh)
        day = start.astimezone(zone).date().isoformat()
        truth.by_day[day] = truth.by_day.get(day, 0.0) + kwh
        start += step
    return truth


def made(seed: int) -> MadeFile:
    """The file of a seed."""
    pick = random.Random(seed)
    layout = pick.choice(sorted(LAYOUTS))
    return LAYOUTS[layout](pick, f"{seed} {layout}")


def number(value: float, comma: bool, digits: int = 6) -> str:
    text = f"{value:.{digits}f}".rstrip("0").rstrip(".") or "0"
    return text.replace(".", ",") if comma else text


def header(pick: random.Random, word: str, unit: str) -> str:
    return pick.choice([f"{word} ({unit})", f"{word} [{unit}]", f"{word}_{unit}", f"{word} {unit}"])


def delimited(rows: Sequence[Sequence[str]], comma: bool, pick: random.Random) -> bytes:
    delimiter = pick.choice([";", "\t"]) if comma else pick.choice([",", ";", "\t"])
    ending = pick.choice(["\n", "\r\n"])
    text = ending.join(delimiter.join(row) for row in rows) + pick.choice(["", ending])
    return (b"\xef\xbb\xbf" if pick.random() < 0.2 else b"") + text.encode()


def stamp_form(pick: random.Random, language: str) -> str:
    return DATES[language] + pick.choice([" %H:%M", " %H:%M:%S"])


def columns_beside(pick: random.Random, rows: list[list[str]]) -> None:
    """Columns that are no energy: identifiers, constants, types, money, beside or before the readings."""
    count = len(rows) - 1
    extras: dict[str, list[str]] = {
        "Meter ID": ["1024783345"] * count,
        "Tariff": ["Std"] * count,
        "Record type": ["1"] * count,
        "Product code": ["40017"] * count,
        "Row": [str(n + 1) for n in range(count)],
        "Cost ($)": [f"{0.1 * (n % 7):.2f}" for n in range(count)],
        "Quality": ["A"] * count,
        "Transaction": [str(7_000_000_000 + 13 * n) for n in range(count)],
        "Outdoor temperature (°C)": [f"{10 + n % 9}" for n in range(count)],
    }
    for name in pick.sample(sorted(extras), pick.choice([0, 0, 1, 2, 3])):
        place = pick.choice([1, len(rows[0])])
        rows[0].insert(place, name)
        for row, value in zip(rows[1:], extras[name], strict=True):
            row.insert(place, value)


def with_dirt(pick: random.Random, rows: list[list[str]], total: str) -> list[list[str]]:
    """Lines above and below: titles, blank lines, a footer that adds everything up."""
    width = len(rows[0])
    if pick.random() < 0.25:
        above = (
            [["Energy report"] + [""] * (width - 1), [""] * width]
            if pick.random() < 0.5
            else [["Site", "Hall"] + [""] * (width - 2)]
        )
        rows = [*above, *rows] if width > 2 else rows
    if pick.random() < 0.25:
        rows = [*rows, [total] + ["99999"] * (width - 1)]
    return rows


def rows_of_amounts(pick: random.Random, label: str) -> MadeFile:
    """A row an interval: amounts, a register, a counter of the day, or mean power."""
    zone, language = pick.choice(ZONES), pick.choice(sorted(LANGUAGES))
    words, step_min = LANGUAGES[language], pick.choice([15, 30, 60])
    truth = make_truth(pick, zone, step_min, pick.choice([3, 4, 6]))
    kind = pick.choice(["interval", "interval", "register", "power", "daily counter"])
    unit = pick.choice(sorted(POWER_UNITS if kind == "power" else UNITS))
    factor = (POWER_UNITS if kind == "power" else UNITS)[unit]
    stamps = pick.choice(["local", "offset", "utc", "unix", "header"])
    form = stamp_form(pick, language)
    at_end = kind == "interval" and stamps != "unix" and pick.random() < 0.3
    values = _as_kind(truth, kind)
    word = {"interval": words.amount, "power": words.power}.get(kind, words.register)
    rows = [[words.time + (" (UTC)" if stamps == "header" else ""), header(pick, word, unit)]]
    holes = pick.random() < 0.3 and kind == "interval"
    by_day = dict(truth.by_day)
    for n, value in enumerate(values):
        instant = truth.starts[0] + n * truth.step + (truth.step if at_end else timedelta())
        text = number(value / factor, words.comma)
        if holes and 0 < n < len(values) - 1 and pick.random() < 0.05:
            text = pick.choice(["", "N/A", "-", "null"])
            by_day[truth.local(n).date().isoformat()] -= value
        rows.append([_stamp(instant, truth.zone, stamps, form), text])
    columns_beside(pick, rows)
    rows = with_dirt(pick, rows, words.total)
    name = pick.choice(["export.csv", "data.csv", "Electricity 2024.csv", "meter.txt", "사용량.csv"])
    return MadeFile(
        f"{label} {language} {kind} {unit} {stamps} {zone} end={at_end}",
        name,
        delimited(rows, words.comma, pick),
        zone,
        by_day,
    )


def _as_kind(truth: Truth, kind: str) -> list[float]:
    hours = truth.step.total_seconds() / 3600
    if kind == "interval":
        return truth.kwh
    if kind == "power":
        return [kwh / hours for kwh in truth.kwh]
    if kind == "register":
        stand, stands = 81_234.0, []
        for kwh in [*truth.kwh, 0.0]:
            stands.append(stand)
            stand += kwh
        return stands
    counter, day, counted = 0.0, "", []
    for n, kwh in enumerate(truth.kwh):
        if (today := truth.local(n).date().isoformat()) != day:
            day, counter = today, 0.0
        counted.append(counter)
        counter += kwh
    return counted


def _stamp(instant: datetime, zone: ZoneInfo, how: str, form: str) -> str:
    if how == "unix":
        return str(int(instant.timestamp()))
    if how == "utc":
        return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if how == "header":
        return instant.astimezone(UTC).strftime(form)
    local = instant.astimezone(zone)
    return local.isoformat() if how == "offset" else local.strftime(form)


def numbered_hours(pick: random.Random, label: str) -> MadeFile:
    """A date and the number of the hour: by the clock or by count, from 0 or from 1."""
    zone, language = pick.choice(ZONES), pick.choice(sorted(LANGUAGES))
    words = LANGUAGES[language]
    truth = make_truth(pick, zone, 60, 5)
    by_count, first = pick.random() < 0.5, 1 if pick.random() < 0.7 else 0
    unit = pick.choice(["kWh", "Wh"])
    rows = [[words.date, words.hour, header(pick, words.amount, unit)]]
    numbers: dict[str, int] = {}
    for n, kwh in enumerate(truth.kwh):
        local = truth.local(n)
        day = local.date().isoformat()
        numbers[day] = numbers.get(day, -1) + 1
        shown = (numbers[day] if by_count else local.hour) + first
        rows.append([local.strftime(DATES[language]), str(shown), number(kwh / UNITS[unit], words.comma)])
    rows = with_dirt(pick, rows, words.total)
    how = "count" if by_count else "clock"
    return MadeFile(
        f"{label} {language} {how} from {first} {zone}",
        "hours.csv",
        delimited(rows, words.comma, pick),
        zone,
        truth.by_day,
    )


def days_across(pick: random.Random, label: str) -> MadeFile:
    """A row a day, a column an interval."""
    zone, language = pick.choice(ZONES), pick.choice(sorted(LANGUAGES))
    words, step_min = LANGUAGES[language], pick.choice([15, 30, 60])
    truth = make_truth(pick, zone, step_min, 7)
    count = 24 * 60 // step_min
    form = pick.choice(["starts", "ends", "numbers", "hours", "range"])
    minutes = [n * step_min for n in range(count)]
    names = {
        "starts": [f"{m // 60:02}:{m % 60:02}" for m in minutes],
        "ends": [f"{(m + step_min) // 60:02}:{(m + step_min) % 60:02}" for m in minutes],
        "numbers": [str(n + 1) for n in range(count)],
        "hours": [f"H{n + 1:02}" for n in range(count)],
        "range": [f"{m // 60:02}:{m % 60:02}-{(m + step_min) // 60:02}:{(m + step_min) % 60:02}" for m in minutes],
    }[form]
    cells: dict[str, list[str]] = {}
    by_day: dict[str, float] = {}
    for n, kwh in enumerate(truth.kwh):
        local = truth.local(n)
        day = cells.setdefault(local.strftime(DATES[language]), [""] * count)
        slot = (local.hour * 60 + local.minute) // step_min
        if not day[slot]:  # the repeated hour has no column of its own
            day[slot] = number(kwh, words.comma)
            by_day[local.date().isoformat()] = by_day.get(local.date().isoformat(), 0.0) + kwh
    with_total = pick.random() < 0.5
    rows = [[words.date, *names, *(["Total"] if with_total else [])]]
    for day, values in cells.items():
        total = sum(float(value.replace(",", ".")) for value in values if value)
        rows.append([day, *values, *([number(total, words.comma)] if with_total else [])])
    if pick.random() < 0.4:
        rows = [["MPAN", *rows[0]], *(["1200023305967", *row] for row in rows[1:])]
    name = pick.choice(["electricity_kwh.csv", "hall_electricity_kWh_hh.csv"])
    return MadeFile(
        f"{label} {language} {form} {step_min} min {zone}", name, delimited(rows, words.comma, pick), zone, by_day
    )


def many_meters(pick: random.Random, label: str) -> MadeFile:
    """Several meters in one file, told apart by an identity column; their sum is the building's."""
    zone = pick.choice(ZONES)
    step_min = pick.choice([30, 60])
    meters = [make_truth(random.Random(pick.random()), zone, step_min, 3) for _ in range(pick.choice([2, 3]))]
    first = meters[0]
    identity = pick.choice(
        ["LCLid", "CUPS", "MPAN", "NMI", "entity_id", "고객번호", "계기번호", "Meter", "Zählpunkt", "apartment"]
    )
    truth: dict[str, float] = {}
    rows = [[identity, "Time", "Energy (kWh)"]]
    for number_of, meter in enumerate(meters):
        for n, start in enumerate(first.starts):
            kwh = meter.kwh[n] if n < len(meter.kwh) else 0.0
            local = start.astimezone(first.zone)
            truth[local.date().isoformat()] = truth.get(local.date().isoformat(), 0.0) + kwh
            rows.append([f"M{number_of:03}x", start.strftime("%Y-%m-%dT%H:%M:%SZ"), number(kwh, False)])
    if pick.random() < 0.5:
        rows = [rows[0], *sorted(rows[1:], key=lambda row: (row[1], row[0]))]
    return MadeFile(f"{label} {identity} {len(meters)} {zone}", "many.csv", delimited(rows, False, pick), zone, truth)


def wide_meters(pick: random.Random, label: str) -> MadeFile:
    """Mains beside circuits, energy beside demand, use beside solar and export."""
    zone = pick.choice(ZONES)
    truth = make_truth(pick, zone, pick.choice([15, 60]), 4)
    hours = truth.step.total_seconds() / 3600
    how = pick.choice(["mains and circuits", "demand", "solar and export", "total of floors", "register beside"])
    part = [round(kwh * pick.uniform(0.2, 0.4), 4) for kwh in truth.kwh]
    rest = [round(kwh - p, 4) for kwh, p in zip(truth.kwh, part, strict=True)]
    stand, stands = 500.0, []
    for kwh in truth.kwh:
        stand += kwh
        stands.append(stand)
    columns: dict[str, list[float]] = {
        "mains and circuits": {"Mains (kWh)": truth.kwh, "Kitchen (kWh)": part, "HVAC (kWh)": rest},
        "demand": {"Usage (kWh)": truth.kwh, "Demand (kW)": [kwh / hours for kwh in truth.kwh]},
        "solar and export": {"Grid import (kWh)": truth.kwh, "Solar production (kWh)": part, "Grid export (kWh)": rest},
        "total of floors": {"Floor 1 (kWh)": part, "Floor 2 (kWh)": rest, "Total (kWh)": truth.kwh},
        "register beside": {"Interval (kWh)": truth.kwh, "Meter reading (kWh)": stands},
    }[how]  # fmt: skip
    names = list(columns)
    pick.shuffle(names)
    rows = [["time", *names]]
    for n, start in enumerate(truth.starts):
        rows.append([start.strftime("%Y-%m-%dT%H:%M:%SZ"), *(number(columns[name][n], False) for name in names)])
    return MadeFile(f"{label} {how} {zone}", "wide.csv", delimited(rows, False, pick), zone, truth.by_day)


def bills(pick: random.Random, label: str) -> MadeFile:
    """Monthly amounts: stamped with months, or from a start to an end."""
    zone = pick.choice(ZONES)
    months = [(2023, month) for month in range(1, 13)]
    kwh = [round(pick.uniform(2000, 4000)) for _ in months]
    truth = {f"{year}-{month:02}": float(value) for (year, month), value in zip(months, kwh, strict=True)}
    form = pick.choice(["first days", "months", "names", "korean", "start and end", "inclusive", "across", "years"])
    nexts = [*months[1:], (2024, 1)]
    if form in ("start and end", "inclusive"):
        rows = [["Start Date", "End Date", "Usage", "Units", "Cost"]]
        for (year, month), (year2, month2), value in zip(months, nexts, kwh, strict=True):
            end = date(year2, month2, 1) - timedelta(days=form == "inclusive")
            rows.append([date(year, month, 1).isoformat(), end.isoformat(), str(value), "kWh", "100"])
    elif form == "across":
        rows = [
            ["Meter", *(f"{year}-{month:02}" for year, month in months)],
            ["Main electricity (kWh)", *map(str, kwh)],
        ]
    elif form == "years":
        names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        rows = [["Year", *names, "Total"], ["2023", *map(str, kwh), str(sum(kwh))]]
    else:
        write: Callable[[int, int], str] = {
            "first days": lambda y, m: f"{y}-{m:02}-01",
            "months": lambda y, m: f"{y}-{m:02}",
            "names": lambda y, m: date(y, m, 1).strftime("%b %Y"),
            "korean": lambda y, m: f"{y}년 {m}월",
        }[form]
        rows = [["Month" if form != "korean" else "사용월", "Electricity Use (kWh)"]]
        rows += [[write(year, month), str(value)] for (year, month), value in zip(months, kwh, strict=True)]
    name = "electricity_kwh.csv" if form == "years" else "bills.csv"
    return MadeFile(f"{label} {form} {zone}", name, delimited(rows, False, pick), zone, truth, by_month=True)


def nem12(pick: random.Random, label: str) -> MadeFile:
    """Australia's NEM12, with export on a second register."""
    minutes, zone = pick.choice([5, 15, 30]), "Australia/Adelaide"
    lines, truth = ["100,NEM12,202406140000,MDP1,RET1"], {}
    first = datetime(2024, 6, 3, tzinfo=UTC) - timedelta(hours=10)
    for suffix, counts in (("E1", True), ("B1", False)):
        if not counts and pick.random() < 0.5:
            continue
        lines.append(f"200,NMI0000001,E1B1,{suffix},{suffix},N1,METER1,kWh,{minutes},")
        for day in range(4):
            values = [round(pick.uniform(0.1, 3), 3) for _ in range(24 * 60 // minutes)]
            for n, value in enumerate(values):
                start = first + timedelta(days=day, minutes=minutes * n)
                local = start.astimezone(ZoneInfo(zone)).date().isoformat()
                if counts:
                    truth[local] = truth.get(local, 0.0) + value
            lines.append(
                f"300,{(date(2024, 6, 3) + timedelta(days=day)).strftime('%Y%m%d')},{','.join(map(str, values))},A,,,20240614000000,"
            )
    lines.append("900")
    return MadeFile(
        f"{label} {minutes}",
        pick.choice(["nem12.csv", "meter_usage.csv", "Data.csv"]),
        "\n".join(lines).encode(),
        zone,
        truth,
    )


def green_button(pick: random.Random, label: str) -> MadeFile:
    """ESPI XML with a ReadingType."""
    truth = make_truth(pick, pick.choice(ZONES), pick.choice([15, 60]), 3)
    power = pick.choice([0, -3, 3])
    blocks = "".join(
        f"<IntervalReading><timePeriod><duration>{int(truth.step.total_seconds())}</duration><start>{int(start.timestamp())}</start></timePeriod>"
        f"<value>{round(kwh * 1000 / 10**power)}</value></IntervalReading>"
        for start, kwh in zip(truth.starts, truth.kwh, strict=True)
    )
    text = (
        '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><entry><content><ReadingType xmlns="http://naesb.org/espi">'
        f"<accumulationBehaviour>4</accumulationBehaviour><commodity>1</commodity><flowDirection>1</flowDirection><powerOfTenMultiplier>{power}</powerOfTenMultiplier><uom>72</uom>"
        f'</ReadingType></content></entry><entry><content><IntervalBlock xmlns="http://naesb.org/espi">{blocks}</IntervalBlock></content></entry></feed>'
    )
    by_day = truth.by_day
    if power == 3:
        by_day = {}
        for start, kwh in zip(truth.starts, truth.kwh, strict=True):
            day = start.astimezone(truth.zone).date().isoformat()
            by_day[day] = by_day.get(day, 0.0) + float(round(kwh))
    return MadeFile(f"{label} 10^{power} {truth.zone.key}", "gb.xml", text.encode(), truth.zone.key, by_day)


def times_across(pick: random.Random, label: str) -> MadeFile:
    """Home Assistant's energy export: times in the header, a row a source."""
    truth = make_truth(pick, pick.choice(ZONES), 60, 2)
    solar = [round(kwh / 3, 3) for kwh in truth.kwh]
    rows = [["entity_id", "type", "unit", *(start.strftime("%Y-%m-%dT%H:%M:%S.000Z") for start in truth.starts)]]
    rows.append(["sensor.grid", "grid_consumption", "kWh", *(number(kwh, False) for kwh in truth.kwh)])
    if pick.random() < 0.6:
        rows.append(["sensor.pv", "solar_production", "kWh", *(number(kwh, False) for kwh in solar)])
    return MadeFile(
        f"{label} {truth.zone.key}",
        "energy.csv",
        "\n".join(",".join(row) for row in rows).encode(),
        truth.zone.key,
        truth.by_day,
    )


def workbook(pick: random.Random, label: str) -> MadeFile:
    """Excel: real dates, a date and a time, or serial numbers; cells some milliseconds off."""
    zone = pick.choice(["Asia/Seoul", "Europe/London"])
    truth = make_truth(
        random.Random(pick.random()),
        "Asia/Seoul" if zone == "Asia/Seoul" else "Europe/London",
        pick.choice([15, 60]),
        3,
    )
    book: Any = openpyxl.Workbook()
    sheet = book.active
    form = pick.choice(["dates", "serial", "off", "two cells"])
    if pick.random() < 0.3:
        sheet.append(["전력 보고서"])
    sheet.append(["일자", "시각", "전력사용량(kWh)"] if form == "two cells" else ["일시", "전력사용량(kWh)"])
    for start, kwh in zip(truth.starts, truth.kwh, strict=True):
        local = start.astimezone(truth.zone).replace(tzinfo=None)
        serial = (local - datetime(1899, 12, 30)).total_seconds() / 86_400
        if form == "two cells":
            sheet.append([local.replace(hour=0, minute=0), local.time(), kwh])
        else:
            sheet.append(
                [
                    {"dates": local, "serial": serial}.get(
                        form, local + timedelta(milliseconds=pick.choice([0, 1, -1]))
                    ),
                    kwh,
                ]
            )
    buffer = io.BytesIO()
    book.save(buffer)
    return MadeFile(f"{label} {form} {zone}", "사용량.xlsx", buffer.getvalue(), zone, truth.by_day)


LAYOUTS: dict[str, Callable[[random.Random, str], MadeFile]] = {
    "rows": rows_of_amounts, "rows 2": rows_of_amounts, "rows 3": rows_of_amounts, "numbered hours": numbered_hours,
    "days across": days_across, "many meters": many_meters, "wide meters": wide_meters, "bills": bills, "nem12": nem12,
    "green button": green_button, "times across": times_across, "workbook": workbook,
}  # fmt: skip
