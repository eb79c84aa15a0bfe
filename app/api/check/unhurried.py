"""Rewrites for `/v2/check` where there is time for them.

Rewriting takes as long as several reviews, and a client that checks while somebody types wants its underlines at once.
So rewrites are made for a check that comes after a pause, which a person makes and a burst doesn't; what was
made before is kept for when the same OKRs are checked again.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence

from app.api.check.matches import Replacer
from app.coach.nouns import Target
from app.coach.report import Review

PAUSE = 0.25
KEPT = 256
LINES = 30

Found = Mapping[Target, Sequence[str]]


class Unhurried:
    """A replacer that finds nothing new within `pause` seconds of the check before, nor for more than `LINES` lines."""

    def __init__(
        self, replacer: Replacer, pause: float = PAUSE, kept: int = KEPT, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._replacer, self._pause, self._most, self._clock = replacer, pause, kept, clock
        self._kept: OrderedDict[tuple[tuple[str, ...], ...], Found] = OrderedDict()
        self._last = float("-inf")
        self._lock = threading.Lock()

    def __call__(self, review: Review) -> Found:
        """Rewrites of whole lines by the line they stand for."""
        key = tuple(tuple(line.text for line in okr.lines) for okr in review.draft.okrs)
        if sum(map(len, key)) > LINES:
            return {}
        with self._lock:
            hurried = self._clock() - self._last < self._pause
            self._last = self._clock()
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        if hurried:
            return {}
        found = self._replacer(review)
        with self._lock:
            self._last = self._clock()
            self._kept[key] = found
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return found
