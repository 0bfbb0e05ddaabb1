"""What the API takes and gives."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from ondol.domain.intervals import Interval
from ondol.domain.people import Role, Scope
from ondol.domain.points import PointKind
from ondol.domain.weather import HUMIDITY_RANGE_PCT, TEMPERATURE_RANGE_C
from ondol.services.look_up_series import Aggregate

KEY_PATTERN = r"^[\w.\-]{1,200}$"
Key = Annotated[str, Field(pattern=r"^[A-Za-z0-9][\w.\-]{0,63}$", examples=["b36"])]
PointKey = Annotated[str, Field(pattern=KEY_PATTERN, examples=["b36.electricity"])]


def _in_range(instant: datetime) -> datetime:
    if not 1970 <= instant.year < 2100:
        raise ValueError("a time lies between 1970 and 2100")
    return instant


Instant = Annotated[AwareDatetime, AfterValidator(_in_range)]


class Shape(BaseModel):
    """Base of all: unknown fields are refused, so that a typing error does not pass unseen."""

    model_config = ConfigDict(extra="forbid", ser_json_timedelta="float")


class Problem(BaseModel):
    """An error (RFC 9457). `detail` says what is wrong and what to do."""

    model_config = ConfigDict(extra="allow")

    type: str = "about:blank"
    title: str = Field(examples=["Not Found"])
    status: int = Field(examples=[404])
    detail: str = Field(examples=["there is no building 'b99'; create it with: ondol building create b99 --name NAME"])


class Page(Shape):
    """A part of a list."""

    limit: int = Field(100, ge=1, le=1000, description="most items in the answer")
    cursor: str | None = Field(None, description="`next` of the answer before", max_length=300)


class BuildingFields(Shape):
    """What can be said of a building."""

    name: str = Field(min_length=1, max_length=100, examples=["본관"])
    address: str = Field("", examples=["서울특별시 중구 세종대로 110"])
    timezone: str = Field("Asia/Seoul", examples=["Asia/Seoul"])
    building_type: str | None = Field(None, max_length=50, examples=["office"])
    total_area_m2: float | None = Field(None, ge=0, lt=1e8, examples=[9800.0])
    floors: int | None = Field(None, ge=-20, le=300, examples=[8])
    contract_power_kw: float | None = Field(None, ge=0, lt=1e7, examples=[600.0])


class NewBuilding(BuildingFields):
    """A building to create."""

    key: Key


class BuildingChange(Shape):
    """Fields of a building to change; the others stay."""

    name: str | None = Field(None, min_length=1, max_length=100)
    address: str | None = None
    building_type: str | None = Field(None, max_length=50)
    total_area_m2: float | None = Field(None, ge=0, lt=1e8)
    floors: int | None = Field(None, ge=-20, le=300)
    contract_power_kw: float | None = Field(None, ge=0, lt=1e7)


class BuildingAnswer(BuildingFields):
    """A building."""

    key: str
    is_synthetic: bool


class BuildingList(Shape):
    """Buildings by key; `next` is the cursor of the following part, or null."""

    items: list[BuildingAnswer]
    next: str | None


class PointFields(Shape):
    """What can be said of a point."""

    name: str = Field(min_length=1, max_length=200, examples=["주 전력량계"])
    quantity: str = Field(min_length=1, max_length=50, examples=["electricity"])
    unit: str = Field("", max_length=20, examples=["kWh"])
    kind: PointKind = PointKind.MEASUREMENT
    interval_s: int | None = Field(
        None, ge=1, le=86_400, description="length of the interval that a total covers", examples=[900]
    )
    space: str | None = Field(None, max_length=64)
    floor: str | None = Field(None, max_length=20)
    end_use: str | None = Field(None, max_length=40)
    brick_class: str | None = Field(None, max_length=80, examples=["Electrical_Meter"])
    submeter_of: str | None = Field(None, max_length=200)
    min_value: float | None = None
    max_value: float | None = None
    rollover_at: float | None = Field(None, gt=0, description="count at which a register starts again at 0")
    max_per_hour: float | None = Field(None, gt=0, description="largest plausible amount an hour")


class NewPoint(PointFields):
    """A point to create."""

    key: PointKey
    building: Key


class PointChange(Shape):
    """Fields of a point to change; the others stay."""

    name: str | None = Field(None, min_length=1, max_length=200)
    floor: str | None = Field(None, max_length=20)
    end_use: str | None = Field(None, max_length=40)
    brick_class: str | None = Field(None, max_length=80)
    submeter_of: str | None = Field(None, max_length=200)
    min_value: float | None = None
    max_value: float | None = None
    rollover_at: float | None = Field(None, gt=0)
    max_per_hour: float | None = Field(None, gt=0)


class PointAnswer(PointFields):
    """A point."""

    key: str
    building: str


class PointList(Shape):
    """Points by key."""

    items: list[PointAnswer]
    next: str | None


class PointQuery(Page):
    """Which points."""

    building: str | None = Field(None, description="only those of this building")
    quantity: str | None = Field(None, description="only those of this quantity")


class SeriesQuery(Shape):
    """Which part of a series, and how fine."""

    start: Instant = Field(description="first instant", examples=["2026-01-01T00:00:00+09:00"])
    end: Instant = Field(description="end, not included", examples=["2026-02-01T00:00:00+09:00"])
    interval: Interval = Field(
        Interval.QUARTER_HOUR, description="resolution; coarser where there would be too many values"
    )
    aggregate: Aggregate | None = Field(None, description="default: sum of amounts, mean of measurements")
    max_points: int = Field(2000, ge=1, le=100_000)


class SeriesAnswer(Shape):
    """Values of a point; lists of equal length. `interval` is the resolution that was used."""

    point: str
    unit: str
    interval: Interval
    times: list[str] = Field(examples=[["2026-01-15T10:30:00Z"]])
    values: list[float | None] = Field(examples=[[23.5]])
    quality: list[str] = Field(examples=[["good"]])


class UsageQuery(Shape):
    """Which usage, by what interval."""

    quantity: str = Field("electricity", examples=["electricity"])
    start: Instant = Field(examples=["2026-01-01T00:00:00+09:00"])
    end: Instant = Field(examples=["2027-01-01T00:00:00+09:00"])
    interval: Interval = Field(Interval.DAY, description="15m, 1h, 1d or 1mo; days and months are the building's")


class UsageIntervalAnswer(Shape):
    """Usage of one interval; null when nothing is known."""

    start: str
    end: str
    value: float | None
    measured_share: float
    quality: str


class UsageAnswer(Shape):
    """Usage of a building."""

    building: str
    quantity: str
    unit: str
    interval: Interval
    total: float
    intervals: list[UsageIntervalAnswer]


class LatestValue(Shape):
    """The newest reading of a point."""

    point: str
    name: str
    quantity: str
    unit: str
    value: float
    time: str
    quality: str
    floor: str | None
    space: str | None


class LatestAnswer(Shape):
    """The newest readings of a building."""

    building: str
    time: str
    points: list[LatestValue]


class LiveQuery(Shape):
    """Which building to watch."""

    building: str


class RefusedLine(Shape):
    """A line that was not stored."""

    line: int
    reason: str


class ReceiptAnswer(Shape):
    """What became of the readings; `errors` names the first 100 bad lines."""

    accepted: int
    rejected: int
    errors: list[RefusedLine]


class Reading(BaseModel):
    """One reading."""

    point: str
    time: str = Field(examples=["2026-01-15T10:30:00Z"])
    value: float = Field(examples=[23.5])
    unit: str | None = None


class ReadingColumn(BaseModel):
    """Readings of one point."""

    point: str
    times: list[str]
    values: list[float]


class Readings(BaseModel):
    """Readings as rows or as columns (the columns are faster)."""

    readings: list[Reading] | None = None
    columns: list[ReadingColumn] | None = None


class WriteQuery(BaseModel):
    """InfluxDB's parameters; others are passed over."""

    bucket: str | None = None
    db: str | None = None
    precision: Literal["ns", "n", "us", "u", "ms", "s", "m", "h"] = "ns"


