"""The service under load: two workers, eight clients, distinct texts, on loopback."""

from __future__ import annotations

import http.client
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import numpy as np
import psutil

from evals.bench.row import DRAFT, Row

CLIENTS, WORKERS, REQUESTS = 8, 2, 100


def run() -> list[Row]:
    """Start, load and stop a server; counts anything but 200 as an error."""
    began = time.perf_counter()
    with serving(WORKERS) as port:
        ready = time.perf_counter() - began
        time.sleep(2)
        _client(port, -1, 10)
        began = time.perf_counter()
        with ThreadPoolExecutor(CLIENTS) as pool:
            outcomes = list(pool.map(lambda number: _client(port, number, REQUESTS), range(CLIENTS)))
        rate = CLIENTS * REQUESTS / (time.perf_counter() - began)
        memory = max(_memory(), default=0) / 1e6
    took = [ms for times, _ in outcomes for ms in times]
    errors = sum(bad for _, bad in outcomes)
    p95 = float(np.percentile(took, 95))
    return [
        Row("server start until ready", ready, f"{ready:.1f} s", "≤ 3 s", ready <= 3),
        Row(f"reviews a second, {CLIENTS} clients, {WORKERS} workers", rate, f"{rate:.0f}/s", "≥ 60/s", rate >= 60),
        Row("errors under that load", errors, str(errors), "0", errors == 0),
        Row("latency under that load, p95", p95, f"{p95:.0f} ms"),
        Row("resident memory, largest worker", memory, f"{memory:.0f} MB", "≤ 450 MB", memory <= 450),
    ]


@contextmanager
def serving(workers: int) -> Iterator[int]:
    """The port of the real service in processes of its own. Raises RuntimeError if it isn't ready within a minute."""
    port = _free_port()
    command = [sys.executable, "-m", "app.cli", "serve", "--port", str(port), "--workers", str(workers)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    began = time.perf_counter()
    try:
        while not _ready(port):
            if time.perf_counter() - began > 60:
                raise RuntimeError("the server did not become ready within 60 s")
            time.sleep(0.02)
        yield port
    finally:
        for worker in psutil.Process(server.pid).children(recursive=True):
            worker.terminate()
        server.terminate()
        server.wait(10)


def _memory() -> list[int]:
    """Resident bytes of every process that this one started."""
    return [process.memory_info().rss for process in psutil.Process().children(recursive=True)]


def _client(port: int, number: int, requests: int) -> tuple[list[float], int]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    times, errors = [], 0
    for at in range(requests):
        body = json.dumps({"text": DRAFT.replace("9 days", f"{number * requests + at + 20} days")})
        began = time.perf_counter()
        connection.request("POST", "/v1/reviews", body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read()
        times.append((time.perf_counter() - began) * 1000)
        errors += answer.status != 200
    connection.close()
    return times, errors


def _ready(port: int) -> bool:
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except OSError:
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
