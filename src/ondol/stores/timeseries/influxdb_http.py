"""InfluxDB over HTTP: line protocol in, InfluxQL out, which 1.x, 2.x and 3.x all serve."""

import gzip
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

import httpx
import orjson
from pydantic import SecretStr

from ondol.common.errors import StoreUnavailable, WrongConfiguration
from ondol.stores.breaker import Breaker
from ondol.stores.timeseries.influxdb_writing import WriteConnections, authorization_of

_ANSWER_WITHIN_S, _CONNECT_WITHIN_S = 10, 2
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_TRY_AGAIN_AFTER_S = 0.5


class Refused(Exception):
    """InfluxDB took the request and will never take these lines: wrong types, or older than it keeps."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where an InfluxDB is and who asks, from `influxdb://USER:PASSWORD@HOST:8086/DATABASE` (1.x) or
    `influxdb://HOST:8086/BUCKET?org=ORG&token=TOKEN` (2.x, 3.x); `influxdbs://` for TLS.
    """

    base_url: str
    host: str
    database: str
    user: str | None
    password: SecretStr | None
    org: str | None
    token: SecretStr | None

    @classmethod
    def parse(cls, url: str) -> "Address":
        """Raises WrongConfiguration when the URL names no database."""
        parts = urlsplit(url)
        options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        database = unquote(parts.path.strip("/"))
        if not parts.hostname or not database:
            raise WrongConfiguration(
                "ONDOL_TIMESERIES_URL needs a host and a database: influxdb://USER:PASSWORD@HOST:8086/energy_data"
            )
        scheme = "https" if parts.scheme == "influxdbs" else "http"
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        return cls(
            f"{scheme}://{host}:{parts.port or 8086}",
            parts.hostname,
            database,
            unquote(parts.username) if parts.username else None,
            SecretStr(unquote(parts.password)) if parts.password else None,
            options.get("org"),
            SecretStr(options["token"]) if "token" in options else None,
        )

    def quoted(self, name: str) -> str:
        """The name as an InfluxQL identifier."""
        return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


class InfluxDBClient:
    """One InfluxDB. Every failure to reach it is StoreUnavailable; for half a second after one, calls are refused at once.

    `setting` is the one that names it.
    """

    def __init__(
        self, address: Address, *, answer_within_s: float = _ANSWER_WITHIN_S, setting: str = "ONDOL_TIMESERIES_URL"
    ) -> None:
        self.address = address
        self._setting = setting
        authorization = authorization_of(address.user, address.password, address.token)
        self._http = httpx.Client(
            base_url=address.base_url,
            headers={"Authorization": authorization} if authorization else {},
            timeout=httpx.Timeout(answer_within_s, connect=_CONNECT_WITHIN_S),
            trust_env=False,
            limits=httpx.Limits(max_connections=64, max_keepalive_connections=64),
        )
        self._writing = WriteConnections(address.base_url, authorization, _CONNECT_WITHIN_S, _ANSWER_WITHIN_S)
        self._zips = address.host not in _LOOPBACK
        self._version = ""
        self._breaker = Breaker(_TRY_AGAIN_AFTER_S, (httpx.TransportError, OSError), self._away)

    @property
    def version(self) -> str:
        """Such as `1.6.7`; asked for once. Raises StoreUnavailable."""
        if not self._version:
            answer = self._send("GET", "/ping")
            version = answer.headers.get("X-Influxdb-Version", "")
            if not version and answer.headers.get("Content-Type", "").startswith("application/json"):
                version = str(answer.json().get("version", ""))
            self._version = version.lstrip("v").split("~")[0] or "1"
        return self._version

    def ping(self) -> None:
        """One round trip. Raises StoreUnavailable."""
        self._check(self._send("GET", "/ping"))

    def write(self, lines: bytes) -> None:
        """Store lines with stamps in nanoseconds. Raises Refused when some can never be stored, StoreUnavailable otherwise."""
        address = self.address
        if self.version.startswith("1."):
            path, parameters = "/write", {"db": address.database}
        else:
            path, parameters = (
                "/api/v2/write",
                {"bucket": address.database, "org": address.org or "", "precision": "ns"},
            )
        headers = {"Content-Type": "text/plain; charset=utf-8"}
        if self._zips:
            lines, headers["Content-Encoding"] = gzip.compress(lines, 1), "gzip"
        target = f"{path}?{urlencode(parameters)}"
        if self._breaker.ask(lambda: self._writing.post(target, lines, headers)):
            return
        answer = self._send("POST", target, content=lines, headers=headers)
        if answer.status_code in (400, 413, 422):
            raise Refused(_error(answer))
        self._check(answer)

    def query(self, statement: str) -> list[dict[str, Any]]:
        """The series of one InfluxQL statement (`name`, `tags`, `columns`, `values`), times in microseconds."""
        parameters = {"db": self.address.database, "epoch": "u", "q": statement}
        answer = self._send("POST", "/query", data=parameters, headers={"Accept": "application/json"})
        self._check(answer)
        results = _results(answer)
        if len(results) != 1:
            raise StoreUnavailable(f"InfluxDB answers a query without its result: {answer.text[:200]}")
        return results[0].get("series", [])

    def execute(self, statement: str) -> None:
        """One InfluxQL statement that is done and answers nothing, such as DELETE: 2.x then says `{}`. Raises as `query`."""
        parameters = {"db": self.address.database, "q": statement}
        answer = self._send("POST", "/query", data=parameters, headers={"Accept": "application/json"})
        self._check(answer)
        _results(answer)

    def request(
        self, method: str, path: str, body: Any = None, *, parameters: dict[str, str] | None = None,
        or_missing: bool = False,
    ) -> dict[str, Any] | None:  # fmt: skip
        """A call of the management API of 2.x and 3.x; returns its JSON, with `or_missing` None for 404."""
        target = f"{path}?{urlencode(parameters)}" if parameters else path
        answer = self._send(method, target, json=body)
        if or_missing and answer.status_code == 404:
            return None
        self._check(answer)
        return _document(answer) if answer.content else None

    def close(self) -> None:
        """Close the connections."""
        self._http.close()
        self._writing.close()

    def _send(self, method: str, path: str, **more: Any) -> httpx.Response:
        return self._breaker.ask(lambda: self._http.request(method, path, **more))

    def _check(self, answer: httpx.Response) -> None:
        if answer.status_code in (401, 403):
            raise StoreUnavailable(
                f"InfluxDB refuses the user or token of {self._setting} ({_error(answer)}); correct it"
            )
        if answer.status_code == 404:
            raise StoreUnavailable(f"InfluxDB has no database {self.address.database!r}; run: ondol db upgrade")
        if not answer.is_success:
            raise StoreUnavailable(f"InfluxDB answers {answer.status_code}: {_error(answer)}")

    def _away(self, reason: str) -> str:
        return f"InfluxDB at {self.address.base_url} cannot be reached ({reason}); start it, or check {self._setting}"


def _results(answer: httpx.Response) -> list[dict[str, Any]]:
    results: list[dict[str, Any]] = _document(answer).get("results", [])
    for result in results:
        if "error" in result:
            raise StoreUnavailable(f"InfluxDB refuses a query: {result['error']}")
    return results


def _document(answer: httpx.Response) -> dict[str, Any]:
    try:
        document = orjson.loads(answer.content)
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise StoreUnavailable(f"InfluxDB answers something else than JSON: {answer.text[:200]}")
    return cast(dict[str, Any], document)


def _error(answer: httpx.Response) -> str:
    try:
        document = answer.json()
    except ValueError:
        return answer.text[:200]
    return str(document.get("error") or document.get("message") or answer.text)[:500]