class ImportQuery(Shape):
    """How to read the file; what is left out is inferred. See `ondol import --help`."""

    building: Key
    name: str = Field(max_length=255, examples=["electricity-2019.csv"])
    point: str | None = None
    quantity: str | None = None
    unit: str | None = None
    kind: Literal["interval", "register", "measurement"] | None = None
    time: str | None = None
    value: str | None = None
    timezone: str | None = None
    date_format: str | None = None
    stamp: Literal["start", "end"] | None = None
    zero_is_missing: bool = False
    decimal_comma: bool | None = None
    delimiter: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    mapping: str | None = Field(None, description="text of a mapping file")
    dry_run: bool = False


class ImportAnswer(Shape):
    """What became of a file."""

    file: str
    building: str
    building_created: bool
    rows_read: int
    missing: int
    stored: int
    series: list[dict[str, Any]]
    rejects: list[dict[str, Any]]
    notes: list[str]


class TenantFields(Shape):
    """A tenant."""

    key: Key
    building: Key
    name: str = Field(min_length=1, max_length=100)
    contact_info: str | None = Field(None, max_length=100)
    move_in_date: date | None = None
    contract_end_date: date | None = None


class TenantList(Shape):
    """Tenants of a building."""

    items: list[TenantFields]
    next: str | None


