"""`/v2/check` as a grammar client asks it: over HTTP on loopback, every text different."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import numpy as np

from evals.bench.http import serving
from evals.bench.row import DRAFT, Row

CLIENTS, REQUESTS, ROUNDS, WORDS = 8, 100, 300, 3_000
SENTENCES = (
    "The truck came late on Tuesday and nobody at the warehouse knew why. "
    "I called the supplier, who said that the driver had waited an hour at the border. "
    "Please let me know whether you would rather move the meeting to the afternoon. "
)


def run() -> list[Row]:
    """One worker asked one after the other, then two workers under load."""
    with serving(workers=1) as port:
        alone = _client(port, 0, ROUNDS + 20, _okr)[20:]
        prose = _client(port, 1, 60, _prose)[10:]
    with serving(workers=2) as port:
        _client(port, 2, 20, _okr)
        began = time.perf_counter()
        with ThreadPoolExecutor(CLIENTS) as pool:
            list(pool.map(lambda number: _client(port, number + 3, REQUESTS, _okr), range(CLIENTS)))
        rate = CLIENTS * REQUESTS / (time.perf_counter() - began)
    p50, p99, long = (float(np.percentile(times, at)) for times, at in ((alone, 50), (alone, 99), (prose, 50)))
    return [
        Row("/v2/check, one OKR, one worker, p50", p50, f"{p50:.1f} ms", "≤ 12 ms", p50 <= 12),
        Row("/v2/check, one OKR, one worker, p99", p99, f"{p99:.1f} ms", "≤ 40 ms", p99 <= 40),
        Row("/v2/check a second, 8 clients, 2 workers, distinct texts", rate, f"{rate:.0f}/s", "≥ 80/s", rate >= 80),
        Row(f"/v2/check, {WORDS:,} words without an OKR, p50", long, f"{long:.1f} ms", "≤ 30 ms", long <= 30),
    ]


def _okr(number: int) -> str:
    return DRAFT.replace("9 days", f"{number + 20} days")


def _prose(number: int) -> str:
    words = (SENTENCES * (WORDS // len(SENTENCES.split()) + 1)).split()
    return f"Note {number}. " + " ".join(words[: WORDS - 2])


def _client(port: int, client: int, requests: int, text: Callable[[int], str]) -> list[float]:
    """Milliseconds of each request. Raises RuntimeError if an answer isn't what the text calls for."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    times = []
    for at in range(requests):
        body = urlencode({"text": text(client * 1_000 + at), "language": "en-US"})
        began = time.perf_counter()
        connection.request("POST", "/v2/check", body, {"Content-Type": "application/x-www-form-urlencoded"})
        answer = connection.getresponse()
        read = answer.read()
        times.append((time.perf_counter() - began) * 1000)
        if answer.status != 200 or bool(json.loads(read)["matches"]) != (text is _okr):
            raise RuntimeError(f"unexpected answer {answer.status} of /v2/check")
    connection.close()
    return times
