"""Whether this process lives, whether it can serve, and its metrics."""

import contextlib

import orjson
import structlog
from flask import Blueprint, Response
from prometheus_client import CollectorRegistry, Gauge, generate_latest

from ondol import __version__
from ondol.common.access import SYSTEM, Scope
from ondol.common.errors import OndolError, StoreUnavailable
from ondol.web.api.authentication import authenticate
from ondol.web.api.operations import answer_json
from ondol.web.api.problems import problem
from ondol.web.installation import ondol
from ondol.web.restarts import restarts

ALIVE = orjson.dumps({"status": "ok", "version": __version__})
"""What `/healthz` answers."""

blueprint = Blueprint("health", __name__)
_log = structlog.get_logger()


@blueprint.get("/healthz")
def alive() -> Response:
    """200 while the process answers."""
    return Response(ALIVE, mimetype="application/json")


@blueprint.get("/readyz")
def ready() -> Response:
    """200 when requests can be served, 503 while the database is away. Who may see the metrics is told more: `degraded` names other
    stores that are away, `restarts` says whether serving processes died since the server was started."""
    try:
        ondol().sites.count()
    except OndolError as error:
        _log.warning("the database is away", reason=str(error))
        return problem(503, "the database does not answer; the server's log says why")
    try:
        _require_insight()
    except OndolError:
        return answer_json({"status": "ready"})
    degraded: dict[str, str] = {}
    for name, ask in (("timeseries", ondol().readings.status), ("cache", ondol().readings.check_cache)):
        try:
            ask()
        except OndolError as error:
            # Hosts and ports are for the log.
            _log.warning("a store is away", store=name, reason=str(error))
            degraded[name] = "away; the server's log says why"
    if "timeseries" not in degraded and (trouble := ondol().readings.status().trouble):
        _log.error("readings wait in the spool", reason=trouble)
        degraded["timeseries"] = "readings wait and the store does not take them; the server's log says why"
    again = restarts(ondol().settings.home)
    return answer_json(
        {
            "status": "degraded" if degraded else "ready",
            "degraded": degraded,
            "restarts": {"number": again.number, "last_at": again.last_at},
        }
    )


@blueprint.get("/metrics")
def metrics() -> Response:
    """Prometheus metrics of the stores, for a token of everything or an administrator; for all where the setting says so."""
    _require_insight()
    registry = CollectorRegistry()
    figures = [("ondol_buildings", "Buildings.", ondol().sites.count())]
    try:
        status = ondol().readings.status()
    except OndolError:
        figures.append(("ondol_timeseries_up", "Whether the time-series store answers.", 0))
    else:
        figures += [
            ("ondol_timeseries_up", "Whether the time-series store answers.", 1),
            ("ondol_readings", "Raw readings in the time-series store.", status.readings),
            ("ondol_readings_staged", "Durable readings that are not yet in the store's table.", status.staged),
            ("ondol_timeseries_bytes", "Size of the time-series store.", status.size_bytes),
            ("ondol_readings_held_up", "Whether readings wait and the store refuses them.", bool(status.trouble)),
        ]
    for name, description, value in figures:
        Gauge(name, description, registry=registry).set(value)
    refused = Gauge(
        "ondol_refused_readings", "Readings refused in the last 30 days, by sender.", ["who"], registry=registry
    )
    failed = Gauge("ondol_task_failures", "Failed runs of standing work.", ["task"], registry=registry)
    for failure in ondol().audit.task_failures(SYSTEM):
        failed.labels(failure.task).set(failure.failures)
    with contextlib.suppress(StoreUnavailable):
        for sender in ondol().readings.refused(SYSTEM):
            refused.labels(sender.who).set(sender.number)
    return Response(generate_latest(registry), mimetype="text/plain; version=0.0.4")


def _require_insight() -> None:
    """Raises NotSignedIn or NotAllowed for who may not see how the installation does."""
    if not ondol().settings.open_metrics:
        caller = authenticate(Scope.READ)
        caller.require_everything(Scope.ADMIN if caller.token is None else Scope.READ)
