"""The quick way to write, beside a server that answers as it is told."""

import contextlib
import socket
import threading
from collections.abc import Iterator

import pytest
from pydantic import SecretStr
from tests.running import free_port

from ondol.stores.timeseries.influxdb_writing import WriteConnections, authorization_of

STORED = b"HTTP/1.1 204 No Content\r\nX-Influxdb-Version: 1.6.7\r\n\r\n"


class Answering:
    """Answers each request with the next of `answers`, cut into parts; None closes the connection without one."""

    def __init__(self) -> None:
        self.answers: list[list[bytes] | None] = []
        self.requests: list[bytes] = []
        self.connections = 0
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as sent:
            while head := self._head(sent):
                length = int(
                    next(line for line in head.split(b"\r\n") if line.startswith(b"Content-Length")).split()[1]
                )
                self.requests.append(head + sent.read(length))
                answer = self.answers.pop(0)
                if answer is None:
                    return
                for part in answer:
                    connection.sendall(part)

    def _head(self, sent) -> bytes:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            line = sent.readline()
            if not line:
                return b""
            head += line
        return head

    def close(self) -> None:
        # Wakes the thread that waits for a connection, too.
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()


@pytest.fixture
def server() -> Iterator[Answering]:
    server = Answering()
    yield server
    server.close()


@pytest.fixture
def connections(server: Answering) -> Iterator[WriteConnections]:
    connections = WriteConnections(server.url, authorization_of("user", SecretStr("pass:word"), None), 2, 5)
    yield connections
    connections.close()


def post(connections: WriteConnections, body: bytes = b"m value=1") -> bool:
    return connections.post("/write?db=d", body, {"Content-Type": "text/plain"})


def test_a_connection_is_kept_and_the_request_is_whole(server: Answering, connections: WriteConnections) -> None:
    server.answers = [[STORED[:20], STORED[20:]], [STORED]]
    assert post(connections)
    assert post(connections, b"m value=2\nm value=3")
    assert server.connections == 1
    head, _, body = server.requests[1].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /write?db=d HTTP/1.1\r\nHost: 127.0.0.1:")
    assert b"\r\nAuthorization: Basic dXNlcjpwYXNzOndvcmQ=\r\nContent-Type: text/plain\r\nContent-Length: 19" in head
    assert body == b"m value=2\nm value=3"


def test_another_answer_is_left_to_others_and_its_connection_is_not_used_again(
    server: Answering, connections: WriteConnections
) -> None:
    server.answers = [[b"HTTP/1.1 400 Bad Request\r\nContent-Length: 3\r\n\r\nbad"], [STORED]]
    assert not post(connections)
    assert post(connections)
    assert server.connections == 2


def test_what_the_other_side_closed_while_idle_is_sent_anew(server: Answering, connections: WriteConnections) -> None:
    server.answers = [[STORED], None, [STORED]]
    assert post(connections)
    assert post(connections, b"m value=4")
    assert [request.endswith(b"value=4") for request in server.requests] == [False, True, True]


def test_a_server_that_says_close_is_taken_at_its_word(server: Answering, connections: WriteConnections) -> None:
    server.answers = [[STORED.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")], [STORED]]
    assert post(connections)
    assert post(connections)
    assert server.connections == 2


def test_a_new_connection_without_an_answer_is_an_error(server: Answering, connections: WriteConnections) -> None:
    server.answers = [None]
    with pytest.raises(ConnectionError):
        post(connections)
    with pytest.raises(ConnectionRefusedError):
        WriteConnections(f"http://127.0.0.1:{free_port()}", "", 2, 5).post("/write", b"", {})
