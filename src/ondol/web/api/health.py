"""Whether this process lives, whether it can serve, and its metrics."""

from flask import Blueprint, Response
from prometheus_client import CollectorRegistry, Gauge, generate_latest

from ondol import __version__
from ondol.domain.errors import OndolError
from ondol.web.api.operations import answer_json
from ondol.web.api.problems import problem
from ondol.web.installation import ondol

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def alive() -> Response:
    """200 while the process answers."""
    return answer_json({"status": "ok", "version": __version__})


@blueprint.get("/readyz")
def ready() -> Response:
    """200 when every store answers, 503 otherwise."""
    try:
        ondol().directory.buildings()
        ondol().timeseries.status()
    except OndolError as error:
        return problem(503, str(error))
    return answer_json({"status": "ready"})


@blueprint.get("/metrics")
def metrics() -> Response:
    """Prometheus metrics of the stores."""
    status = ondol().timeseries.status()
    registry = CollectorRegistry()
    for name, description, value in (
        ("ondol_readings", "Raw readings in the time-series store.", status.readings),
        ("ondol_readings_staged", "Durable readings that are not yet in the store's table.", status.staged),
        ("ondol_timeseries_bytes", "Size of the time-series store.", status.size_bytes),
        ("ondol_buildings", "Buildings.", len(ondol().directory.buildings())),
    ):
        Gauge(name, description, registry=registry).set(value)
    return Response(generate_latest(registry), mimetype="text/plain; version=0.0.4")
