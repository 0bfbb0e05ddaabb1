"""The quick way to write lines: kept connections that know one answer, 204.

Every reading passes here, and a whole HTTP client takes several times as long. What is not a plain 204 is left to the client.
"""

import base64
import socket
from collections import deque
from ssl import SSLContext
from urllib.parse import urlsplit

import httpx
from pydantic import SecretStr

_LONGEST_HEAD = 65_536
_STORED = b"HTTP/1.1 204 "


class WriteConnections:
    """Connections to one InfluxDB, for many threads. `authorization` is the header's value, empty for none."""

    def __init__(self, base_url: str, authorization: str, connect_within_s: float, answer_within_s: float) -> None:
        parts = urlsplit(base_url)
        self._name, self._port, self._host = parts.hostname or "", parts.port or 8086, parts.netloc
        self._tls: SSLContext | None = httpx.create_ssl_context(trust_env=False) if parts.scheme == "https" else None
        self._authorization = f"Authorization: {authorization}\r\n" if authorization else ""
        self._connect_within_s, self._answer_within_s = connect_within_s, answer_within_s
        self._idle: deque[socket.socket] = deque()

    def post(self, target: str, body: bytes, headers: dict[str, str]) -> bool:
        """Whether InfluxDB answered 204; on False nothing is known. Raises OSError when it cannot be reached."""
        named = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        head = f"POST {target} HTTP/1.1\r\nHost: {self._host}\r\n{self._authorization}{named}Content-Length: {len(body)}\r\n\r\n"
        message = head.encode("latin-1") + body
        while True:
            try:
                connection = self._idle.pop()
            except IndexError:
                return self._exchange(self._open(), message)
            try:
                return self._exchange(connection, message)
            except ConnectionError:
                # It was closed at the other end while it was idle; lines that are written twice replace themselves.
                continue

    def close(self) -> None:
        """Close what is idle."""
        while self._idle:
            self._idle.pop().close()

    def _exchange(self, connection: socket.socket, message: bytes) -> bool:
        is_good = False
        try:
            connection.sendall(message)
            head = b""
            while b"\r\n\r\n" not in head:
                received = connection.recv(_LONGEST_HEAD)
                if not received:
                    raise ConnectionResetError("InfluxDB closed the connection")
                head += received
                if len(head) > _LONGEST_HEAD:
                    return False
            # A 204 has no body, so that the next answer begins behind its head.
            is_stored = head.startswith(_STORED)
            is_good = is_stored and head.endswith(b"\r\n\r\n") and b"\nconnection: close" not in head.lower()
            return is_stored
        finally:
            if is_good:
                self._idle.append(connection)
            else:
                connection.close()

    def _open(self) -> socket.socket:
        connection = socket.create_connection((self._name, self._port), self._connect_within_s)
        try:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._tls is not None:
                connection = self._tls.wrap_socket(connection, server_hostname=self._name)
            connection.settimeout(self._answer_within_s)
        except BaseException:
            connection.close()
            raise
        return connection


def authorization_of(user: str | None, password: SecretStr | None, token: SecretStr | None) -> str:
    """The value of the header for a user (1.x) or a token (2.x, 3.x)."""
    if user:
        return (
            "Basic " + base64.b64encode(f"{user}:{password.get_secret_value() if password else ''}".encode()).decode()
        )
    return f"Token {token.get_secret_value()}" if token else ""
