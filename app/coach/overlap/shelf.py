"""The stored OKRs of one cycle, each read once, so that a draft that is near some of them needn't read them again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from types import MappingProxyType

import numpy as np

from app.coach.nouns import Okr
from app.coach.overlap.plan import Plan, ReadOkr, Sums, WordVectors, assembled, read_okrs, sums
from app.services.embeddings import Encoder, Vectors


@dataclass(frozen=True, slots=True)
class Stored:
    """An OKR under its id; `stamp` changes whenever it does."""

    id: str
    stamp: Hashable
    okr: Okr


class Shelf:
    """OKRs by id, and in how many of their lines each word stands. Calls may come from several threads."""

    def __init__(self, encoder: Encoder, words: WordVectors) -> None:
        self._encoder = encoder
        self._words = words
        self._lock = Lock()
        self._read: dict[str, tuple[Stored, ReadOkr]] = {}
        self._counts: Counter[str] = Counter()
        self._sums: Sums | None = None
        self._lines = 0

    @property
    def lines(self) -> int:
        """How many lines it holds."""
        return self._lines

    def lacking(self, stamps: Mapping[str, Hashable]) -> list[str]:
        """The ids that it doesn't hold, or holds as they were under another stamp."""
        with self._lock:
            return [name for name, stamp in stamps.items() if not self._is(name, stamp)]

    def take(self, okrs: Sequence[Stored], known: Mapping[str, Vectors] = MappingProxyType({})) -> None:
        """Read OKRs and hold them in place of what they were; `known` as in `read_okrs`."""
        read = read_okrs([stored.okr for stored in okrs], self._encoder, known)
        self._words.learn({word for okr in read for said in okr.lines for word in said.terms})
        with self._lock:
            for stored, of in zip(okrs, read, strict=True):
                self._forget(stored.id)
                self._sum(of, 1)
                self._read[stored.id] = stored, of
                self._lines += len(of.lines)
                self._counts.update(word for said in of.lines for word in said.terms)

    def drop(self, ids: Iterable[str]) -> None:
        """Forget OKRs; ids that aren't there are no error."""
        with self._lock:
            for name in ids:
                self._forget(name)

    def plan(self, ids: Sequence[str]) -> tuple[Plan, list[Stored]]:
        """Those of the OKRs that are there, which the plan's places count in.

        How telling a word is goes by all that the shelf holds.
        """
        with self._lock:
            found = [self._read[name] for name in ids if name in self._read]
            around = (self._counts, self._lines, self._sums) if self._sums else None
        plan = assembled([read for _, read in found], self._words, around)
        return plan, [stored for stored, _ in found]

    def _is(self, name: str, stamp: Hashable) -> bool:
        held = self._read.get(name)
        return held is not None and held[0].stamp == stamp

    def _forget(self, name: str) -> None:
        held = self._read.pop(name, None)
        if held:
            self._lines -= len(held[1].lines)
            self._counts.subtract(word for said in held[1].lines for word in said.terms)
            self._sum(held[1], -1)

    def _sum(self, read: ReadOkr, sign: int) -> None:
        total, moment = sums(read.vectors * np.float32(sign))
        before = self._sums
        self._sums = (before[0] + total, before[1] + sign * moment) if before else (total, sign * moment)
