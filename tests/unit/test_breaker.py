"""A server that is away is not asked again for a moment."""

import time

import pytest

from ondol.common.errors import StoreUnavailable
from ondol.stores.breaker import Breaker


class Server:
    """Answers or is silent, and counts who asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.error: Exception | None = None

    def __call__(self) -> str:
        self.asked += 1
        if self.error is not None:
            raise self.error
        return "answer"


def test_a_failure_spares_the_next_callers_the_wait():
    server, breaker = Server(), Breaker(0.05, (OSError,), lambda reason: f"the server is away ({reason})")
    assert breaker.ask(server) == "answer"
    server.error = ConnectionRefusedError("refused")
    with pytest.raises(StoreUnavailable, match=r"away \(refused\)"):
        breaker.ask(server)
    server.error = None
    with pytest.raises(StoreUnavailable, match="a moment ago"):
        breaker.ask(server)
    assert server.asked == 2
    time.sleep(0.06)
    assert breaker.ask(server) == "answer"


def test_an_error_without_words_is_named():
    server, breaker = Server(), Breaker(1.0, (OSError,), str)
    server.error = TimeoutError()
    with pytest.raises(StoreUnavailable, match="TimeoutError"):
        breaker.ask(server)


def test_other_errors_pass_and_say_nothing_of_the_server():
    server, breaker = Server(), Breaker(1.0, (OSError,), str)
    server.error = KeyError("wrong question")
    with pytest.raises(KeyError):
        breaker.ask(server)
    server.error = None
    assert breaker.ask(server) == "answer"