class TenantQuery(Shape):
    """Of which building."""

    building: str


class UserAnswer(Shape):
    """A user."""

    key: str
    email: str
    role: Role


class UserList(Shape):
    """Users."""

    items: list[UserAnswer]
    next: str | None


class NewUserBody(Shape):
    """A user to create; without a password one is made and returned once."""

    key: str = Field(examples=["kim"])
    email: str
    role: Role = Role.USER
    password: str | None = None


class NewUserAnswer(UserAnswer):
    """A new user; `password` is shown here only."""

    password: str | None


class NewToken(Shape):
    """A token to create."""

    key: str = Field(min_length=1, max_length=100, examples=["telegraf"])
    scopes: list[Scope] = Field(min_length=1)
    buildings: list[Key] | None = None
    register_points: bool = Field(default=False, description="may create unknown points")


class TokenAnswer(Shape):
    """A token without its secret."""

    key: str
    scopes: list[Scope]
    buildings: list[str] | None
    register_points: bool


class NewTokenAnswer(TokenAnswer):
    """A new token; `token` is its secret and shown here only."""

    token: str


class TokenList(Shape):
    """Tokens that are not revoked."""

    items: list[TokenAnswer]
    next: str | None


class SessionQuery(Shape):
    """Whose sessions."""

    user: str | None = None


class SessionAnswer(Shape):
    """A session; `key` names it and opens nothing."""

    key: str
    user: str
    address: str
    browser: str
    login_time: datetime
    expires_at: datetime


class SessionList(Shape):
    """Sessions, the newest first."""

    items: list[SessionAnswer]
    next: str | None


class ForecastQuery(Shape):
    """Which forecast."""

    quantity: str = Field("electricity", examples=["electricity"])
    horizon: Literal["24h", "168h"] = "24h"


class ForecastHour(Shape):
    """One hour: expected energy, its quantiles, and last week's curve, the naive forecast."""

    start: str
    expected: float
    q05: float
    q25: float
    q50: float
    q75: float
    q95: float
    last_week: float | None


class ForecastAnswer(Shape):
    """Energy by the hour, as expected at `issued_at`. `flags` say what a reader should know, none when all is well."""

    building: str
    quantity: str
    unit: str
    horizon: str
    issued_at: str
    start: str
    end: str
    model: str
    version: str
    flags: list[str]
    total: float
    hours: list[ForecastHour]


class AccuracyScores(Shape):
    """Means over forecasts, in percent; `coverage90` and `peak_hour_share` as shares."""

    cvrmse_pct: float | None
    nmbe_pct: float | None
    smape_pct: float | None
    pinball_pct: float | None
    coverage90: float | None
    peak_mape_pct: float | None
    peak_hour_share: float | None
    naive_cvrmse_pct: float | None


