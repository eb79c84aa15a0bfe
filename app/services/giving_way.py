"""Work on the models that can wait for work that can't: the map of a workshop and the reviews of its drafts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Lock

import numpy as np

from app.services.embeddings import Encoder, TextOrPair, Vectors

A_FEW = 16
LONGEST_WAIT = 0.5
"""Seconds for which one batch waits at most, so that what can wait is done at last."""


@dataclass
class Urgent:
    """What can't wait and is under way, counted."""

    _count: int = 0
    _lock: Lock = field(default_factory=Lock)
    _none: Event = field(default_factory=Event)

    def __post_init__(self) -> None:
        self._none.set()

    @contextmanager
    def work(self) -> Iterator[None]:
        """Something urgent is under way."""
        with self._lock:
            self._count += 1
            self._none.clear()
        try:
            yield
        finally:
            with self._lock:
                self._count -= 1
                if not self._count:
                    self._none.set()

    def wait(self, seconds: float) -> None:
        """Until nothing urgent is under way, or `seconds` are over."""
        self._none.wait(seconds)


class GivingWay:
    """An encoder that reads a few texts at a time and lets what is urgent go first. Not for the event loop's thread."""

    def __init__(self, encoder: Encoder, urgent: Urgent) -> None:
        self._encoder = encoder
        self._urgent = urgent
        self.name = encoder.name

    def encode(self, texts: Sequence[TextOrPair]) -> Vectors:
        """See `Encoder.encode`."""
        if not texts:
            return self._encoder.encode(texts)
        # By length, as the encoder does within a batch: padding costs.
        order = sorted(range(len(texts)), key=lambda at: sum(map(len, texts[at])))
        rows: list[Vectors] = []
        for at in range(0, len(order), A_FEW):
            self._urgent.wait(LONGEST_WAIT)
            rows.append(self._encoder.encode([texts[place] for place in order[at : at + A_FEW]]))
        found = np.concatenate(rows)
        return found[np.argsort(order)]
