"""Ids: random, and in order of their making, so that lists can be paged by them."""

from __future__ import annotations

import secrets
import time
from threading import Lock

_A_MILLISECOND = 1 << 16


class _Clock:
    """Counts up even when several are asked for in a millisecond, or the machine's clock is set back."""

    def __init__(self) -> None:
        self._last = 0
        self._lock = Lock()

    def tick(self) -> int:
        """Milliseconds since 1970 and, in the lowest 16 bits, a running number."""
        with self._lock:
            self._last = max(self._last + 1, time.time_ns() // 1_000_000 * _A_MILLISECOND)
            return self._last


_CLOCK = _Clock()


def new_id() -> str:
    """28 hexadecimal digits: milliseconds, a running number within this process, and 48 random bits."""
    return f"{_CLOCK.tick():016x}{secrets.token_hex(6)}"