class AccuracyDay(AccuracyScores):
    """Scores of the forecasts that began on a local day."""

    day: date
    better_share: float | None


class ForecastAccuracyAnswer(Shape):
    """How good forecasts were. `better_share` 0.41: errors were 41 % smaller than with last week's curve."""

    building: str
    quantity: str
    horizon: str
    since: str
    forecasts: int
    better_share: float | None
    has_fallen_behind: bool
    scores: AccuracyScores
    days: list[AccuracyDay]


class MonthEndQuery(Shape):
    """Of what."""

    quantity: str = Field("electricity", examples=["electricity"])


class MonthEndAnswer(Shape):
    """Usage of the running month: measured so far, and expected by its end; `low` and `high` are cautious bounds."""

    building: str
    quantity: str
    unit: str
    start: str
    end: str
    measured: float
    expected: float
    low: float
    high: float


class DemandForecastAnswer(Shape):
    """Mean power of the next quarter-hour, with quantiles, beside the limit that is warned of: a share of the contract power."""

    building: str
    start: str
    expected_kw: float
    q05_kw: float
    q25_kw: float
    q50_kw: float
    q75_kw: float
    q95_kw: float
    limit_kw: float | None
    contract_power_kw: float | None
    is_near_limit: bool


class AnomalyQuery(Shape):
    """Which hours."""

    quantity: str = Field("electricity", examples=["electricity"])
    start: Instant = Field(examples=["2026-01-01T00:00:00+09:00"])
    end: Instant = Field(examples=["2026-01-08T00:00:00+09:00"])


class AnomalyAnswer(Shape):
    """Hours in a row outside the forecast's band; `excess` energy beyond its edge, negative below it."""

    start: str
    end: str
    hours: float
    excess: float
    highest_score: float


class RatedHour(Shape):
    """An hour beside its forecast; a score beyond 1 or -1 lies outside the band."""

    start: str
    actual: float
    expected: float
    low: float
    high: float
    score: float


class AnomaliesAnswer(Shape):
    """What the forecasts did not expect."""

    building: str
    quantity: str
    unit: str
    anomalies: list[AnomalyAnswer]
    hours: list[RatedHour]


class AvoidedEnergyQuery(Shape):
    """The two periods of IPMVP option C, half-open."""

    quantity: str = Field("electricity", examples=["electricity"])
    baseline_start: Instant = Field(examples=["2024-01-01T00:00:00+09:00"])
    baseline_end: Instant = Field(examples=["2025-01-01T00:00:00+09:00"])
    reporting_start: Instant = Field(examples=["2025-03-01T00:00:00+09:00"])
    reporting_end: Instant = Field(examples=["2026-03-01T00:00:00+09:00"])


class AvoidedEnergyAnswer(Shape):
    """Avoided energy: the baseline adjusted to the reporting period's weather and calendar, less what was measured.

    `limits` are ASHRAE Guideline 14's for hourly models.
    """

    building: str
    quantity: str
    unit: str
    baseline: float
    measured: float
    avoided: float
    avoided_share: float | None
    uncertainty: float
    hours: int
    cvrmse_pct: float
    nmbe_pct: float
    limits: dict[str, float]
    meets_ashrae_14: bool
    with_weather: bool


class ForecastWeatherHour(Shape):
    """Weather that is forecast for the hour from `time` on."""

    time: Instant
    temperature_c: float | None = Field(None, ge=TEMPERATURE_RANGE_C[0], le=TEMPERATURE_RANGE_C[1])
    humidity_pct: float | None = Field(None, ge=HUMIDITY_RANGE_PCT[0], le=HUMIDITY_RANGE_PCT[1])


class WeatherForecastBody(Shape):
    """A weather forecast as it was issued."""

    issued_at: Instant = Field(examples=["2026-01-15T05:00:00+09:00"])
    hours: list[ForecastWeatherHour] = Field(min_length=1, max_length=1000)


class StoredAnswer(Shape):
    """How many were stored."""

    stored: int
