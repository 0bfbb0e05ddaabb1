"""Clients on loopback, in processes of their own, for a bounded time."""

import http.client
import multiprocessing
import time
from collections.abc import Callable
from multiprocessing.queues import Queue

Body = Callable[[int, int], bytes]
"""Makes the n-th body of a client: (client, n) -> bytes."""


def values_per_second(
    port: int,
    path: str,
    headers: dict[str, str],
    body: Body,
    values: int,
    clients: int,
    seconds: float,
    bodies: int = 100,
) -> float:
    """Values that were acknowledged a second by so many clients; any refusal is an error.

    So many bodies a client are made before the time begins.
    """
    context = multiprocessing.get_context("spawn")
    counts: Queue[int] = context.Queue()
    begin = context.Barrier(clients)
    processes = [
        context.Process(target=_client, args=(port, path, headers, body, client, seconds, begin, counts, bodies))
        for client in range(clients)
    ]
    for process in processes:
        process.start()
    requests = sum(counts.get(timeout=seconds + 120) for _ in processes)
    for process in processes:
        process.join()
    return requests * values / seconds


def _client(port, path, headers, body: Body, client: int, seconds: float, begin, counts, made: int) -> None:
    bodies = [body(client, n) for n in range(made)]
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    begin.wait()
    until, done = time.perf_counter() + seconds, 0
    while time.perf_counter() < until:
        connection.request("POST", path, bodies[done] if done < made else body(client, done), headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status not in (200, 204):
            raise RuntimeError(f"{answer.status} after {done} requests")
        done += 1
    counts.put(done)
