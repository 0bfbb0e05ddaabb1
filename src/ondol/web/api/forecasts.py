"""Forecasts of a building, and how good they were."""

from ondol.common.access import Scope
from ondol.web.api.operations import Answer, Call, operation
from ondol.web.api.shapes import forecasts as shapes
from ondol.web.api.shapes.base import Key
from ondol.web.installation import ondol
from ondol.web.messages import words_of

PATH = "/api/v1/buildings/{key}"


@operation(
    "GET", PATH + "/forecast", tag="forecasts", scope=Scope.READ, query=shapes.ForecastQuery,
    answer=shapes.ForecastAnswer,
)  # fmt: skip
def read_forecast(call: Call, key: Key) -> shapes.ForecastAnswer:
    """Read the newest forecast of a building.

    Energy of its main meters by the hour, with quantiles that are calibrated on the errors of earlier forecasts.
    """
    query: shapes.ForecastQuery = call.query
    return shapes.forecast_answer(
        key, ondol().forecasts.look_up(call.access, key, query.quantity, query.hours), query.horizon
    )


@operation(
    "GET", PATH + "/forecast/accuracy", tag="forecasts", scope=Scope.READ, query=shapes.ForecastQuery,
    answer=shapes.ForecastAccuracyAnswer,
)  # fmt: skip
def read_accuracy(call: Call, key: Key) -> shapes.ForecastAccuracyAnswer:
    """Read how good the forecasts of the last 30 days were.

    Each was scored when its truth had arrived, against last week's curve on the same hours.
    """
    query: shapes.ForecastQuery = call.query
    report = ondol().forecasts.accuracy(call.access, key, query.quantity, query.hours)
    return shapes.accuracy_answer(report, query.horizon)


@operation(
    "GET", PATH + "/month-end", tag="forecasts", scope=Scope.READ, query=shapes.MonthEndQuery,
    answer=shapes.MonthEndAnswer,
)  # fmt: skip
def read_month_end(call: Call, key: Key) -> shapes.MonthEndAnswer:
    """Read what a building will have used by the end of the month."""
    query: shapes.MonthEndQuery = call.query
    found = ondol().forecasts.expect_month_end(call.access, key, query.quantity)
    return shapes.MonthEndAnswer(
        building=key, quantity=query.quantity, unit=found.unit, start=found.start, end=found.end,
        measured=found.measured, measured_until=found.measured_until, expected=found.expected, low=found.low, high=found.high,
    )  # fmt: skip


@operation("GET", PATH + "/demand-forecast", tag="forecasts", scope=Scope.READ, answer=shapes.DemandForecastAnswer)
def read_demand_forecast(call: Call, key: Key) -> shapes.DemandForecastAnswer:
    """Read the demand of the next quarter-hour.

    404 while the last hours or the same hours of past days are not known.
    """
    return shapes.demand_answer(key, ondol().forecasts.forecast_demand(call.access, key))


@operation("GET", PATH + "/notification", tag="forecasts", scope=Scope.READ, answer=shapes.NotificationAnswer)
def read_notification(call: Call, key: Key) -> shapes.NotificationAnswer:
    """Read what a building's people should know now; `message` is null when all is quiet."""
    found = ondol().forecasts.notification(call.access, key)
    if found is None:
        return shapes.NotificationAnswer(building=key)
    return shapes.NotificationAnswer(
        building=key, type=found.type, key=found.message.key, values=dict(found.message.values),
        message=words_of(found.message, ondol().sites.building(call.access, key).zone), timestamp=found.timestamp,
    )  # fmt: skip


@operation(
    "GET", PATH + "/anomalies", tag="forecasts", scope=Scope.READ, query=shapes.AnomalyQuery,
    answer=shapes.AnomaliesAnswer,
)  # fmt: skip
def read_anomalies(call: Call, key: Key) -> shapes.AnomaliesAnswer:
    """Read the hours that lay outside the band of the forecast that was issued before them."""
    query: shapes.AnomalyQuery = call.query
    report = ondol().forecasts.rate_anomalies(call.access, key, query.quantity, query.start, query.end)
    return shapes.anomalies_answer(key, query.quantity, report)


@operation(
    "POST", PATH + "/weather-forecasts", tag="forecasts", scope=Scope.WRITE, body=shapes.WeatherForecastBody,
    answer=Answer(shapes.StoredAnswer, status=201),
)  # fmt: skip
def add_weather_forecast(call: Call, key: Key) -> shapes.StoredAnswer:
    """Keep a weather forecast for a building, as it was issued.

    Models then know tomorrow's weather, and a back-test of that day sees what was known, nothing that became known later.
    """
    body: shapes.WeatherForecastBody = call.body
    stored = ondol().forecasts.keep_weather_forecast(call.access, [key], body.frame())
    return shapes.StoredAnswer(stored=stored)
