"""What InfluxDB 1 clients ask before they write: is it there, and is the database?"""

from flask import Blueprint, Response, request

from ondol.web.api.operations import answer_json

blueprint = Blueprint("influxdb", __name__)


@blueprint.route("/ping", methods=["GET", "HEAD"])
def ping() -> Response:
    """204, as InfluxDB answers."""
    return Response(status=204, headers={"X-Influxdb-Version": "ondol"})


@blueprint.route("/query", methods=["GET", "POST"])
def query() -> Response:
    """`CREATE DATABASE` needs nothing done; other statements are refused: series are read at /api/v1/points."""
    statement = request.values.get("q", "").strip().upper()
    if statement.startswith(("CREATE DATABASE", "SHOW DATABASES")):
        return answer_json({"results": [{"statement_id": 0}]})
    return answer_json({"error": "only writing is understood here; read series at /api/v1/points/{key}/series"}, 400)
