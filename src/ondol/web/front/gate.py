"""The application as the server calls it: the body is taken in without a thread, then a thread answers."""

import asyncio
import os
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext, suppress
from http import HTTPStatus
from typing import Any
from wsgiref.types import WSGIApplication

import structlog
from werkzeug.http import parse_list_header

from ondol.common.addresses import network_of
from ondol.config import Settings
from ondol.web.api.health import ALIVE
from ondol.web.api.problems import PROBLEM_TYPE, problem_document
from ondol.web.front.body import BodyRefused, Framing, take_in
from ondol.web.front.turns import Caller, TooManyRequests, Turns
from ondol.web.front.wsgi import Answer, Request, SentFile, ask, environ_of, host_of

PIECE_WITHIN_S = 30
ANSWERED_WITHIN_S = 1.5
_DOWNLOADS = 8
_log = structlog.get_logger()


class Gate:
    """Takes requests of the server (RSGI) and has a WSGI application answer them."""

    def __init__(self, app: WSGIApplication, settings: Settings, close: Callable[[], None] = lambda: None) -> None:
        self._close = close
        self._app = app
        self._proxies = settings.trusted_proxies
        self._most_bytes = settings.max_body_mb * 2**20
        self._folder = settings.home
        self._turns = Turns(settings.request_threads, settings.requests_per_address)
        self._streams = ThreadPoolExecutor(settings.live_viewers + _DOWNLOADS, "stream")

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Before the first request. The server waits for every visitor to hang up when it is asked to end; what is open must not."""
        with suppress(NotImplementedError):  # Windows ends a process without asking
            loop.add_signal_handler(signal.SIGTERM, self._begin_to_end)

    def _begin_to_end(self) -> None:
        # The server's own handler of this one: from now on it takes no new connections.
        os.kill(os.getpid(), signal.SIGINT)
        threading.Thread(target=self._end, name="ending").start()

    def _end(self) -> None:
        """Let what is being answered be answered, for a moment, then close what is open."""
        until = time.monotonic() + ANSWERED_WITHIN_S
        while self._turns.are_taken and time.monotonic() < until:
            time.sleep(0.02)
        self._close()

    async def __rsgi__(self, request: Request, protocol: Any) -> None:
        """Answer one request."""
        if request.path == "/healthz":
            # Whether the process lives is told whatever the threads are busy with.
            _say(protocol, 200, "application/json", ALIVE)
            return
        try:
            with self._turns.admitted(self._address(request)) as caller:
                answer = await self._take_and_answer(request, protocol, caller)
        except BodyRefused as refused:
            _refuse(protocol, refused.status, str(refused))
        except TooManyRequests:
            _refuse(protocol, 429, "too many requests of this address are under way; wait for some to end", retry_s=1)
        else:
            if answer is not None:
                await self._send(answer, protocol)

    async def _take_and_answer(self, request: Request, protocol: Any, caller: Caller) -> Answer | None:
        """What is still to be sent, or None. Raises BodyRefused."""
        framing = Framing.of(request.headers.get("content-length"), "transfer-encoding" in request.headers)
        async with caller.large_body() if framing.may_be_large else nullcontext():
            body = await take_in(protocol, framing, self._most_bytes, self._folder)
            environ = environ_of(request, body)
            with body.file:
                return await caller.run(lambda: self._answer(environ, protocol))

    def _address(self, request: Request) -> str:
        """Who asks, as the application will see it: what the outermost trusted proxy says."""
        lines = [value for name, value in request.headers.items() if name == "x-forwarded-for"] if self._proxies else []
        told = parse_list_header(",".join(lines))
        is_told = self._proxies and len(told) >= self._proxies
        return network_of(told[-self._proxies] if is_told else host_of(request.client))

    def _answer(self, environ: dict[str, Any], protocol: Any) -> Answer | None:
        """Hand over a short answer; return one that is to be sent as it comes."""
        answer = ask(self._app, environ)
        if (
            isinstance(answer.pieces, SentFile)
            and environ["REQUEST_METHOD"] == "GET"
            and answer.status == HTTPStatus.OK
        ):
            protocol.response_file(answer.status, answer.headers, answer.pieces.path)
            answer.close()
            return None
        if not answer.is_short:
            return answer
        try:
            protocol.response_bytes(answer.status, answer.headers, b"".join(answer.pieces))
        finally:
            answer.close()
        return None

    async def _send(self, answer: Answer, protocol: Any) -> None:
        """Send what comes from a thread of its own; who does not take it for long is left."""
        loop = asyncio.get_running_loop()
        transport = protocol.response_stream(answer.status, answer.headers)

        async def send(part: bytes) -> None:
            await transport.send_bytes(part)

        def pump() -> None:
            try:
                for part in answer.parts():
                    asyncio.run_coroutine_threadsafe(send(part), loop).result(PIECE_WITHIN_S)
            finally:
                answer.close()

        try:
            await loop.run_in_executor(self._streams, pump)
        except Exception as error:
            _log.debug("an answer was left before its end", reason=repr(error))


def _refuse(protocol: Any, status: int, detail: str, retry_s: int | None = None) -> None:
    _say(protocol, status, PROBLEM_TYPE, problem_document(status, detail), retry_s)


def _say(protocol: Any, status: int, media_type: str, body: bytes, retry_s: int | None = None) -> None:
    headers = [("content-type", media_type), ("x-content-type-options", "nosniff"), ("cache-control", "no-store")]
    protocol.response_bytes(status, headers + ([("retry-after", str(retry_s))] if retry_s else []), body)
