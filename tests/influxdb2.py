"""A server that answers as InfluxDB 2.7 does, for tests. It is not InfluxDB 2.7: that cannot be had here and was not run.

Its answers for buckets, organisations, tokens, DELETE, health and ping are those that were noted of a real 2.7.12; what it
stores and what InfluxQL gives is the work of the real InfluxDB 1.x behind it, a database for each bucket.
"""

import gzip
import json
import re
import secrets
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import httpx

from tests.servers import InfluxDB

VERSION = "2.7.12"
ORG = "energy_org"


@dataclass
class InfluxDB2:
    """One organisation with its buckets; `tokens` may do what their words say: `read`, `write`, `admin`."""

    behind: InfluxDB
    tokens: dict[str, set[str]] = field(default_factory=dict)
    buckets: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._prefix = f"two_{secrets.token_hex(4)}_"
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End it; its databases stay with the server behind."""
        self._http.shutdown()
        self._http.server_close()

    def token(self, *may: str) -> str:
        """A new token that may do that."""
        secret = secrets.token_hex(16)
        self.tokens[secret] = set(may)
        return secret

    def url_of(self, bucket: str, *may: str, org: str | None = ORG) -> str:
        """URL of a bucket for a new token, as `ONDOL_TIMESERIES_URL` takes it."""
        named = "" if org is None else f"org={quote(org, safe='')}&"
        port = self._http.server_address[1]
        return f"influxdb://127.0.0.1:{port}/{quote(bucket, safe='')}?{named}token={self.token(*may or ('admin',))}"

    def make_bucket(self, name: str, rules: list[dict[str, Any]]) -> dict[str, Any]:
        """A bucket of that name; rules without `everySeconds` keep for good."""
        self.behind.query(f'CREATE DATABASE "{self.database_of(name)}"')
        self.buckets[name] = {"id": secrets.token_hex(8), "name": name, "retentionRules": rules}
        return self.buckets[name]

    def database_of(self, bucket: str) -> str:
        """The database that stands for a bucket."""
        return self._prefix + bucket.encode().hex()


def _handler(server: InfluxDB2) -> type[BaseHTTPRequestHandler]:
    class Bound(_Handler):
        two = server

    return Bound


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    two: InfluxDB2

    def do_GET(self) -> None:
        self._answer()

    def do_HEAD(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def do_PATCH(self) -> None:
        self._answer()

    def log_message(self, *_: Any) -> None: ...

    def _answer(self) -> None:
        parts = urlsplit(self.path)
        self.body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.headers.get("Content-Encoding") == "gzip":
            self.body = gzip.decompress(self.body)
        self.given = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        self.two.asked.append(f"{self.command} {self.path}")
        if parts.path == "/ping":
            return self._say(204)
        if parts.path == "/health":
            return self._say(200, {"name": "influxdb", "message": "ready for queries and writes", "status": "pass", "checks": [],
                                   "version": f"v{VERSION}", "commit": "none"})  # fmt: skip
        self.may = self.two.tokens.get(self.headers.get("Authorization", "").removeprefix("Token "))
        if self.may is None:
            return self._refuse(401, "unauthorized", "unauthorized access")
        if parts.path.startswith("/api/v2/buckets/") and self.command == "PATCH":
            return self._patch_bucket(parts.path.rpartition("/")[2])
        paths = {
            "/api/v2/write": self._write, "/query": self._query, "/api/v2/orgs": self._orgs,
            "/api/v2/buckets": self._buckets if self.command == "GET" else self._post_bucket,
        }  # fmt: skip
        found = paths.get(parts.path)
        return found() if found else self._refuse(404, "not found", "path not found")

    def _allows(self, what: str) -> bool:
        return bool({what, "admin"} & (self.may or set()))

    def _write(self) -> None:
        if not self.given.get("org"):
            return self._refuse(400, "invalid", "Please provide either orgID or org")
        if self.given["org"] != ORG:
            return self._refuse(404, "not found", f'organization name "{self.given["org"]}" not found')
        bucket = self.given.get("bucket", "")
        if bucket not in self.two.buckets:
            return self._refuse(404, "not found", f'bucket "{bucket}" not found')
        if not self._allows("write"):
            return self._refuse(403, "forbidden", "insufficient permissions for write")
        parameters = {"db": self.two.database_of(bucket), "precision": self.given.get("precision", "ns")}
        answer = self._behind("/write", params=parameters, content=self.body)
        if answer.status_code == 204:
            return self._say(204)
        return self._refuse(answer.status_code, "invalid", answer.json().get("error", ""))

    def _query(self) -> None:
        given = self.given | {name: values[-1] for name, values in parse_qs(self.body.decode()).items()}
        bucket, statement = given.get("db", ""), given.get("q", "")
        is_delete = re.match(r"\s*DELETE\b", statement, re.IGNORECASE)
        if bucket not in self.two.buckets or not self._allows("write" if is_delete else "read"):
            return self._say(200, {"results": [{"statement_id": 0, "error": f"database not found: {bucket}"}]})
        answer = self._behind("/query", data={**given, "db": self.two.database_of(bucket)})
        return self._say(200, {}) if is_delete else self._say(answer.status_code, answer.json())

    def _orgs(self) -> None:
        org = self.given.get("org", ORG)
        if not self._allows("admin"):
            return self._say(200, {"orgs": []})
        if org != ORG:
            return self._refuse(404, "not found", f'organization name "{org}" not found')
        return self._say(200, {"orgs": [{"id": "0" * 16, "name": ORG}]})

    def _buckets(self) -> None:
        name, org = self.given.get("name"), self.given.get("org")
        if org is not None and org != ORG:
            return self._refuse(404, "not found", f'organization name "{org}" not found')
        found = [bucket for bucket in self.two.buckets.values() if name in (None, bucket["name"])]
        if not found and org is not None and name is not None:
            return self._refuse(404, "not found", f'bucket "{name}" not found')
        return self._say(200, {"buckets": found if self._allows("read") else []})

    def _post_bucket(self) -> None:
        wanted = json.loads(self.body)
        if not self._allows("admin"):
            return self._refuse(403, "forbidden", "insufficient permissions for write")
        if wanted["name"] in self.two.buckets:
            return self._refuse(422, "conflict", f"bucket with name {wanted['name']} already exists")
        return self._say(201, self.two.make_bucket(wanted["name"], wanted["retentionRules"]))

    def _patch_bucket(self, number: str) -> None:
        bucket = next((bucket for bucket in self.two.buckets.values() if bucket["id"] == number), None)
        if bucket is None:
            return self._refuse(404, "not found", "bucket not found")
        if not self._allows("admin"):
            return self._refuse(403, "forbidden", "insufficient permissions for write")
        bucket["retentionRules"] = json.loads(self.body)["retentionRules"]
        return self._say(200, bucket)

    def _behind(self, path: str, **more: Any) -> httpx.Response:
        behind = self.two.behind
        address = f"http://127.0.0.1:{behind.port}{path}"
        return httpx.post(address, auth=("energy_user", behind.password), timeout=30, trust_env=False, **more)

    def _refuse(self, status: int, code: str, message: str) -> None:
        self._say(status, {"code": code, "message": message})

    def _say(self, status: int, document: object = None) -> None:
        body = b"" if document is None else json.dumps(document).encode()
        self.send_response(status)
        self.send_header("X-Influxdb-Build", "OSS")
        self.send_header("X-Influxdb-Version", f"v{VERSION}")
        if status != 204:
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
