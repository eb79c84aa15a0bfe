"""Ids: random, and in order of their making, so that lists can be paged by them."""

from __future__ import annotations

import itertools
import secrets
import time

_COUNT = itertools.count(secrets.randbelow(1 << 16))


def new_id() -> str:
    """28 hexadecimal digits: milliseconds, a running number within this process, and 48 random bits."""
    return f"{time.time_ns() // 1_000_000:012x}{next(_COUNT) & 0xFFFF:04x}{secrets.token_hex(6)}"
