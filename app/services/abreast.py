"""The same work for several things at once, by threads that are shared by all who ask for as many."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

Thing = TypeVar("Thing")
Result = TypeVar("Result")


def abreast(work: Callable[[Thing], Result], things: Sequence[Thing], threads: int = 0) -> list[Result]:
    """What `work` gives for each of `things`, in their order, which is also the order in which they are begun.

    Up to `threads` are worked on at a time (0: one a core), one of them by whoever asks. Worth it for work that leaves
    Python, as onnxruntime, numpy and Chroma do. Raises what `work` raises.
    """
    helpers = at_once(threads) - 1
    results: dict[int, Result] = {}
    waiting = iter(range(len(things)))

    def take() -> None:
        for at in waiting:
            results[at] = work(things[at])

    helping = [_pool(helpers).submit(take) for _ in range(min(helpers, len(things) - 1))]
    take()
    for helped in helping:
        if not helped.cancel():
            helped.result()
    return [results[at] for at in range(len(things))]


def at_once(threads: int) -> int:
    """How many threads a setting means: 0 is one a core."""
    return threads or os.cpu_count() or 1


@cache
def _pool(helpers: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(helpers, "abreast")
