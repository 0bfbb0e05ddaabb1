"""The threads that answer, shared so that no address ever holds them all."""

import asyncio
import queue
import threading
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, TypeVar

LARGE_AT_ONCE = 32
LARGE_PER_ADDRESS = 4
Result = TypeVar("Result")

_Job = tuple[asyncio.AbstractEventLoop, "asyncio.Future[Any]", Callable[[], Any]]


class TooManyRequests(Exception):
    """One address has more requests under way than it may."""


class Turns:
    """So many threads answer. An address has so many requests under way, and three quarters of the threads, at most.

    Belongs to one event loop.
    """

    def __init__(self, threads: int, most_under_way: int) -> None:
        self._jobs: queue.SimpleQueue[_Job] = queue.SimpleQueue()
        self._share = max(1, threads * 3 // 4)
        self._most_under_way = most_under_way
        self._large = asyncio.Semaphore(LARGE_AT_ONCE)
        self._callers: dict[str, Caller] = {}
        for number in range(threads):
            threading.Thread(target=_work, args=(self._jobs,), name=f"request {number}", daemon=True).start()

    @property
    def are_taken(self) -> bool:
        """Whether a thread is at work."""
        return any(caller.at_work for caller in list(self._callers.values()))

    @contextmanager
    def admitted(self, address: str) -> Generator["Caller"]:
        """A place for one request of an address. Raises TooManyRequests."""
        caller = self._callers.get(address)
        if caller is None:
            caller = self._callers[address] = Caller(self._jobs, self._share, self._large)
        if caller.under_way >= self._most_under_way:
            raise TooManyRequests
        caller.under_way += 1
        try:
            yield caller
        finally:
            caller.under_way -= 1
            if not caller.under_way:
                del self._callers[address]


class Caller:
    """One address with what it has under way."""

    def __init__(self, jobs: "queue.SimpleQueue[_Job]", most_threads: int, large: asyncio.Semaphore) -> None:
        self.under_way = 0
        self.at_work = 0
        self._large_of_all = large
        self._large = asyncio.Semaphore(LARGE_PER_ADDRESS)
        self._jobs = jobs
        self._turns = asyncio.Semaphore(most_threads)

    @asynccontextmanager
    async def large_body(self) -> AsyncGenerator[None]:
        """A place for a body that waits in a file; there are so many, so that the disk is not a stranger's."""
        async with self._large, self._large_of_all:
            yield

    async def run(self, job: Callable[[], Result]) -> Result:
        """What `job` returns or raises, in a thread, when it is this caller's turn."""
        loop = asyncio.get_running_loop()
        async with self._turns:
            done: asyncio.Future[Result] = loop.create_future()
            self._jobs.put((loop, done, job))
            self.at_work += 1
            try:
                return await done
            finally:
                self.at_work -= 1


def _work(jobs: "queue.SimpleQueue[_Job]") -> None:
    while True:
        loop, done, job = jobs.get()
        try:
            result = job()
        except BaseException as error:
            loop.call_soon_threadsafe(_end, done, done.set_exception, error)
        else:
            loop.call_soon_threadsafe(_end, done, done.set_result, result)


def _end(done: "asyncio.Future[Any]", end: Callable[[Any], None], outcome: object) -> None:
    if not done.done():
        end(outcome)
