"""What clients of InfluxDB ask: is it there, what is in it, and the readings themselves."""

import time

from flask import Blueprint, Response, request

from ondol import __version__
from ondol.common.errors import StoreUnavailable
from ondol.common.instants import format_instant
from ondol.history import QuerySeries
from ondol.web.api.authentication import authenticate
from ondol.web.api.operations import answer_json
from ondol.web.installation import ondol

blueprint = Blueprint("influxdb", __name__)


VERSION = f"2.7-ondol-{__version__}"
_HEADERS = {"X-Influxdb-Version": VERSION, "X-Influxdb-Build": "OSS"}
_STARTED = time.time()


@blueprint.route("/ping", methods=["GET", "HEAD"])
def ping() -> Response:
    """204, as InfluxDB answers; with `verbose` the version."""
    is_verbose = request.args.get("verbose", "").lower() not in ("", "0", "false")
    response = answer_json({"version": VERSION}) if is_verbose else Response(status=204)
    response.headers.update(_HEADERS)
    return response


@blueprint.get("/health")
def health() -> Response:
    """What InfluxDB 2.x says of itself: `pass`, or `fail` while nothing can be asked or written."""
    try:
        ondol().sites.count()
        status, message = "pass", "ready for queries and writes"
    except StoreUnavailable:
        status, message = "fail", "the database does not answer; the server's log says why"
    told = {"name": "influxdb", "message": message, "status": status, "checks": [], "version": VERSION, "commit": ""}
    response = answer_json(told, 200 if status == "pass" else 503)
    response.headers.update(_HEADERS)
    return response


@blueprint.get("/ready")
def ready() -> Response:
    """Since when it answers, as InfluxDB 2.x says it."""
    up_s = time.time() - _STARTED
    started = format_instant(int(_STARTED * 1e6))
    return answer_json(
        {"status": "ready", "started": started, "up": f"{int(up_s // 3600)}h{int(up_s // 60 % 60)}m{up_s % 60:.3f}s"}
    )


_EPOCHS = {
    "ns": (1000, 1), "u": (1, 1), "µ": (1, 1), "us": (1, 1), "ms": (1, 1000), "s": (1, 10**6), "m": (1, 60 * 10**6),
    "h": (1, 3600 * 10**6),
}  # fmt: skip
"""What a time in microseconds is multiplied with and divided by for each `epoch`."""


@blueprint.route("/query", methods=["GET", "POST"])
def query() -> Response:
    """Read-only InfluxQL over `sensor_readings`; `CREATE DATABASE` needs nothing done, and nobody to be known."""
    text = request.values.get("q", "").strip()
    if text.upper().startswith("CREATE DATABASE") and ";" not in text.rstrip(";"):
        return answer_json({"results": [{"statement_id": 0}]})
    caller = authenticate(None)
    database, epoch = request.values.get("db"), request.values.get("epoch")
    answers = ondol().history.answer_influxql(caller, text, (database or "").partition("/")[0] or None)
    results = [
        {"statement_id": n, **({"series": [_series(one, epoch) for one in series]} if series else {})}
        for n, series in enumerate(answers)
    ]
    response = answer_json({"results": results})
    response.headers.update(_HEADERS)
    return response


def _series(series: QuerySeries, epoch: str | None) -> dict[str, object]:
    """A series as InfluxDB writes it."""
    values = series.values
    if series.columns[0] == "time":
        times = _times([row[0] for row in values], epoch)
        values = [[time, *row[1:]] for time, row in zip(times, values, strict=True)]
    named = {"name": series.name} if series.name else {}
    tags = {"tags": series.tags} if series.tags else {}
    return {**named, **tags, "columns": series.columns, "values": values}


def _times(times_us: list[int], epoch: str | None) -> list[int] | list[str]:
    if epoch in _EPOCHS:
        factor, divisor = _EPOCHS[epoch]
        return [time_us * factor // divisor for time_us in times_us]
    return [format_instant(time_us) for time_us in times_us]
