"""Forecasts of a building, how good they were, and what is made of them."""

from dataclasses import asdict
from datetime import datetime

from flask import Response

from ondol.common.access import Scope
from ondol.common.instants import format_instant
from ondol.web.api.operations import Call, answer_json, operation
from ondol.web.api.shapes import forecasts as shapes
from ondol.web.installation import ondol

PATH = "/api/v1/buildings/{key}"
QUANTILES = ("q05", "q25", "q50", "q75", "q95")


@operation(
    "GET",
    PATH + "/forecast",
    tag="forecasts",
    scope=Scope.READ,
    query=shapes.ForecastQuery,
    answer=shapes.ForecastAnswer,
)
def read_forecast(call: Call, key: str) -> Response:
    """Read the newest forecast of a building.

    Energy of its main meters by the hour, with quantiles that are calibrated on the errors of earlier forecasts.
    """
    call.caller.require_building(key)
    query: shapes.ForecastQuery = call.query
    forecast = ondol().look_up_forecast(key, query.quantity, int(query.horizon[:-1]))
    rows = zip(forecast.expected, forecast.band, forecast.last_week, strict=True)
    begin_s = int(forecast.start.timestamp())
    return answer_json(
        {
            "building": key,
            "quantity": forecast.quantity,
            "unit": ondol().usage_unit(key, forecast.quantity),
            "horizon": query.horizon,
            "issued_at": _text(forecast.issued_at),
            "start": _text(forecast.start),
            "end": _text(forecast.end),
            "model": forecast.model,
            "version": forecast.version,
            "flags": forecast.flags.names,
            "total": sum(forecast.expected),
            "hours": [
                {
                    "start": format_instant((begin_s + n * 3600) * 1_000_000),
                    "expected": expected,
                    **dict(zip(QUANTILES, band, strict=True)),
                    "last_week": last_week,
                }
                for n, (expected, band, last_week) in enumerate(rows)
            ],
        }
    )


@operation(
    "GET", PATH + "/forecast/accuracy", tag="forecasts", scope=Scope.READ, query=shapes.ForecastQuery,
    answer=shapes.ForecastAccuracyAnswer,
)  # fmt: skip
def read_accuracy(call: Call, key: str) -> Response:
    """Read how good the forecasts of the last 30 days were.

    Each was scored when its truth had arrived, against last week's curve on the same hours.
    """
    call.caller.require_building(key)
    query: shapes.ForecastQuery = call.query
    report = ondol().forecast_accuracy(key, query.quantity, int(query.horizon[:-1]))
    return answer_json(
        {
            "building": key,
            "quantity": query.quantity,
            "horizon": query.horizon,
            "since": _text(report.since),
            "forecasts": report.forecasts,
            "better_share": report.better_share,
            "has_fallen_behind": report.has_fallen_behind,
            "back_test_better_share": report.back_test_better_share,
            "scores": report.scores,
            "days": report.days,
        }
    )


@operation(
    "GET",
    PATH + "/month-end",
    tag="forecasts",
    scope=Scope.READ,
    query=shapes.MonthEndQuery,
    answer=shapes.MonthEndAnswer,
)
def read_month_end(call: Call, key: str) -> Response:
    """Read what a building will have used by the end of the month."""
    call.caller.require_building(key)
    query: shapes.MonthEndQuery = call.query
    found = ondol().expect_month_end(key, query.quantity)
    named = {name: value for name, value in asdict(found).items() if name not in ("start", "end")}
    unit = ondol().usage_unit(key, query.quantity)
    bounds = {"start": _text(found.start), "end": _text(found.end)}
    return answer_json({"building": key, "quantity": query.quantity, "unit": unit, **bounds, **named})


@operation("GET", PATH + "/demand-forecast", tag="forecasts", scope=Scope.READ, answer=shapes.DemandForecastAnswer)
def read_demand_forecast(call: Call, key: str) -> Response:
    """Read the demand of the next quarter-hour.

    404 while the last hours or the same hours of past days are not known.
    """
    call.caller.require_building(key)
    demand = ondol().forecast_demand(key)
    building = ondol().directory.building(key)
    answer = {
        "building": key,
        "start": _text(demand.start),
        "expected_kw": demand.expected_kw,
        **{f"{name}_kw": value for name, value in zip(QUANTILES, demand.band_kw, strict=True)},
        "limit_kw": demand.limit_kw,
        "contract_power_kw": building.contract_power_kw,
        "is_near_limit": demand.is_near_limit,
    }
    return answer_json(answer)


@operation(
    "GET",
    PATH + "/anomalies",
    tag="forecasts",
    scope=Scope.READ,
    query=shapes.AnomalyQuery,
    answer=shapes.AnomaliesAnswer,
)
def read_anomalies(call: Call, key: str) -> Response:
    """Read the hours that lay outside the band of the forecast that was issued before them."""
    call.caller.require_building(key)
    query: shapes.AnomalyQuery = call.query
    ratings, found = ondol().rate_anomalies(key, query.quantity, query.start, query.end)
    return answer_json(
        {
            "building": key,
            "quantity": query.quantity,
            "unit": ondol().usage_unit(key, query.quantity),
            "anomalies": [
                {
                    **asdict(anomaly),
                    "start": _text(anomaly.start),
                    "end": _text(anomaly.end),
                    "hours": (anomaly.end - anomaly.start).total_seconds() / 3600,
                }
                for anomaly in found
            ],
            "hours": [{**asdict(rating), "start": _text(rating.start)} for rating in ratings],
        }
    )


@operation(
    "GET", PATH + "/avoided-energy", tag="forecasts", scope=Scope.READ, query=shapes.AvoidedEnergyQuery,
    answer=shapes.AvoidedEnergyAnswer,
)  # fmt: skip
def read_avoided_energy(call: Call, key: str) -> Response:
    """Measure the energy avoided since a change (IPMVP option C, hourly)."""
    call.caller.require_building(key)
    query: shapes.AvoidedEnergyQuery = call.query
    found, limits = ondol().measure_avoided_energy(
        key, query.quantity, (query.baseline_start, query.baseline_end), (query.reporting_start, query.reporting_end)
    )
    return answer_json(
        {
            "building": key,
            "quantity": query.quantity,
            "unit": ondol().usage_unit(key, query.quantity),
            "baseline": found.baseline,
            "measured": found.measured,
            "avoided": found.avoided,
            "avoided_share": found.avoided_share,
            "uncertainty": found.uncertainty,
            "hours": found.hours,
            "cvrmse_pct": found.cvrmse_pct,
            "nmbe_pct": found.nmbe_pct,
            "limits": limits,
            "meets_ashrae_14": found.meets_ashrae_14,
            "with_weather": found.with_weather,
        }
    )


@operation(
    "POST", PATH + "/weather-forecasts", tag="forecasts", scope=Scope.WRITE, body=shapes.WeatherForecastBody,
    answer=shapes.StoredAnswer, status=201,
)  # fmt: skip
def add_weather_forecast(call: Call, key: str) -> shapes.StoredAnswer:
    """Keep a weather forecast for a building, as it was issued.

    Models then know tomorrow's weather, and a back-test of that day sees what was known, nothing that became known later.
    """
    call.caller.require_building(key)
    body: shapes.WeatherForecastBody = call.body
    rows = [(hour.time, hour.temperature_c, hour.humidity_pct) for hour in body.hours]
    return shapes.StoredAnswer(stored=ondol().keep_weather_forecast(key, body.issued_at, rows))


def _text(instant: datetime) -> str:
    return format_instant(int(instant.timestamp()) * 1_000_000)
