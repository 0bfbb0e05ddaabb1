"""The API's reference for people."""

from flask import Blueprint, render_template

blueprint = Blueprint("api_docs", __name__)


@blueprint.get("/api/docs")
def show() -> str:
    """Swagger UI over `/api/openapi.json`."""
    return render_template("api_docs.html")
