"""Importing a meter file over HTTP: `ondol import` uses this while a server owns the embedded stores."""

from flask import request

from ondol.common.access import Scope
from ondol.web.api.operations import Answer, Body, Call, operation
from ondol.web.api.shapes.imports import ImportAnswer, ImportQuery, import_answer
from ondol.web.installation import ondol


@operation(
    "POST", "/api/v1/imports", tag="ingest", scope=Scope.WRITE, query=ImportQuery,
    body=Body(media={"application/octet-stream": "time,value\n2019-01-01 00:00,41.4\n2019-01-01 01:00,40.2\n2019-01-01 02:00,39.8\n"}),
    answer=Answer(ImportAnswer, errors=[404]),
)  # fmt: skip
def post_import(call: Call) -> ImportAnswer:
    """Import a CSV or XLSX file.

    The body is the file. A building that does not exist is created. Importing a file again changes nothing.
    """
    query: ImportQuery = call.query
    data = request.get_data(cache=False)
    return import_answer(ondol().imports.import_file(call.access, query.building, query.name, data, query.model_dump()))
